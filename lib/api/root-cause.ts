import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { verdictSchema } from "#lib/domain/health.ts";
import { causeMeasureSchema, surrogateSourceSchema } from "#lib/domain/root-cause.ts";
import type { DriftReferenceQuery } from "./drift.ts";
import { driftReferenceInput, driftReferenceOutput } from "./drift.ts";
import type { ModelScope } from "./model.ts";
import { segmentOutput, segmentScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

const explainedOfSchema = z.enum(["prediction", "performance"]);
export type ExplainedOf = z.infer<typeof explainedOfSchema>;

export const rootCauseInput = segmentScopeInput.extend({
  ...driftReferenceInput.shape,
  /** Whose change is explained: the mean of what the model says, or how right it is by the labels that have come. */
  of: explainedOfSchema.default("prediction"),
});

const partSchema = z.object({
  /** In units of the measure; shares and accuracy as shares of one. */
  value: z.number(),
  /** 95 %. */
  low: z.number(),
  high: z.number(),
  pValue: z.number(),
  /** After correction for all that was asked together. */
  isBeyondNoise: z.boolean(),
});
export type CausePart = z.infer<typeof partSchema>;

const featurePartSchema = partSchema.extend({
  feature: z.string(),
  /** `moved`: what the mean moves by when only this feature's distribution moves. `restored`: what is won back, with its sign
   *  turned, when the window's values are put back where the reference's were, rank by rank. */
  kind: z.enum(["moved", "restored"]),
  /** As `importance` of the answer says, and its rank by that; null where it is not among them. */
  importance: z.number().nullable(),
  importanceRank: z.int().nullable(),
  /** The share of its values in the window beyond what the surrogate ever saw. */
  outsideShare: z.number().nullable(),
  drift: verdictSchema.nullable(),
  driftReason: z.string(),
});
export type FeaturePart = z.infer<typeof featurePartSchema>;

const segmentPartSchema = z.object({
  /** "" for rows without the tag; "*other*" for all rare ones together. */
  value: z.string(),
  referenceCount: z.int(),
  windowCount: z.int(),
  referenceShare: z.number(),
  windowShare: z.number(),
  /** Null without rows on that side. */
  referenceMean: z.number().nullable(),
  windowMean: z.number().nullable(),
  /** By coming more or less often, and by behaving otherwise; `total` is their sum. */
  mix: partSchema,
  behaviour: partSchema,
  total: partSchema,
});
export type SegmentPart = z.infer<typeof segmentPartSchema>;

const segmentKeyPartSchema = z.object({
  key: z.string(),
  mix: partSchema,
  behaviour: partSchema,
  /** Largest first, at most 20 of `valueCount`. */
  values: z.array(segmentPartSchema),
  valueCount: z.int(),
});
export type SegmentKeyPart = z.infer<typeof segmentKeyPartSchema>;

export const rootCauseOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  segment: segmentOutput,
  of: explainedOfSchema,
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  reference: driftReferenceOutput.nullable(),
  measure: causeMeasureSchema.nullable(),
  /** The class whose share or score it is, or that counts as positive; else "". */
  className: z.string(),
  /** `explained`: something is more than noise; `no_move`: nothing is, and there is no ranking. */
  verdict: z.enum(["explained", "no_move", "cannot_say"]),
  /** Why nothing can be said; else "". */
  reason: z.string(),
  /** The answer in words. */
  sentence: z.string(),
  change: partSchema
    .extend({
      referenceMean: z.number(),
      windowMean: z.number(),
      /** Rows that were looked at: all, or a sample by hashed id. */
      referenceCount: z.int(),
      windowCount: z.int(),
    })
    .nullable(),
  referenceRowCount: z.int(),
  windowRowCount: z.int(),
  /** What explains features: trees that imitate the model. Every share of the explanation is theirs, and not the model's own. */
  surrogate: z.object({
    state: z.enum(["used", "poor_fit", "pending", "none"]),
    reason: z.string(),
    learnedFrom: surrogateSourceSchema.nullable(),
    r2: z.number().nullable(),
    r2StandardError: z.number().nullable(),
    rowCount: z.int(),
    featureCount: z.int(),
    computedAt: z.iso.datetime().nullable(),
  }),
  /** By what features are ranked: their share of the explanations that came with the window's predictions, else how much of the
   *  surrogate's R² is lost without them. */
  importance: z.object({
    source: z.enum(["explanations", "surrogate"]),
    featureCount: z.int(),
  }),
  /** Largest first; with `interaction` and `remainder` they add up to the change. Empty without a surrogate, or where nothing
   *  moved. */
  features: z.array(featurePartSchema),
  /** Features that moved together; null without a surrogate. */
  interaction: partSchema.nullable(),
  /** What the features do not explain; null without a surrogate. */
  remainder: partSchema.nullable(),
  /** One per declared key; the mix and behaviour of each key add up to the change. */
  segments: z.array(segmentKeyPartSchema),
  /** Declared keys by which nothing can be said, since no row of a side has the tag. */
  untagged: z.array(z.object({ key: z.string(), side: z.enum(["reference", "window"]) })),
});
export type RootCause = z.infer<typeof rootCauseOutput>;

export type RootCauseScope = ModelScope & DriftReferenceQuery & { of: ExplainedOf };

export const rootCauseQuery = (workspace: string, model: string, scope: RootCauseScope) =>
  queryOptions({
    queryKey: ["root-cause", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/root-cause`,
        query: scope,
        output: rootCauseOutput,
        signal,
      }),
  });
