import { windowSkew } from "#db/clickhouse/queries/window-skew.ts";
import { featureSkewInput, featureSkewOutput } from "#lib/api/skew.ts";
import { rightEdgeOf } from "#lib/stats/float-grid.ts";
import type { SkewValue } from "#lib/stats/skew/compare-values.ts";
import { explainPairs } from "#lib/stats/skew/explain-pairs.ts";
import { findOnset } from "#lib/stats/skew/find-onset.ts";
import { skewDefaults } from "#lib/stats/skew/judge-skew.ts";
import { mismatchRate } from "#lib/stats/skew/mismatch-rate.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { describeTransformation, toFeatureSkew, toRate } from "./describe-skew.ts";
import { sinceOf } from "./get-skew.ts";
import { readSamples } from "./read-samples.ts";
import { readDifferingHours, readSeries, readWindowSkew, windowParams } from "./read-skew.ts";
import { readTolerances } from "./read-tolerances.ts";

const samplesShown = 50;

/** One feature: since when it differs, how, what would explain it, and predictions to look at. The verdict is that of the
 *  whole family, as on the page of all features. */
export const getFeatureSkew = defineService({
  name: "getFeatureSkew",
  role: "viewer",
  input: featureSkewInput,
  output: featureSkewOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const { feature } = input;
    const found = await readWindowSkew(ctx, scope);
    const { window } = found;
    const [{ columns, byFeature }, [detail], hours, tolerances] = await Promise.all([
      readSeries(ctx, scope, window, [feature]),
      ctx.ch.query(windowSkew, { ...windowParams(scope, window), features: [feature] }, ctx.signal),
      readDifferingHours(ctx, scope, window, feature),
      readTolerances(ctx, scope.modelId),
    ]);
    const samples = await readSamples(ctx, scope, feature, hours, tolerances);
    const series = byFeature.get(feature) ?? [];
    const onset = findOnset(series);
    const one = found.features.find((each) => each.feature === feature);
    return {
      model: scope.model,
      environment: scope.environment,
      version: scope.version,
      segment: scope.segment ?? null,
      from: window.fromTime.toISOString(),
      until: window.untilTime.toISOString(),
      hasOffline: found.hasOffline,
      predictionCount: found.predictionCount,
      pairCount: found.pairCount,
      rule: skewDefaults,
      skew:
        one === undefined
          ? null
          : toFeatureSkew(one, {
              type: scope.types.get(feature) ?? null,
              sinceMs: sinceOf(series),
              drift: null,
              tolerance: tolerances.get(feature) ?? null,
            }),
      onset:
        onset === null
          ? null
          : {
              from: new Date(onset.startMs).toISOString(),
              rateBefore: onset.rateBefore,
              rateAfter: onset.rateAfter,
              pValue: onset.pValue,
            },
      bucketMs: columns.bucketMs,
      series: series.map(({ startMs, compared, differing }) => {
        const rate = mismatchRate(differing, compared);
        return {
          from: new Date(startMs).toISOString(),
          comparedCount: compared,
          differingCount: differing,
          rate: rate === null ? null : toRate(rate),
        };
      }),
      confusion: (detail?.confusionCounts ?? []).map((count, i) => ({
        offline: detail?.confusionOffline[i] ?? "",
        served: detail?.confusionServed[i] ?? "",
        count,
      })),
      confusionOtherCount: detail?.confusionOther ?? 0,
      differences: (detail?.differenceCounts ?? []).map((count, i) => {
        const from = detail?.differenceBins[i] ?? 0;
        const grid = { resolution: detail?.differenceResolution ?? 0, zeroFloor: 0 };
        return { from, until: rightEdgeOf(from, grid), count };
      }),
      explanations: explainPairs(samples).map(({ transformation, share, explained, pairs }) => ({
        kind: transformation.kind,
        text: describeTransformation(transformation),
        share,
        explainedCount: explained,
        pairCount: pairs,
      })),
      sampleCount: samples.length,
      samples: samples.slice(0, samplesShown).map((sample) => ({
        predictionId: sample.predictionId,
        environment: scope.environment,
        version: scope.version,
        timestamp: new Date(sample.timestampMs).toISOString(),
        outcome: sample.outcome,
        offline: asSent(sample.offline),
        served: asSent(sample.served),
        source: sample.source,
      })),
    };
  },
});

/** JSON has no NaN or infinity: the wire's words stand for them. */
function asSent(value: SkewValue): number | string | boolean | null {
  if (value === undefined) return null;
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
