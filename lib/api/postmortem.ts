import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import {
  acceptanceResultSchema,
  actionItemKindSchema,
  actionItemStateSchema,
  prioritySchema,
} from "#lib/domain/action-item.ts";
import {
  incidentStateSchema,
  incidentVerdictSchema,
  severitySchema,
} from "#lib/domain/incident.ts";
import { monitorQuestionSchema } from "#lib/domain/monitor-definition.ts";
import {
  detectionSchema,
  factorSchema,
  impactFiguresSchema,
  postmortemLimits,
  postmortemStateSchema,
  sectionKindSchema,
  templateSectionsSchema,
} from "#lib/domain/postmortem.ts";
import { requestJson, workspacePath } from "./request.ts";

const instant = z.iso.datetime();
const moment = z.iso.datetime({ offset: true });

export const templateOutput = z.object({
  sections: templateSectionsSchema,
  /** 0: the product's own, which nobody has changed yet. */
  version: z.int(),
  updatedBy: z.string().nullable(),
  updatedAt: instant.nullable(),
});
export type PostmortemTemplate = z.infer<typeof templateOutput>;

export const updateTemplateInput = z.object({
  sections: templateSectionsSchema,
  /** That was edited: another one since is a conflict. */
  version: z.int().min(0),
});

const incidentFactsSchema = z.object({
  number: z.int(),
  title: z.string(),
  severity: severitySchema,
  state: incidentStateSchema,
  verdict: incidentVerdictSchema.nullable(),
  model: z.string().nullable(),
  environment: z.string(),
  segment: z.object({ key: z.string(), value: z.string() }).nullable(),
  impactStartedAt: instant.nullable(),
  detectedAt: instant,
  acknowledgedAt: instant.nullable(),
  mitigatedAt: instant.nullable(),
  resolvedAt: instant.nullable(),
});

const sectionSchema = z.object({
  key: z.string(),
  title: z.string(),
  guidance: z.string(),
  kind: sectionKindSchema,
  isRequired: z.boolean(),
  text: z.string(),
  /** The text with its variables filled in. */
  filled: z.string(),
  factors: z.array(factorSchema),
  /** Grows with every edit of this section. */
  revision: z.int(),
  updatedBy: z.string(),
  updatedAt: instant,
});
export type PostmortemSection = z.infer<typeof sectionSchema>;

const entrySchema = z.object({
  id: z.uuid(),
  occurredAt: instant,
  text: z.string(),
  /** What it says on the incident's timeline; null of one that was added here. */
  originalText: z.string().nullable(),
  link: z.string(),
  isIncluded: z.boolean(),
  revision: z.int(),
  updatedBy: z.string(),
});
export type PostmortemEntry = z.infer<typeof entrySchema>;

const itemSchema = z.object({
  number: z.int(),
  title: z.string(),
  kind: actionItemKindSchema,
  priority: prioritySchema,
  state: actionItemStateSchema,
  owner: z.string().nullable(),
  dueOn: z.string().nullable(),
  trackerUrl: z.string(),
  hasTest: z.boolean(),
  testResult: acceptanceResultSchema.nullable(),
});

/** What a postmortem says: live until it is published, and as it was then from there on. */
export const postmortemContentSchema = z.object({
  incident: incidentFactsSchema,
  title: z.string(),
  sections: z.array(sectionSchema),
  entries: z.array(entrySchema),
  impact: impactFiguresSchema,
  detection: detectionSchema.nullable(),
  /** What {{names}} in texts stand for. */
  variables: z.record(z.string(), z.string()),
  items: z.array(itemSchema),
});
export type PostmortemContent = z.infer<typeof postmortemContentSchema>;

const commentSchema = z.object({
  id: z.uuid(),
  sectionKey: z.string(),
  text: z.string(),
  createdBy: z.string(),
  createdAt: instant,
  resolvedBy: z.string().nullable(),
  resolvedAt: instant.nullable(),
});
export type PostmortemComment = z.infer<typeof commentSchema>;

