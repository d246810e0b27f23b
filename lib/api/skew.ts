import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { verdictSchema } from "#lib/domain/health.ts";
import { featureTypeSchema } from "#lib/domain/model.ts";
import { skewOutcomeSchema, skewVerdictSchema } from "#lib/domain/skew.ts";
import type { ModelScope } from "./model.ts";
import { segmentOutput, segmentScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

export const skewInput = segmentScopeInput;

const rateSchema = z.object({
  value: z.number(),
  /** Wilson, 95 %. */
  lower: z.number(),
  upper: z.number(),
});

/** By what a feature was judged, and among how many. */
const skewRuleSchema = z.object({
  pairsMin: z.int(),
  floor: z.number(),
  falseDiscoveryRate: z.number(),
});

const featureSkewSchema = z.object({
  feature: z.string(),
  /** null: it was never served. */
  type: featureTypeSchema.nullable(),
  verdict: skewVerdictSchema,
  /** In words, always there. */
  reason: z.string(),
  /** Pairs with a value on either side; they part into the five counts below. */
  comparedCount: z.int(),
  differingCount: z.int(),
  matchCount: z.int(),
  mismatchCount: z.int(),
  typeMismatchCount: z.int(),
  offlineOnlyCount: z.int(),
  servedOnlyCount: z.int(),
  /** Differing of compared; null without pairs. */
  rate: rateSchema.nullable(),
  adjustedPValue: z.number().nullable(),
  firstDifferingAt: z.iso.datetime().nullable(),
  /** When the rate rose inside the window; null: it did not, or was as high before. */
  since: z.iso.datetime().nullable(),
  /** As served, against the distribution of the training baseline; null without one. */
  drift: z
    .object({ verdict: verdictSchema, reason: z.string(), psi: z.number().nullable() })
    .nullable(),
  /** By how much numbers may differ and still match, where a person declared it; null: the default, 1e-9 of the larger one. */
  tolerance: z.object({ absolute: z.number(), relative: z.number() }).nullable(),
});
export type FeatureSkew = z.infer<typeof featureSkewSchema>;

const skewHead = {
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  segment: segmentOutput,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Somebody has ever sent offline features of this model. */
  hasOffline: z.boolean(),
  predictionCount: z.int(),
  /** Predictions of which the offline store says something. */
  pairCount: z.int(),
  rule: skewRuleSchema,
};

export const skewOutput = z.object({
  ...skewHead,
  /** The share of the window's hours whose rows are not all in these figures yet. */
  waitingShare: z.number(),
  baselineLabel: z.string().nullable(),
  family: z.object({
    size: z.int(),
    skewCount: z.int(),
    noSkewCount: z.int(),
    cannotSayCount: z.int(),
  }),
  /** Worst first. */
  features: z.array(featureSkewSchema),
});
export type Skew = z.infer<typeof skewOutput>;

export const featureSkewInput = skewInput.extend({ feature: z.string().min(1).max(128) });

const sampleValueSchema = z.union([z.number(), z.string(), z.boolean()]).nullable();

export const featureSkewOutput = z.object({
  ...skewHead,
  skew: featureSkewSchema.nullable(),
  /** When the mismatch rate rose inside the window, by likelihood. */
  onset: z
    .object({
      from: z.iso.datetime(),
      rateBefore: z.number(),
      rateAfter: z.number(),
      pValue: z.number(),
    })
    .nullable(),
  bucketMs: z.int(),
  series: z.array(
    z.object({
      from: z.iso.datetime(),
      comparedCount: z.int(),
      differingCount: z.int(),
      rate: rateSchema.nullable(),
    }),
  ),
  /** Differing values that are not both numbers, as JSON, the most frequent first. */
  confusion: z.array(z.object({ offline: z.string(), served: z.string(), count: z.int() })),
  confusionOtherCount: z.int(),
  /** Served minus offline, where both are numbers and differ. */
  differences: z.array(z.object({ from: z.number(), until: z.number(), count: z.int() })),
  /** What turns offline into served, and how many of the sampled pairs it explains; best first. */
  explanations: z.array(
    z.object({
      kind: z.string(),
      /** "offline × 1.61 (miles to kilometres)". */
      text: z.string(),
      share: z.number(),
      explainedCount: z.int(),
      pairCount: z.int(),
    }),
  ),
  sampleCount: z.int(),
  /** The newest differing predictions. */
  samples: z.array(
    z.object({
      predictionId: z.string(),
      environment: z.string(),
      version: z.string(),
      timestamp: z.iso.datetime(),
      outcome: skewOutcomeSchema,
      /** null: without a value on that side. NaN and infinities are strings, as on the wire. */
      offline: sampleValueSchema,
      served: sampleValueSchema,
      source: z.string(),
    }),
  ),
});
export type FeatureSkewDetail = z.infer<typeof featureSkewOutput>;

export const skewQuery = (workspace: string, model: string, scope: ModelScope) =>
  queryOptions({
    queryKey: ["skew", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/skew`,
        query: scope,
        output: skewOutput,
        signal,
      }),
  });

export const featureSkewQuery = (
  workspace: string,
  model: string,
  scope: ModelScope & { feature: string },
) =>
  queryOptions({
    queryKey: ["skew", workspace, model, "feature", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/skew/feature`,
        query: scope,
        output: featureSkewOutput,
        signal,
      }),
  });
