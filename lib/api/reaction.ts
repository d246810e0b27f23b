import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import {
  reactionDefinitionSchema,
  reactionEventSchema,
  reactionLimits,
  reactionOutcomeSchema,
} from "#lib/domain/reaction.ts";
import { requestJson, workspacePath } from "./request.ts";

const reactionSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  actionId: z.uuid(),
  actionName: z.string(),
  definition: reactionDefinitionSchema,
  isEnabled: z.boolean(),
  revision: z.int(),
  /** What happened before is not reacted to. */
  activeFrom: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Reaction = z.infer<typeof reactionSchema>;

export const reactionListInput = z.object({});
export const reactionListOutput = z.object({ reactions: z.array(reactionSchema) });

const nameSchema = z.string().trim().min(1).max(reactionLimits.nameLengthMax);

export const createReactionInput = z.object({
  name: nameSchema,
  actionId: z.uuid(),
  definition: reactionDefinitionSchema,
});
export const reactionOutput = z.object({ reaction: reactionSchema });

export const reactionInput = z.object({ reactionId: z.uuid() });
export const updateReactionInput = reactionInput.extend({
  revision: z.int(),
  name: nameSchema.optional(),
  actionId: z.uuid().optional(),
  isEnabled: z.boolean().optional(),
  definition: reactionDefinitionSchema.optional(),
});

const evaluationSchema = z.object({
  id: z.uuid(),
  position: z.int(),
  reactionId: z.uuid(),
  reactionName: z.string(),
  actionName: z.string(),
  incident: z.int(),
  event: reactionEventSchema,
  outcome: reactionOutcomeSchema,
  reason: z.string(),
  runId: z.uuid().nullable(),
  at: z.iso.datetime(),
});

export const reactionEvaluationListInput = z.object({
  reactionId: z.uuid().optional(),
  incident: z.coerce.number().int().min(1).optional(),
  /** `meant`: without those that a reaction is not for. */
  outcome: z.enum(["meant", "run", "held_back", "all"]).default("meant"),
  before: z.coerce.number().int().optional(),
});
export const reactionEvaluationListOutput = z.object({
  evaluations: z.array(evaluationSchema),
  /** For the next page; null: there is none. */
  next: z.int().nullable(),
});

const reactionsPath = (workspace: string) => `${workspacePath(workspace)}/reactions`;

export const reactionListQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["reaction", workspace, "list"],
    queryFn: ({ signal }) =>
      requestJson({ path: reactionsPath(workspace), output: reactionListOutput, signal }),
  });

export const reactionEvaluationListQuery = (
  workspace: string,
  filter: z.input<typeof reactionEvaluationListInput>,
) =>
  queryOptions({
    queryKey: ["reaction", workspace, "evaluations", filter],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${workspacePath(workspace)}/reaction-evaluations`,
        query: filter as Record<string, string | number | undefined>,
        output: reactionEvaluationListOutput,
        signal,
      }),
  });

export const createReaction = (workspace: string, body: z.input<typeof createReactionInput>) =>
  requestJson({ path: reactionsPath(workspace), method: "POST", body, output: reactionOutput });

export const updateReaction = (
  workspace: string,
  { reactionId, ...body }: z.input<typeof updateReactionInput>,
) =>
  requestJson({
    path: `${reactionsPath(workspace)}/${reactionId}`,
    method: "PATCH",
    body,
    output: reactionOutput,
  });

export const deleteReaction = (workspace: string, reactionId: string) =>
  requestJson({
    path: `${reactionsPath(workspace)}/${reactionId}`,
    method: "DELETE",
    output: z.undefined(),
  });
