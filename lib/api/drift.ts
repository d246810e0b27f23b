import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { driftReferenceSchema, driftStatisticSchema, verdictSchema } from "#lib/domain/health.ts";
import { featureTypeSchema, profileSubjectSchema } from "#lib/domain/model.ts";
import type { ModelScope } from "./model.ts";
import { modelScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

export const driftInput = modelScopeInput.extend({
  reference: driftReferenceSchema.default("baseline"),
  /** Which statistic the heat map shows; the table always has all. */
  statistic: driftStatisticSchema.default("psi"),
});

const statisticValueSchema = z.object({
  statistic: driftStatisticSchema,
  value: z.number(),
  /** What sampling noise alone gives on average at these sizes; null where it has no closed form here. */
  nullExpectation: z.number().nullable(),
  /** The true value lies within [value, value + bound]; 0 when exact. */
  bound: z.number(),
  pValue: z.number().nullable(),
  binCount: z.int().nullable(),
});

export const driftReferenceOutput = z.object({
  kind: driftReferenceSchema,
  /** "baseline training (2026.11.1)", "the 7 days before". */
  label: z.string(),
  baselineId: z.uuid().nullable(),
  from: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  rowCount: z.int(),
});

export const featureDriftSchema = z.object({
  subject: profileSubjectSchema,
  feature: z.string(),
  type: featureTypeSchema,
  verdict: verdictSchema,
  /** In words, always there: "PSI 0.21 where noise gives 0.01", "38 rows, 100 needed". */
  reason: z.string(),
  statistics: z.array(statisticValueSchema),
  adjustedPValue: z.number().nullable(),
  referenceCount: z.int(),
  windowCount: z.int(),
  referenceMissingShare: z.number().nullable(),
  windowMissingShare: z.number().nullable(),
  isExact: z.boolean(),
});
export type FeatureDrift = z.infer<typeof featureDriftSchema>;

export const driftOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** null: there is nothing to compare with (no baseline yet); `features` is empty then. */
  reference: driftReferenceOutput.nullable(),
  statistic: driftStatisticSchema,
  windowRowCount: z.int(),
  /** The share of the window's hours whose rows are not all in these figures yet, as while a backfill is profiled. */
  waitingShare: z.number(),
  family: z.object({
    size: z.int(),
    driftCount: z.int(),
    noDriftCount: z.int(),
    cannotSayCount: z.int(),
    falseDiscoveryRate: z.number(),
  }),
  features: z.array(featureDriftSchema),
  /** Starts of the heat map's columns, oldest first, and how long each is. */
  bucketMs: z.int(),
  buckets: z.array(z.iso.datetime()),
  heat: z.array(
    z.object({
      subject: profileSubjectSchema,
      feature: z.string(),
      cells: z.array(
        z.object({
          value: z.number().nullable(),
          nullExpectation: z.number().nullable(),
          verdict: verdictSchema,
          rowCount: z.int(),
        }),
      ),
    }),
  ),
});
export type Drift = z.infer<typeof driftOutput>;

export const featureDriftInput = driftInput.extend({
  subject: profileSubjectSchema.default("feature"),
  feature: z.string().max(128),
});

export const distributionBinSchema = z.object({
  /** "12 to 18", "ATL", "missing". */
  label: z.string(),
  kind: z.enum(["range", "value", "other", "missing", "nan", "infinite", "violation", "new"]),
  from: z.number().nullable(),
  until: z.number().nullable(),
  referenceCount: z.int(),
  windowCount: z.int(),
  referenceShare: z.number(),
  windowShare: z.number(),
});

const sideSummarySchema = z.object({
  rowCount: z.int(),
  valueCount: z.int(),
  missingCount: z.int(),
  nonFiniteCount: z.int(),
  violationCount: z.int(),
  distinctCount: z.int().nullable(),
  mean: z.number().nullable(),
  standardDeviation: z.number().nullable(),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  /** p05, p25, p50, p75, p95, each within one bin of the grid; null for categories. */
  quantiles: z.array(z.number()).nullable(),
});

export const featureDriftOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  reference: driftReferenceOutput.nullable(),
  drift: featureDriftSchema.nullable(),
  bins: z.array(distributionBinSchema),
  referenceSide: sideSummarySchema.nullable(),
  windowSide: sideSummarySchema,
  bucketMs: z.int(),
  series: z.array(
    z.object({
      from: z.iso.datetime(),
      value: z.number().nullable(),
      nullExpectation: z.number().nullable(),
      verdict: verdictSchema,
      rowCount: z.int(),
    }),
  ),
});
export type FeatureDriftDetail = z.infer<typeof featureDriftOutput>;

export type DriftScope = ModelScope & {
  reference?: z.infer<typeof driftReferenceSchema>;
  statistic?: z.infer<typeof driftStatisticSchema>;
};

export const driftQuery = (workspace: string, model: string, scope: DriftScope) =>
  queryOptions({
    queryKey: ["drift", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/drift`,
        query: scope,
        output: driftOutput,
        signal,
      }),
  });

export const featureDriftQuery = (
  workspace: string,
  model: string,
  scope: DriftScope & { subject?: string; feature: string },
) =>
  queryOptions({
    queryKey: ["drift", workspace, model, "feature", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/drift/feature`,
        query: scope,
        output: featureDriftOutput,
        signal,
      }),
  });