const candidateSchema = z.object({
  id: z.uuid(),
  name: z.string().trim().min(1).max(120),
  question: monitorQuestionSchema,
});
export type PostmortemCandidate = Omit<z.infer<typeof candidateSchema>, "id"> & { id?: string };

export const postmortemOutput = postmortemContentSchema.extend({
  state: postmortemStateSchema,
  /** From 1; the one that is shown. */
  edition: z.int(),
  /** Shown as it was published, and not as things stand. */
  isFrozen: z.boolean(),
  revision: z.int(),
  owner: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  reviewers: z.array(
    z.object({
      userId: z.uuid(),
      name: z.string(),
      approvedAt: instant.nullable(),
      /** Nothing was changed since it was approved. */
      isCurrent: z.boolean(),
    }),
  ),
  candidates: z.array(candidateSchema),
  /** Entries that the incident's timeline has got since. */
  newEntryCount: z.int(),
  comments: z.array(commentSchema),
  /** What keeps it from being published, all of it. */
  blockers: z.array(z.object({ path: z.string(), message: z.string() })),
  editions: z.array(
    z.object({
      edition: z.int(),
      publishedBy: z.string(),
      publishedAt: instant,
      withdrawnReason: z.string().nullable(),
      withdrawnBy: z.string().nullable(),
      withdrawnAt: instant.nullable(),
    }),
  ),
  createdBy: z.string(),
  createdAt: instant,
  updatedAt: instant,
  publishedAt: instant.nullable(),
});
export type Postmortem = z.infer<typeof postmortemOutput>;

const summarySchema = z.object({
  incident: z.int(),
  title: z.string(),
  state: postmortemStateSchema,
  edition: z.int(),
  severity: severitySchema,
  model: z.string().nullable(),
  owner: z.string().nullable(),
  resolvedAt: instant.nullable(),
  updatedAt: instant,
  publishedAt: instant.nullable(),
  openItemCount: z.int(),
  itemCount: z.int(),
});
export type PostmortemSummary = z.infer<typeof summarySchema>;

export const postmortemListInput = z.object({
  state: postmortemStateSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(200),
});
export const postmortemListOutput = z.object({
  postmortems: z.array(summarySchema),
  /** Of the whole workspace, whatever was asked. */
  counts: z.object({ draft: z.int(), in_review: z.int(), published: z.int() }),
  /** Incidents of the two worst severities that are over and have none. */
  unwrittenCount: z.int(),
});
export type PostmortemList = z.infer<typeof postmortemListOutput>;

/** A postmortem is named by the number of its incident. */
export const postmortemInput = z.object({ incident: z.coerce.number().int().min(1) });
export const getPostmortemInput = postmortemInput.extend({
  /** One that was published before; left out: as it stands. */
  edition: z.coerce.number().int().min(1).optional(),
});
export const createPostmortemInput = z.object({ incident: z.int().min(1) });

/** Of an incident's page: null where nobody has begun one. */
export const postmortemStatusOutput = z.object({
  postmortem: summarySchema.nullable(),
  /** Why none can be begun yet; null: one can, or there is one. */
  refusal: z.string().nullable(),
  openItems: z.array(itemSchema),
});

export const updatePostmortemInput = postmortemInput.extend({
  revision: z.int(),
  title: z.string().trim().min(1).max(postmortemLimits.titleLengthMax).optional(),
  ownerUserId: z.uuid().nullable().optional(),
  reviewerIds: z.array(z.uuid()).max(postmortemLimits.reviewersMax).optional(),
  /** All that are considered; one without an id is new. */
  candidates: z
    .array(candidateSchema.extend({ id: z.uuid().optional() }))
    .max(postmortemLimits.candidatesMax)
    .optional(),
});
export const revisionOutput = z.object({ revision: z.int() });

