import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import {
  actionDefinitionSchema,
  actionKindSchema,
  actionLimits,
  actionRunModeSchema,
  actionRunStateSchema,
  checkResultSchema,
} from "#lib/domain/action.ts";
import { addressSchema } from "#lib/domain/destination.ts";
import { slugSchema } from "#lib/domain/id.ts";
import { requestJson, workspacePath } from "./request.ts";

const actionSchema = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  kind: actionKindSchema,
  /** Where it goes, without what lets in whoever knows it. */
  address: z.string(),
  definition: actionDefinitionSchema,
  hasToken: z.boolean(),
  isEnabled: z.boolean(),
  revision: z.int(),
  updatedAt: z.iso.datetime(),
  lastRun: z.object({ state: actionRunStateSchema, requestedAt: z.iso.datetime() }).nullable(),
});
export type Action = z.infer<typeof actionSchema>;

export const actionListInput = z.object({});
export const actionListOutput = z.object({ actions: z.array(actionSchema) });

const nameSchema = z.string().trim().min(1).max(actionLimits.nameLengthMax);
const tokenSchema = z
  .string()
  .min(1)
  .max(2_000)
  .regex(/^[\x21-\x7e]+$/, "expected printable characters without spaces");

export const createActionInput = z.object({
  slug: slugSchema,
  name: nameSchema,
  url: addressSchema,
  /** Sent as authorization, for endpoints that verify no signature. */
  bearerToken: tokenSchema.nullable().default(null),
  definition: actionDefinitionSchema,
});
export const createActionOutput = z.object({
  action: actionSchema,
  /** Verifies our calls, and signs the reports that come back; shown once. */
  secret: z.string(),
});

export const actionInput = z.object({ actionId: z.uuid() });

/** What is left out stays. */
export const updateActionInput = actionInput.extend({
  revision: z.int(),
  name: nameSchema.optional(),
  url: addressSchema.optional(),
  /** Null takes it away. */
  bearerToken: tokenSchema.nullable().optional(),
  isEnabled: z.boolean().optional(),
  definition: actionDefinitionSchema.optional(),
});
export const updateActionOutput = z.object({ action: actionSchema });

export const rotateActionOutput = z.object({
  secret: z.string(),
  /** The one before signs beside it until then. */
  previousUntil: z.iso.datetime(),
});

const personSchema = z.object({ kind: z.string(), name: z.string() });

const actionRunSchema = z.object({
  id: z.uuid(),
  position: z.int(),
  action: z.string(),
  actionName: z.string(),
  kind: actionKindSchema,
  incident: z.int().nullable(),
  stepId: z.string().nullable(),
  /** A reaction asked for it. */
  isReaction: z.boolean(),
  mode: actionRunModeSchema,
  state: actionRunStateSchema,
  /** What the newest step of it says. */
  sentence: z.string(),
  reason: z.string(),
  requestedBy: personSchema,
  requestedAt: z.iso.datetime(),
  decidedBy: personSchema.nullable(),
  decidedAt: z.iso.datetime().nullable(),
  checks: z.array(checkResultSchema),
  attempt: z.int(),
  status: z.int().nullable(),
  answer: z.string(),
  /** When something comes of it by itself: it expires, is reported late, or is verified. */
  dueAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  /** What whoever asks may do with it now. */
  may: z.object({
    approve: z.boolean(),
    /** Why not, where it waits for somebody else. */
    approveReason: z.string().nullable(),
    cancel: z.boolean(),
    settle: z.boolean(),
  }),
});
export type ActionRun = z.infer<typeof actionRunSchema>;

export const requestRunInput = z.object({
  /** The action's slug. */
  action: slugSchema,
  incident: z.int().min(1),
  /** The step of a runbook that asks for it. */
  stepId: z.string().min(1).max(128).nullable().default(null),
  reason: z.string().trim().max(actionLimits.reasonLengthMax).default(""),
});
export const runOutput = z.object({ run: actionRunSchema });

