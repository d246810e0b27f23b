import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { taskSchema } from "#lib/domain/model.ts";
import { metricUndefinedReasonSchema } from "#lib/domain/performance.ts";
import {
  challengerVerdictSchema,
  comparisonTestSchema,
  metricVerdictSchema,
} from "#lib/domain/version.ts";
import type { ModelScope } from "./model.ts";
import { modelScopeInput } from "./model.ts";
import { performanceBucketOutput } from "./performance.ts";
import { modelPath, requestJson } from "./request.ts";

const versionName = z.string().min(1).max(128);
/** All versions of an environment: one of them can be marked, and none is left out. */
export const versionListInput = modelScopeInput;

const versionOutput = z.object({
  version: z.string(),
  /** Of all its rows, whatever the window; null where it is not registered any more. */
  firstSeenAt: z.iso.datetime().nullable(),
  lastSeenAt: z.iso.datetime().nullable(),
  rowCount: z.int(),
  /** Of the window's rows in this environment. */
  share: z.number(),
  /** Its share of each column's rows; null where the column has none, or is not known yet. */
  shares: z.array(z.number().nullable()),
  hasBaseline: z.boolean(),
  /** Only the versions with most rows are looked at closely; null for the others. */
  detail: z
    .object({
      /** Against its own baseline, or one that it borrows; null without any. */
      drift: z
        .object({
          baselineName: z.string(),
          baselineVersion: z.string(),
          driftCount: z.int(),
          noDriftCount: z.int(),
          cannotSayCount: z.int(),
        })
        .nullable(),
      labelledCount: z.int(),
      coverage: z.number().nullable(),
      metrics: performanceBucketOutput.shape.metrics,
      /** Of the newest stretch that has any. */
      estimates: performanceBucketOutput.shape.estimates,
      estimatedFrom: z.iso.datetime().nullable(),
      latencyMs: z.object({ p50: z.number(), p95: z.number(), count: z.int() }).nullable(),
    })
    .nullable(),
});
export type VersionRow = z.infer<typeof versionOutput>;

export const versionListOutput = z.object({
  model: z.string(),
  environment: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  task: taskSchema.nullable(),
  rowCount: z.int(),
  bucketMs: z.int(),
  buckets: z.array(z.iso.datetime()),
  /** Those with rows in the window, most rows first. */
  versions: z.array(versionOutput),
  /** Versions of this environment without a row in the window. */
  silentCount: z.int(),
  /** Rows of the window wait to be profiled: others may have some too. */
  isWaiting: z.boolean(),
  detailedMax: z.int(),
});
export type VersionList = z.infer<typeof versionListOutput>;

export const versionComparisonInput = modelScopeInput.extend({
  /** Both or neither; left out: the two that share most prediction ids, the one with more rows being the champion. */
  champion: versionName.optional(),
  challenger: versionName.optional(),
});

const comparedMetricOutput = z.object({
  metric: z.string(),
  isHigherBetter: z.boolean(),
  test: comparisonTestSchema,
  champion: z.number(),
  challenger: z.number(),
  /** Challenger less champion, with its 95 % interval. */
  difference: z.number(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  pValue: z.number(),
  /** McNemar's exact one, where that is the test. */
  exactPValue: z.number().nullable(),
  /** Over all metrics, by Holm. */
  adjustedPValue: z.number(),
  verdict: metricVerdictSchema,
  championCount: z.int(),
  challengerCount: z.int(),
});
export type ComparedMetric = z.infer<typeof comparedMetricOutput>;

export const versionComparisonOutput = z.object({
  model: z.string(),
  environment: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  task: taskSchema.nullable(),
  champion: z.string().nullable(),
  challenger: z.string().nullable(),
  championRowCount: z.int(),
  challengerRowCount: z.int(),
  /** `matched`: on the very requests that both answered. `unmatched`: on what each of them answered. `none`: fewer than two versions. */
  kind: z.enum(["matched", "unmatched", "none"]),
  versions: z.array(z.string()),
  /** Pairs of versions that share ids, most first, at most 20. */
  candidates: z.array(z.object({ first: z.string(), second: z.string(), idCount: z.int() })),
  /** Ids were counted on one of so many, by hash. */
  candidateSampleOf: z.int(),
  pairs: z
    .object({
      /** Compared, of which so many are labelled. */
      count: z.int(),
      labelledCount: z.int(),
      /** More requests were answered by both; these are taken by the hash of their ids. */
      isSampled: z.boolean(),
    })
    .nullable(),
  agreement: z
    .object({
      count: z.int(),
      agreedCount: z.int(),
      share: z.number(),
      lower: z.number(),
      upper: z.number(),
      kappa: z.number().nullable(),
    })
    .nullable(),
  /** Of what both answered, challenger less champion. */
  differences: z
    .object({
      subject: z.enum(["score", "value"]),
      count: z.int(),
      sameCount: z.int(),
      mean: z
        .object({ value: z.number(), lower: z.number(), upper: z.number(), pValue: z.number() })
        .nullable(),
      /** At 5, 25, 50, 75 and 95 %. */
      quantiles: z.array(z.number()),
      bins: z.array(z.object({ from: z.number(), until: z.number(), count: z.int() })),
      belowCount: z.int(),
      aboveCount: z.int(),
    })
    .nullable(),
  metrics: z.array(comparedMetricOutput),
  lacking: z.array(z.object({ metric: z.string(), reason: metricUndefinedReasonSchema })),
  verdict: z.object({
    kind: challengerVerdictSchema,
    /** Labelled rows behind it: pairs, or of the side that has fewer. */
    labelledCount: z.int(),
    labelledCountMin: z.int(),
    betterBy: z.array(z.string()),
    worseBy: z.array(z.string()),
    /** Precision, recall, specificity and F1 trade one for the other with the threshold, and decide nothing. */
    tradedUp: z.array(z.string()),
    tradedDown: z.array(z.string()),
  }),
});
export type VersionComparison = z.infer<typeof versionComparisonOutput>;

export type VersionComparisonScope = ModelScope & { champion?: string; challenger?: string };

export const versionListQuery = (workspace: string, model: string, scope: ModelScope) =>
  queryOptions({
    queryKey: ["version", workspace, model, scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/versions`,
        query: scope,
        output: versionListOutput,
        signal,
      }),
  });

export const versionComparisonQuery = (
  workspace: string,
  model: string,
  scope: VersionComparisonScope,
) =>
  queryOptions({
    queryKey: ["version", workspace, model, "comparison", scope],
    queryFn: ({ signal }) =>
      requestJson({
        path: `${modelPath(workspace, model)}/versions/comparison`,
        query: scope,
        output: versionComparisonOutput,
        signal,
      }),
  });
