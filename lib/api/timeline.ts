import { z } from "zod";
import { timelineKindSchema } from "#lib/domain/incident.ts";
import { timelineDetailSchema } from "#lib/domain/timeline-detail.ts";
import { requestJson, workspacePath } from "./request.ts";

const instant = z.iso.datetime();
const moment = z.iso.datetime({ offset: true });

const actorSchema = z.object({
  kind: z.enum(["user", "key", "job", "outside"]),
  name: z.string(),
  via: z.enum(["console", "api", "slack", "pagerduty", "worker"]),
});

export const timelineEntrySchema = z.object({
  id: z.uuid(),
  kind: timelineKindSchema,
  text: z.string(),
  actor: actorSchema,
  detail: timelineDetailSchema.nullable(),
  occurredAt: instant,
  /** Later than it happened where somebody wrote it down afterwards. */
  recordedAt: instant,
  /** 1 as it was written; a correction of a note is one more. */
  revision: z.int(),
  /** What it said before, the original first, each with whoever wrote it. */
  earlier: z.array(
    z.object({
      revision: z.int(),
      text: z.string(),
      occurredAt: instant,
      by: z.string(),
      recordedAt: instant,
    }),
  ),
  /** Who wrote what it says now, where that is a correction. */
  correctedBy: z.string().nullable(),
  pin: z.object({ by: z.string(), at: instant }).nullable(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

export const timelineOutput = z.object({ timeline: z.array(timelineEntrySchema) });

const incident = z.coerce.number().int().min(1);
const noteText = z.string().trim().min(1).max(10_000);

export const noteInput = z.object({
  incident,
  text: noteText,
  /** When it happened, if that was earlier than now. */
  occurredAt: moment.optional(),
});

export const updateEntryInput = z.object({
  incident,
  entryId: z.uuid(),
  isPinned: z.boolean().optional(),
  /** Of a note alone. */
  text: noteText.optional(),
  occurredAt: moment.optional(),
  /** Due with a text or a moment: the one that was read. */
  revision: z.int().min(1).optional(),
});
export type EntryPatch = Omit<z.input<typeof updateEntryInput>, "incident" | "entryId">;

/** As the pictures of an incident are named. */
const imageHashSchema = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hex digits");
export const imageInput = z.object({ incident, imageHash: imageHashSchema });
export const addImageInput = z.object({ incident });
export const addImageOutput = z.object({
  hash: imageHashSchema,
  width: z.int(),
  height: z.int(),
  /** What stands in a note to show it. */
  markdown: z.string(),
});

const incidentPath = (workspace: string, number: number) =>
  `${workspacePath(workspace)}/incidents/${number}`;

export const addNote = (
  workspace: string,
  number: number,
  note: { text: string; occurredAt?: string },
) =>
  requestJson({
    path: `${incidentPath(workspace, number)}/notes`,
    method: "POST",
    body: note,
    output: timelineOutput,
  });

export const updateEntry = (
  workspace: string,
  number: number,
  entryId: string,
  patch: EntryPatch,
) =>
  requestJson({
    path: `${incidentPath(workspace, number)}/timeline/${entryId}`,
    method: "PATCH",
    body: patch,
    output: timelineOutput,
  });

/** Where a browser finds a picture. */
export const imageUrl = (workspace: string, number: number, hash: string): string =>
  `/api/v1${incidentPath(workspace, number)}/images/${hash}`;

export async function addImage(workspace: string, number: number, file: Blob) {
  return requestJson({
    path: `${incidentPath(workspace, number)}/images`,
    method: "POST",
    file,
    output: addImageOutput,
  });
}