export const runInput = z.object({ runId: z.uuid() });
export const decideRunInput = runInput.extend({
  decision: z.enum(["approve", "decline", "cancel"]),
  reason: z.string().trim().max(actionLimits.reasonLengthMax).default(""),
});
export type RunDecision = z.input<typeof decideRunInput>["decision"];
export const settleRunInput = runInput.extend({
  finding: z.enum(["was_done", "was_not_done", "send_again"]),
});
export type RunFinding = z.input<typeof settleRunInput>["finding"];

export const runListInput = z.object({
  action: slugSchema.optional(),
  incident: z.coerce.number().int().min(1).optional(),
  stepId: z.string().max(128).optional(),
  /** `open`: not over. `unknown`: a person has to say. */
  state: z.enum(["open", "waiting", "unknown", "failed", "all"]).default("all"),
  before: z.coerce.number().int().optional(),
});
export const runListOutput = z.object({
  runs: z.array(actionRunSchema),
  /** For the next page; null: there is none. */
  next: z.int().nullable(),
});
export type RunListState = z.output<typeof runListInput>["state"];

export const runDetailOutput = z.object({
  run: actionRunSchema,
  /** As it was sent; empty where nothing was. */
  body: z.string(),
  events: z.array(
    z.object({
      state: actionRunStateSchema,
      sentence: z.string(),
      by: z.string(),
      at: z.iso.datetime(),
    }),
  ),
});

const actionsPath = (workspace: string) => `${workspacePath(workspace)}/actions`;
const runsPath = (workspace: string) => `${workspacePath(workspace)}/action-runs`;

export const actionListQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["action", workspace, "list"],
    queryFn: ({ signal }) =>
      requestJson({ path: actionsPath(workspace), output: actionListOutput, signal }),
  });

export const runListQuery = (workspace: string, filter: z.input<typeof runListInput>) =>
  queryOptions({
    queryKey: ["action", workspace, "runs", filter],
    queryFn: ({ signal }) =>
      requestJson({
        path: runsPath(workspace),
        query: filter as Record<string, string | number | undefined>,
        output: runListOutput,
        signal,
      }),
  });

export const runQuery = (workspace: string, runId: string) =>
  queryOptions({
    queryKey: ["action", workspace, "run", runId],
    queryFn: ({ signal }) =>
      requestJson({ path: `${runsPath(workspace)}/${runId}`, output: runDetailOutput, signal }),
  });

export const createAction = (workspace: string, body: z.input<typeof createActionInput>) =>
  requestJson({ path: actionsPath(workspace), method: "POST", body, output: createActionOutput });

export const updateAction = (
  workspace: string,
  { actionId, ...body }: z.input<typeof updateActionInput>,
) =>
  requestJson({
    path: `${actionsPath(workspace)}/${actionId}`,
    method: "PATCH",
    body,
    output: updateActionOutput,
  });

export const deleteAction = (workspace: string, actionId: string) =>
  requestJson({
    path: `${actionsPath(workspace)}/${actionId}`,
    method: "DELETE",
    output: z.undefined(),
  });

export const rotateActionSecret = (workspace: string, actionId: string) =>
  requestJson({
    path: `${actionsPath(workspace)}/${actionId}/rotate`,
    method: "POST",
    body: {},
    output: rotateActionOutput,
  });

export const testAction = (workspace: string, actionId: string) =>
  requestJson({
    path: `${actionsPath(workspace)}/${actionId}/test`,
    method: "POST",
    body: {},
    output: runOutput,
  });

export const requestRun = (workspace: string, body: z.input<typeof requestRunInput>) =>
  requestJson({ path: runsPath(workspace), method: "POST", body, output: runOutput });

export const decideRun = (
  workspace: string,
  runId: string,
  body: { decision: RunDecision; reason?: string },
) =>
  requestJson({
    path: `${runsPath(workspace)}/${runId}/decide`,
    method: "POST",
    body,
    output: runOutput,
  });

export const settleRun = (workspace: string, runId: string, finding: RunFinding) =>
  requestJson({
    path: `${runsPath(workspace)}/${runId}/settle`,
    method: "POST",
    body: { finding },
    output: runOutput,
  });
