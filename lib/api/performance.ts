import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { taskSchema } from "#lib/domain/model.ts";
import {
  businessValueSchema,
  labelMaturitySchema,
  metricUndefinedReasonSchema,
  performanceBucketSchema,
} from "#lib/domain/performance.ts";
import type { ModelScope } from "./model.ts";
import { segmentScopeInput } from "./model.ts";
import { modelPath, requestJson } from "./request.ts";

export const performanceInput = segmentScopeInput.extend({
  /** How the window is cut, by the UTC calendar; left out: as fits its length. */
  bucket: performanceBucketSchema.optional(),
  /** The confusion as it were if every score of at least this were decided positive. */
  threshold: z.coerce.number().optional(),
  /** Whether the estimate calibrates the scores first; `auto` asks the baseline. */
  calibration: z.enum(["auto", "on", "off"]).default("auto"),
});

const metricSchema = z.object({
  /** Null: undefined, for this reason. */
  value: z.number().nullable(),
  undefinedReason: metricUndefinedReasonSchema.nullable(),
  /** 95 %; null where there is none. */
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  sampleCount: z.int(),
});

const estimateSchema = z.object({
  value: z.number(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** Null: it can be trusted. Else why not, in words. */
  distrust: z.string().nullable(),
});

export const performanceBucketOutput = z.object({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  rowCount: z.int(),
  labelledCount: z.int(),
  /** Labels received for each prediction made; null without predictions. */
  coverage: z.number().nullable(),
  maturity: labelMaturitySchema,
  /** Some of its rows or labels are not in these figures yet. */
  isWaiting: z.boolean(),
  metrics: z.record(z.string(), metricSchema),
  estimates: z.record(z.string(), estimateSchema),
});
export type PerformancePoint = z.infer<typeof performanceBucketOutput>;

const calibrationSchema = z.object({
  bins: z.array(
    z.object({
      from: z.number(),
      until: z.number(),
      count: z.int(),
      positiveCount: z.int(),
      meanScore: z.number(),
      positiveShare: z.number(),
      lower: z.number(),
      upper: z.number(),
    }),
  ),
  expectedError: z.number().nullable(),
  expectedErrorBias: z.number().nullable(),
  reliability: z.number().nullable(),
  resolution: z.number().nullable(),
  uncertainty: z.number().nullable(),
});

export const performanceOutput = z.object({
  model: z.string(),
  environment: z.string(),
  version: z.string(),
  segment: z.object({ key: z.string(), value: z.string() }).nullable(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  task: taskSchema.nullable(),
  bucket: performanceBucketSchema,
  /** Of a binary model; null where nobody knows which class is the positive one. */
  classes: z.object({ positive: z.string(), negative: z.string() }).nullable(),
  /** `score`: the model sends scores alone, and 0.5 is taken for its threshold. */
  decisionSource: z.enum(["model", "score", "none"]).nullable(),
  window: performanceBucketOutput,
  buckets: z.array(performanceBucketOutput),
  labelDelay: z
    .object({ labelCount: z.int(), p50Ms: z.number(), p95Ms: z.number(), isSettled: z.boolean() })
    .nullable(),
  calibration: calibrationSchema.nullable(),
  /** Of (decided, turned out), labelled rows alone, largest first. */
  confusion: z.array(z.object({ decision: z.string(), label: z.string(), count: z.int() })),
  atThreshold: z
    .object({
      threshold: z.number(),
      truePositive: z.int(),
      falsePositive: z.int(),
      falseNegative: z.int(),
      trueNegative: z.int(),
      metrics: z.record(z.string(), metricSchema),
    })
    .nullable(),
  /** Of a binary model: its labelled rows by score, ascending, so that any threshold can be tried without another question. On a
   *  coarser grid where there are more than 1,000 scores. */
  scores: z
    .object({
      scores: z.array(z.number()),
      positives: z.array(z.int()),
      negatives: z.array(z.int()),
      isExact: z.boolean(),
    })
    .nullable(),
  /** What each outcome is worth; null until somebody says. */
  businessValue: businessValueSchema.nullable(),
  /** Of a regression: what share of its errors (prediction less label) lies in each bin, ascending. */
  residuals: z.array(z.object({ from: z.number(), until: z.number(), share: z.number() })),
  byClass: z.array(
    z.object({
      name: z.string(),
      labelCount: z.int(),
      decisionCount: z.int(),
      metrics: z.record(z.string(), metricSchema),
    }),
  ),
  notes: z.object({
    /** Rows whose class is neither of the two. */
    leftOutCount: z.int(),
    clippedCount: z.int(),
    zeroLabelCount: z.int(),
    incompleteGroupCount: z.int(),
    groupsWithoutRelevantItemCount: z.int(),
    absentClasses: z.array(z.string()),
    /** Every score that came is kept; else rank metrics are those of at most 1,024 bins. */
    isExact: z.boolean(),
  }),
  estimate: z.object({
    /** `learning`: the worker has not read the baseline yet. */
    state: z.enum([
      "ready",
      "no_baseline",
      "learning",
      "no_labels_in_baseline",
      "not_for_task",
      "not_for_segment",
      "no_scores",
    ]),
    baseline: z.object({ id: z.uuid(), name: z.string(), rowCount: z.int() }).nullable(),
    isCalibrated: z.boolean().nullable(),
    /** By metric: in how many of the windows whose labels came its band held, and by how much they widened it. */
    trust: z.record(
      z.string(),
      z.object({ windowCount: z.int(), coveredCount: z.int(), widening: z.number() }),
    ),
  }),
});
export type Performance = z.infer<typeof performanceOutput>;

export const updateBusinessValueInput = z.object({
  model: z.string().min(1).max(128),
  /** Null takes it back. */
  businessValue: businessValueSchema.nullable(),
});

export const updateBusinessValue = (
  workspace: string,
  model: string,
  businessValue: z.infer<typeof businessValueSchema> | null,
) =>
  requestJson({
    path: `${modelPath(workspace, model)}/performance/value`,
    method: "PATCH",
    body: { businessValue },
    output: z.undefined(),
  });

export type PerformanceScope = ModelScope & {
  bucket?: z.infer<typeof performanceBucketSchema>;
  segmentKey?: string;
  segmentValue?: string;
};

export const performanceQuery = (workspace: string, model: string, scope: PerformanceScope) =>
  queryOptions({
    queryKey: ["performance", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/performance`,
        query: scope,
        output: performanceOutput,
        signal,
      }),
  });
