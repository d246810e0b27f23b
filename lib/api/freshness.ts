import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import type { ModelScope } from "./model.ts";
import { modelScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

export const freshnessInput = modelScopeInput;

const spreadSchema = z.object({
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  maximum: z.number(),
});

export const freshnessOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Newest time of a prediction, whatever the window. */
  lastEventAt: z.iso.datetime().nullable(),
  lastReceivedAt: z.iso.datetime().nullable(),
  /** Received minus made, in ms; null without rows. */
  eventLagMs: spreadSchema.nullable(),
  bucketMs: z.int(),
  series: z.array(
    z.object({
      from: z.iso.datetime(),
      rowCount: z.int().nullable(),
      lagP50Ms: z.number().nullable(),
      lagP99Ms: z.number().nullable(),
    }),
  ),
  features: z.array(
    z.object({
      feature: z.string(),
      lastSeenAt: z.iso.datetime().nullable(),
      /** The newest `feature_timestamps` value; null when none was ever logged for it. */
      newestFeatureAt: z.iso.datetime().nullable(),
      ageMs: spreadSchema.nullable(),
      rowCount: z.int(),
      missingShare: z.number().nullable(),
    }),
  ),
});
export type Freshness = z.infer<typeof freshnessOutput>;

export const freshnessQuery = (workspace: string, model: string, scope: ModelScope) =>
  queryOptions({
    queryKey: ["freshness", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/freshness`,
        query: scope,
        output: freshnessOutput,
        signal,
      }),
  });
