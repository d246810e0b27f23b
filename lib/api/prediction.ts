import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { segmentScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

/** The row explorer: by id, by entity, or the newest, of all rows or of one segment. At most 200 rows. Without an environment or a version:
 *  of any. */
export const predictionListInput = segmentScopeInput.extend({
  environment: z.string().min(1).max(128).optional(),
  version: z.string().min(1).max(128).optional(),
  predictionId: z.string().min(1).max(128).optional(),
  entityId: z.string().min(1).max(128).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const predictionSchema = z.object({
  predictionId: z.string(),
  timestamp: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  environment: z.string(),
  version: z.string(),
  entityId: z.string(),
  prediction: z.object({
    kind: z.enum(["none", "number", "class", "object"]),
    value: z.number().nullable(),
    label: z.string(),
    score: z.number().nullable(),
    probabilities: z.record(z.string(), z.number()),
  }),
  /** As they came: numbers, strings, booleans, null; non-finite numbers as "NaN", "Infinity", "-Infinity". */
  features: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
  featureTimestamps: z.record(z.string(), z.iso.datetime()),
  explanations: z.record(z.string(), z.number()),
  tags: z.record(z.string(), z.string()),
  latencyMs: z.number().nullable(),
  groupId: z.string(),
  rank: z.int().nullable(),
  weight: z.number().nullable(),
  traceId: z.string(),
  label: z
    .object({
      value: z.union([z.number(), z.string()]),
      labelTimestamp: z.iso.datetime(),
      /** How many labels were sent for it, corrections included. */
      count: z.int(),
    })
    .nullable(),
});
export type Prediction = z.infer<typeof predictionSchema>;

export const predictionListOutput = z.object({
  predictions: z.array(predictionSchema),
  hasMore: z.boolean(),
});

export type PredictionListScope = Omit<z.input<typeof predictionListInput>, "model">;

export const predictionListQuery = (workspace: string, model: string, scope: PredictionListScope) =>
  queryOptions({
    queryKey: ["prediction", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/predictions`,
        query: scope as Record<string, string | number | undefined>,
        output: predictionListOutput,
        signal,
      }),
  });
