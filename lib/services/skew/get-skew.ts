import { countLateHours } from "#db/postgres/queries/dirty-buckets.ts";
import { skewInput, skewOutput } from "#lib/api/skew.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { SkewVerdictKind } from "#lib/domain/skew.ts";
import { findOnset } from "#lib/stats/skew/find-onset.ts";
import { skewDefaults } from "#lib/stats/skew/judge-skew.ts";
import { defineService } from "../define-service.ts";
import { compareSides, toFeatureDrift } from "../drift/compare-sides.ts";
import { readWindowSide } from "../drift/profile-side.ts";
import { readReference } from "../drift/read-reference.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { toFeatureSkew } from "./describe-skew.ts";
import { readSeries, readWindowSkew } from "./read-skew.ts";
import { readTolerances } from "./read-tolerances.ts";

/** Features whose onset is looked for: nobody reads further down a list of the worst. */
const onsetsMax = 20;

/** What was served against what the offline store says, feature by feature, and beside it how far what was served is from the
 *  training baseline. */
export const getSkew = defineService({
  name: "getSkew",
  role: "viewer",
  input: skewInput,
  output: skewOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const [found, reference, served, tolerances] = await Promise.all([
      readWindowSkew(ctx, scope),
      readReference(ctx, scope, { reference: "baseline" }),
      readWindowSide(ctx.ch, scope, scope.window.pieces, { signal: ctx.signal }),
      readTolerances(ctx, scope.modelId),
    ]);
    const { window } = found;
    const skewed = found.features.filter(({ judged }) => judged.verdict.kind === "skew");
    const [{ byFeature }, lateHours] = await Promise.all([
      readSeries(
        ctx,
        scope,
        window,
        skewed.slice(0, onsetsMax).map(({ feature }) => feature),
      ),
      countLateHours(ctx, { aspect: "skew", modelId: scope.modelId, ...window }),
    ]);
    const drifts = new Map(
      (reference === null ? [] : compareSides(reference.side, served, scope.types))
        .filter(({ subject }) => subject === "feature")
        .map((comparison) => [comparison.feature, toFeatureDrift(comparison)]),
    );
    const features = found.features.map((one) => {
      const drift = drifts.get(one.feature);
      return toFeatureSkew(one, {
        type: scope.types.get(one.feature) ?? null,
        sinceMs: sinceOf(byFeature.get(one.feature) ?? []),
        drift: drift === undefined ? null : toBeside(drift),
        tolerance: tolerances.get(one.feature) ?? null,
      });
    });
    const hours = (window.untilTime.getTime() - window.fromTime.getTime()) / grainMs["1h"];
    const countOf = (verdict: SkewVerdictKind) =>
      features.filter((one) => one.verdict === verdict).length;
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
      waitingShare: Math.min(1, lateHours / Math.max(1, hours)),
      baselineLabel: reference?.described.label ?? null,
      family: {
        size: features.length,
        skewCount: countOf("skew"),
        noSkewCount: countOf("no_skew"),
        cannotSayCount: countOf("cannot_say"),
      },
      features,
    };
  },
});

/** The first differing pair from the onset on. */
export function sinceOf(
  series: readonly {
    startMs: number;
    compared: number;
    differing: number;
    firstDifferingMs: number;
  }[],
): number | null {
  const onset = findOnset(series);
  if (onset === null) return null;
  const after = series.filter(
    ({ startMs, differing }) => startMs >= onset.startMs && differing > 0,
  );
  return after[0]?.firstDifferingMs ?? onset.startMs;
}

function toBeside(drift: ReturnType<typeof toFeatureDrift>) {
  const psi = drift.statistics.find(({ statistic }) => statistic === "psi");
  return { verdict: drift.verdict, reason: drift.reason, psi: psi?.value ?? null };
}
