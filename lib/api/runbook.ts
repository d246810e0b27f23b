import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import {
  attachRuleSchema,
  incidentParameters,
  queryResultSchema,
  runbookLimits,
  runbookProblemSchema,
  stepOutcomeSchema,
} from "#lib/domain/runbook.ts";
import { requestJson, workspacePath } from "./request.ts";

const instant = z.iso.datetime();

const runbookSummarySchema = z.object({
  id: z.uuid(),
  title: z.string(),
  /** The newest; each is kept whole. */
  version: z.int(),
  /** Grows with every change; an edit names the one that it was made from. */
  revision: z.int(),
  owner: z.object({ kind: z.enum(["user", "team"]), id: z.uuid(), name: z.string() }).nullable(),
  /** A day, as 2027-02-01. */
  reviewBy: z.iso.date().nullable(),
  review: z.enum(["none", "fine", "soon", "due"]),
  attachRule: attachRuleSchema,
  /** The rule in words. */
  attachSentence: z.string(),
  isEnabled: z.boolean(),
  archivedAt: instant.nullable(),
  /** One of the ready ones, or made from it. */
  isReady: z.boolean(),
  /** Incidents that it was attached to, and when last. */
  useCount: z.int(),
  lastUsedAt: instant.nullable(),
  updatedAt: instant,
});
export type RunbookSummary = z.infer<typeof runbookSummarySchema>;

export const runbookListInput = z.object({
  state: z.enum(["current", "archived"]).default("current"),
});
export const runbookListOutput = z.object({
  runbooks: z.array(runbookSummarySchema),
  /** Ready ones that the workspace does not have. */
  readyCount: z.int(),
});

export const runbookInput = z.object({ runbookId: z.uuid() });
export const runbookOutput = runbookSummarySchema.extend({
  body: z.string(),
  createdBy: z.string(),
  /** Who wrote the newest version, when. */
  writtenBy: z.string(),
  writtenAt: instant,
});
export type Runbook = z.infer<typeof runbookOutput>;

export const createRunbookInput = z.object({
  title: z.string().trim().min(1).max(runbookLimits.titleLengthMax),
  body: z.string().max(runbookLimits.bodyLengthMax),
  ownerUserId: z.uuid().nullable().default(null),
  ownerTeamId: z.uuid().nullable().default(null),
  reviewBy: z.iso.date().nullable().default(null),
  /** Left out: it is attached by hand only. */
  attachRule: attachRuleSchema.optional(),
  isEnabled: z.boolean().default(true),
  /** What this version changes, for whoever reads the history. */
  note: z.string().trim().max(runbookLimits.changeNoteLengthMax).default(""),
});
export type RunbookDraft = z.input<typeof createRunbookInput>;

export const updateRunbookInput = createRunbookInput.extend({
  runbookId: z.uuid(),
  revision: z.int().min(1),
});
export const archiveRunbookInput = z.object({ runbookId: z.uuid(), isArchived: z.boolean() });

export const checkRunbookInput = z.object({ body: z.string().max(runbookLimits.bodyLengthMax) });
export const checkRunbookOutput = z.object({
  problems: z.array(runbookProblemSchema),
  steps: z.array(
    z.object({
      id: z.string(),
      number: z.int(),
      kind: z.enum(["manual", "query", "action"]),
      title: z.string(),
      line: z.int(),
    }),
  ),
});

export const addReadyRunbooksInput = z.object({});
export const addReadyRunbooksOutput = z.object({ addedCount: z.int() });

export const runbookVersionsOutput = z.object({
  versions: z.array(
    z.object({
      version: z.int(),
      title: z.string(),
      note: z.string(),
      createdBy: z.string(),
      createdAt: instant,
    }),
  ),
});
export type RunbookVersions = z.infer<typeof runbookVersionsOutput>;

const versionNumber = z.coerce.number().int().min(1);
export const runbookVersionInput = runbookInput.extend({ version: versionNumber });
export const runbookVersionOutput = z.object({
  version: z.int(),
  title: z.string(),
  body: z.string(),
  note: z.string(),
  createdBy: z.string(),
  createdAt: instant,
});

export const runbookDiffInput = runbookInput.extend({ from: versionNumber, until: versionNumber });
export const runbookDiffOutput = z.object({
  from: z.int(),
  until: z.int(),
  addedCount: z.int(),
  removedCount: z.int(),
  lines: z.array(
    z.object({
      kind: z.enum(["same", "added", "removed"]),
      text: z.string(),
      before: z.int().nullable(),
      after: z.int().nullable(),
    }),
  ),
});
export type RunbookDiff = z.infer<typeof runbookDiffOutput>;

const stepRecordSchema = z.object({
  id: z.uuid(),
  stepId: z.string(),
  outcome: stepOutcomeSchema,
  note: z.string(),
  result: queryResultSchema.nullable(),
  by: z.string(),
  at: instant,
});
export type StepRecord = z.infer<typeof stepRecordSchema>;

const incidentRunbookSchema = z.object({
  runbookId: z.uuid(),
  title: z.string(),
  /** As it was when it was attached; it does not change with the runbook. */
  version: z.int(),
  /** Greater than `version` where it was edited since; null: there is no such runbook any more. */
  newestVersion: z.int().nullable(),
  /** Why it is here: the rule in words, or who attached it. */
  reason: z.string(),
  attachedBy: z.string(),
  attachedAt: instant,
  body: z.string(),
  steps: z.array(
    z.object({
      id: z.string(),
      number: z.int(),
      kind: z.enum(["manual", "query", "action"]),
      title: z.string(),
      state: z.enum(["todo", "done", "skipped", "passed", "waiting"]),
    }),
  ),
  /** Null: its end was reached. */
  nextStepId: z.string().nullable(),
  /** In the order in which they were written down. */
  records: z.array(stepRecordSchema),
});
export type IncidentRunbook = z.infer<typeof incidentRunbookSchema>;

