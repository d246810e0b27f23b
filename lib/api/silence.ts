import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { severitySchema } from "#lib/domain/incident.ts";
import {
  silenceLimits,
  silenceMatcherSchema,
  silenceRecurrenceSchema,
  silenceStateSchema,
} from "#lib/domain/silence.ts";
import { requestJson, workspacePath } from "./request.ts";

const silenceSchema = z.object({
  id: z.uuid(),
  matchers: z.array(silenceMatcherSchema),
  /** The matchers in words. */
  sentence: z.string(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  /** When somebody ended it before its time, and who. */
  expiredAt: z.iso.datetime().nullable(),
  expiredBy: z.string().nullable(),
  quietMinutes: z.int().nullable(),
  recurrence: silenceRecurrenceSchema.nullable(),
  reason: z.string(),
  ticket: z.string(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  state: silenceStateSchema,
  /** When it is over for good, as things stand. */
  overAt: z.iso.datetime(),
  /** Of maintenance: its window that is open, or comes next. */
  nextFrom: z.iso.datetime().nullable(),
  nextUntil: z.iso.datetime().nullable(),
  hiddenAlertCount: z.int(),
  lastHidAt: z.iso.datetime().nullable(),
});
export type SilenceRow = z.infer<typeof silenceSchema>;

export const silenceListInput = z.object({ state: z.enum(["open", "ended"]).default("open") });
export const silenceListOutput = z.object({ silences: z.array(silenceSchema) });

const matchers = z.array(silenceMatcherSchema).min(1).max(silenceLimits.matchersMax);

export const createSilenceInput = z.object({
  matchers,
  /** Now, when it is left out. */
  startsAt: z.iso.datetime().optional(),
  endsAt: z.iso.datetime(),
  quietMinutes: z.int().min(1).max(43_200).nullable().default(null),
  recurrence: silenceRecurrenceSchema.nullable().default(null),
  reason: z.string().trim().min(1).max(silenceLimits.reasonLengthMax),
  ticket: z.string().trim().max(silenceLimits.valueLengthMax).default(""),
});
export const createSilenceOutput = z.object({ silence: silenceSchema });

export const previewSilenceInput = z.object({ matchers });
/** What fires now and would be hidden, worst first. */
export const previewSilenceOutput = z.object({
  alertCount: z.int(),
  alerts: z.array(
    z.object({
      alertId: z.uuid(),
      monitorName: z.string(),
      target: z.string(),
      severity: severitySchema,
    }),
  ),
  /** How many alerts it would have hidden in the last seven days. */
  weekAlertCount: z.int(),
});
export type SilencePreview = z.infer<typeof previewSilenceOutput>;

export const getSilenceInput = z.object({ silenceId: z.uuid() });
export const getSilenceOutput = z.object({
  silence: silenceSchema,
  /** What it hid, last first; at most 200 of them. */
  hidden: z.array(
    z.object({
      alertId: z.uuid(),
      sentence: z.string(),
      firstHiddenAt: z.iso.datetime(),
      lastHiddenAt: z.iso.datetime(),
    }),
  ),
});
export type SilenceDetail = z.infer<typeof getSilenceOutput>;

/** One that has ended is not brought back: make a new one. */
export const updateSilenceInput = z.object({
  silenceId: z.uuid(),
  endsAt: z.iso.datetime(),
});
export const expireSilenceInput = z.object({ silenceId: z.uuid() });

const silencesPath = (workspace: string) => `${workspacePath(workspace)}/silences`;

export const silenceListQuery = (workspace: string, state: "open" | "ended") =>
  queryOptions({
    queryKey: ["silence", workspace, "list", state],
    queryFn: ({ signal }) =>
      requestJson({
        path: silencesPath(workspace),
        query: { state },
        output: silenceListOutput,
        signal,
      }),
  });

export const silenceQuery = (workspace: string, silenceId: string) =>
  queryOptions({
    queryKey: ["silence", workspace, "one", silenceId],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${silencesPath(workspace)}/${silenceId}`,
        output: getSilenceOutput,
        signal,
      }),
  });

export const silencePreviewQuery = (workspace: string, matchersNow: z.infer<typeof matchers>) =>
  queryOptions({
    queryKey: ["silence", workspace, "preview", matchersNow],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${silencesPath(workspace)}/preview`,
        method: "POST",
        body: { matchers: matchersNow },
        output: previewSilenceOutput,
        signal,
      }),
  });

export const createSilence = (workspace: string, body: z.input<typeof createSilenceInput>) =>
  requestJson({
    path: silencesPath(workspace),
    method: "POST",
    body,
    output: createSilenceOutput,
  });

export const updateSilence = (workspace: string, silenceId: string, endsAt: string) =>
  requestJson({
    path: `${silencesPath(workspace)}/${silenceId}`,
    method: "PATCH",
    body: { endsAt },
    output: createSilenceOutput,
  });

export const expireSilence = (workspace: string, silenceId: string) =>
  requestJson({
    path: `${silencesPath(workspace)}/${silenceId}`,
    method: "DELETE",
    output: z.undefined(),
  });