export const updateSectionInput = postmortemInput.extend({
  section: z.string().min(1).max(60),
  text: z.string().max(postmortemLimits.textLengthMax),
  factors: z.array(factorSchema).max(postmortemLimits.factorsMax).optional(),
  /** Of the section as it was read. */
  revision: z.int(),
});
/** A second writer gets 412; what the first wrote is read again by the section's own address. */
export const sectionInput = postmortemInput.extend({ section: z.string().min(1).max(60) });
export const sectionOutput = sectionSchema.extend({
  /** Words that put somebody rather than something in the wrong. Never a refusal. */
  warnings: z.array(
    z.object({
      rule: z.string(),
      /** `text`, or `factors.0` and so on. */
      field: z.string(),
      from: z.int(),
      until: z.int(),
      found: z.string(),
      suggestion: z.string(),
    }),
  ),
});

const entryFields = {
  occurredAt: moment,
  text: z.string().trim().min(1).max(postmortemLimits.entryLengthMax),
  link: z.union([
    z.literal(""),
    z
      .string()
      .max(2_048)
      .regex(/^https?:\/\/\S+$/, "expected an address that begins with https:// or http://"),
  ]),
};
export const addEntryInput = postmortemInput.extend({
  ...entryFields,
  link: entryFields.link.default(""),
});
export const updateEntryInput = postmortemInput.extend({
  entryId: z.uuid(),
  revision: z.int(),
  occurredAt: entryFields.occurredAt.optional(),
  text: entryFields.text.optional(),
  link: entryFields.link.optional(),
  isIncluded: z.boolean().optional(),
});
export const entryOutput = entrySchema;
export const importEntriesOutput = z.object({ addedCount: z.int() });

export const postmortemActionInput = postmortemInput.extend({
  action: z.enum(["submit", "return", "approve", "publish", "unpublish"]),
  /** Due to unpublish. */
  reason: z.string().trim().min(1).max(postmortemLimits.reasonLengthMax).optional(),
});
export type PostmortemAction = z.infer<typeof postmortemActionInput>["action"];
export const postmortemActionOutput = z.object({
  state: postmortemStateSchema,
  edition: z.int(),
  revision: z.int(),
});

export const addCommentInput = postmortemInput.extend({
  sectionKey: z.string().min(1).max(60),
  text: z.string().trim().min(1).max(postmortemLimits.commentLengthMax),
});
export const addCommentOutput = z.object({ id: z.uuid() });
export const resolveCommentInput = postmortemInput.extend({
  commentId: z.uuid(),
  isResolved: z.boolean(),
});

export const replayDetectionOutput = detectionSchema;

export const exportPostmortemInput = getPostmortemInput.extend({
  format: z.enum(["markdown", "json"]).default("markdown"),
});
export const exportPostmortemOutput = z.object({
  fileName: z.string(),
  mediaType: z.string(),
  content: z.string(),
});

const base = (workspace: string) => `${workspacePath(workspace)}/postmortems`;
const path = (workspace: string, incident: number) => `${base(workspace)}/${incident}`;

export const templateQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["postmortem", workspace, "template"],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${workspacePath(workspace)}/postmortem-template`,
        output: templateOutput,
        signal,
      }),
  });

export const updateTemplate = (workspace: string, body: z.input<typeof updateTemplateInput>) =>
  requestJson({
    path: `${workspacePath(workspace)}/postmortem-template`,
    method: "PATCH",
    body,
    output: templateOutput,
  });

export const postmortemListQuery = (
  workspace: string,
  filter: z.input<typeof postmortemListInput> = {},
) =>
  queryOptions({
    queryKey: ["postmortem", workspace, "list", filter],
    queryFn: ({ signal }) =>
      requestJson({
        path: base(workspace),
        query: { state: filter.state },
        output: postmortemListOutput,
        signal,
      }),
  });

export const postmortemQuery = (workspace: string, incident: number, edition?: number) =>
  queryOptions({
    queryKey: ["postmortem", workspace, "one", incident, edition ?? null],
    queryFn: ({ signal }) =>
      requestJson({
        path: path(workspace, incident),
        query: { edition },
        output: postmortemOutput,
        signal,
      }),
  });

export const postmortemStatusQuery = (workspace: string, incident: number) =>
  queryOptions({
    queryKey: ["postmortem", workspace, "status", incident],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${path(workspace, incident)}/status`,
        output: postmortemStatusOutput,
        signal,
      }),
    // Whether one can be begun hangs on the incident, which ends by itself.
    refetchInterval: 10_000,
  });