const parametersSchema = z.record(z.enum(incidentParameters), z.string().nullable());

const incidentNumber = { incident: z.coerce.number().int().min(1) };
export const incidentRunbooksInput = z.object(incidentNumber);
export const incidentRunbooksOutput = z.object({
  /** The most fitting first. */
  runbooks: z.array(incidentRunbookSchema),
  /** What {{incident.model}} and the others stand for. */
  parameters: parametersSchema,
});
export type IncidentRunbooks = z.infer<typeof incidentRunbooksOutput>;

export const attachRunbookInput = z.object({ ...incidentNumber, runbookId: z.uuid() });

const stepInput = z.object({
  ...incidentNumber,
  runbookId: z.uuid(),
  stepId: z.string().min(1).max(runbookLimits.stepIdLengthMax),
});
export const checkOffInput = stepInput.extend({
  /** `reopened` takes back what was said before. A reason is due to skip and to reopen. */
  outcome: z.enum(["done", "skipped", "reopened"]),
  note: z.string().trim().max(runbookLimits.noteLengthMax).default(""),
});
export const askStepInput = stepInput.extend({
  /** Instead of what the incident is about, where it names none. */
  feature: z.string().min(1).max(128).optional(),
});

const runbooksPath = (workspace: string) => `${workspacePath(workspace)}/runbooks`;
const runbookPath = (workspace: string, runbookId: string) =>
  `${runbooksPath(workspace)}/${runbookId}`;
const incidentRunbooksPath = (workspace: string, incident: number) =>
  `${workspacePath(workspace)}/incidents/${incident}/runbooks`;

export const runbookListQuery = (workspace: string, state: "current" | "archived") =>
  queryOptions({
    queryKey: ["runbook", workspace, "list", state],
    queryFn: ({ signal }) =>
      requestJson({
        path: runbooksPath(workspace),
        query: { state },
        output: runbookListOutput,
        signal,
      }),
  });

export const runbookQuery = (workspace: string, runbookId: string) =>
  queryOptions({
    queryKey: ["runbook", workspace, "one", runbookId],
    queryFn: ({ signal }) =>
      requestJson({ path: runbookPath(workspace, runbookId), output: runbookOutput, signal }),
  });

export const runbookVersionsQuery = (workspace: string, runbookId: string) =>
  queryOptions({
    queryKey: ["runbook", workspace, "versions", runbookId],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${runbookPath(workspace, runbookId)}/versions`,
        output: runbookVersionsOutput,
        signal,
      }),
  });

export const runbookDiffQuery = (
  workspace: string,
  runbookId: string,
  versions: { from: number; until: number },
) =>
  queryOptions({
    queryKey: ["runbook", workspace, "diff", runbookId, versions],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${runbookPath(workspace, runbookId)}/diff`,
        query: versions,
        output: runbookDiffOutput,
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const createRunbook = (workspace: string, draft: RunbookDraft): Promise<Runbook> =>
  requestJson({
    path: runbooksPath(workspace),
    method: "POST",
    body: draft,
    output: runbookOutput,
  });

export const updateRunbook = (
  workspace: string,
  runbookId: string,
  draft: RunbookDraft & { revision: number },
): Promise<Runbook> =>
  requestJson({
    path: runbookPath(workspace, runbookId),
    method: "PATCH",
    body: draft,
    output: runbookOutput,
  });

export const archiveRunbook = (
  workspace: string,
  runbookId: string,
  isArchived: boolean,
): Promise<Runbook> =>
  requestJson({
    path: `${runbookPath(workspace, runbookId)}/archive`,
    method: "POST",
    body: { isArchived },
    output: runbookOutput,
  });

export const addReadyRunbooks = (workspace: string) =>
  requestJson({
    path: `${runbooksPath(workspace)}/ready`,
    method: "POST",
    body: {},
    output: addReadyRunbooksOutput,
  });

const refetchMs = 10_000;

export const incidentRunbooksQuery = (workspace: string, incident: number) =>
  queryOptions({
    queryKey: ["incident", workspace, incident, "runbooks"],
    queryFn: ({ signal }) =>
      requestJson({
        path: incidentRunbooksPath(workspace, incident),
        output: incidentRunbooksOutput,
        signal,
      }),
    refetchInterval: refetchMs,
  });

export const attachRunbook = (
  workspace: string,
  incident: number,
  runbookId: string,
): Promise<IncidentRunbooks> =>
  requestJson({
    path: incidentRunbooksPath(workspace, incident),
    method: "POST",
    body: { runbookId },
    output: incidentRunbooksOutput,
  });

interface StepAddress {
  runbookId: string;
  stepId: string;
}

export const checkOffStep = (
  workspace: string,
  incident: number,
  { runbookId, stepId }: StepAddress,
  body: Pick<z.input<typeof checkOffInput>, "outcome" | "note">,
): Promise<IncidentRunbooks> =>
  requestJson({
    path: `${incidentRunbooksPath(workspace, incident)}/${runbookId}/steps/${stepId}`,
    method: "POST",
    body,
    output: incidentRunbooksOutput,
  });

export const askStep = (
  workspace: string,
  incident: number,
  { runbookId, stepId }: StepAddress,
  body: { feature?: string },
): Promise<IncidentRunbooks> =>
  requestJson({
    path: `${incidentRunbooksPath(workspace, incident)}/${runbookId}/steps/${stepId}/ask`,
    method: "POST",
    body,
    output: incidentRunbooksOutput,
  });