export const createPostmortem = (workspace: string, incident: number) =>
  requestJson({
    path: base(workspace),
    method: "POST",
    body: { incident },
    output: revisionOutput,
  });

export type PostmortemPatch = Omit<z.input<typeof updatePostmortemInput>, "incident">;
export const updatePostmortem = (workspace: string, incident: number, body: PostmortemPatch) =>
  requestJson({
    path: path(workspace, incident),
    method: "PATCH",
    body,
    output: revisionOutput,
  });

export const fetchSection = (workspace: string, incident: number, section: string) =>
  requestJson({
    path: `${path(workspace, incident)}/sections/${encodeURIComponent(section)}`,
    output: sectionOutput,
  });

export type SectionPatch = Omit<z.input<typeof updateSectionInput>, "incident" | "section">;
export const updateSection = (
  workspace: string,
  incident: number,
  section: string,
  body: SectionPatch,
) =>
  requestJson({
    path: `${path(workspace, incident)}/sections/${encodeURIComponent(section)}`,
    method: "PATCH",
    body,
    output: sectionOutput,
  });

export const addEntry = (
  workspace: string,
  incident: number,
  body: Omit<z.input<typeof addEntryInput>, "incident">,
) =>
  requestJson({
    path: `${path(workspace, incident)}/timeline`,
    method: "POST",
    body,
    output: entryOutput,
  });

export type EntryPatch = Omit<z.input<typeof updateEntryInput>, "incident" | "entryId">;
export const updateEntry = (
  workspace: string,
  incident: number,
  entryId: string,
  body: EntryPatch,
) =>
  requestJson({
    path: `${path(workspace, incident)}/timeline/${entryId}`,
    method: "PATCH",
    body,
    output: entryOutput,
  });

export const importEntries = (workspace: string, incident: number) =>
  requestJson({
    path: `${path(workspace, incident)}/timeline/import`,
    method: "POST",
    body: {},
    output: importEntriesOutput,
  });

export const replayDetection = (workspace: string, incident: number) =>
  requestJson({
    path: `${path(workspace, incident)}/detection`,
    method: "POST",
    body: {},
    output: replayDetectionOutput,
  });

export const actOnPostmortem = (
  workspace: string,
  incident: number,
  body: { action: PostmortemAction; reason?: string },
) =>
  requestJson({
    path: `${path(workspace, incident)}/actions`,
    method: "POST",
    body,
    output: postmortemActionOutput,
  });

export const addComment = (
  workspace: string,
  incident: number,
  body: { sectionKey: string; text: string },
) =>
  requestJson({
    path: `${path(workspace, incident)}/comments`,
    method: "POST",
    body,
    output: addCommentOutput,
  });

export const resolveComment = (
  workspace: string,
  incident: number,
  commentId: string,
  isResolved: boolean,
) =>
  requestJson({
    path: `${path(workspace, incident)}/comments/${commentId}`,
    method: "PATCH",
    body: { isResolved },
    output: z.undefined(),
  });

export const exportPostmortem = (
  workspace: string,
  incident: number,
  query: { format: "markdown" | "json"; edition?: number },
) =>
  requestJson({
    path: `${path(workspace, incident)}/export`,
    query,
    output: exportPostmortemOutput,
  });
