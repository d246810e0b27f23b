import { driftInput, driftOutput } from "#lib/api/drift.ts";
import type { Verdict } from "#lib/domain/health.ts";
import { FALSE_DISCOVERY_RATE } from "#lib/stats/false-discovery.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { chooseHeatColumns } from "./choose-heat-columns.ts";
import { compareSides, toListedDrift, withhold } from "./compare-sides.ts";
import { explainLack } from "./explain-lack.ts";
import { findWeeklyKeys, sayWeekly } from "./find-weekly-keys.ts";
import { readHeat } from "./read-heat.ts";
import { readLabelledSides, sayCoverage } from "./read-labels.ts";
import { judgeWaiting, readWaitingRows } from "./read-waiting.ts";

/** How far every feature and the prediction of a window are from a reference, and when that began. */
export const getDrift = defineService({
  name: "getDrift",
  role: "viewer",
  input: driftInput,
  output: driftOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const [{ reference, window, coverage }, waitingRows] = await Promise.all([
      readLabelledSides(ctx, scope, input),
      readWaitingRows(ctx, scope, input),
    ]);
    const waiting = judgeWaiting(waitingRows, window.rowCount, reference);
    const comparisons = reference === null ? [] : compareSides(reference.side, window, scope.types);
    const columns = chooseHeatColumns(scope.window, ctx.now);
    const heat = await readHeat(ctx, scope, comparisons, columns, input.statistic);
    const weekly = await findWeeklyKeys(ctx, scope, { reference, window }, comparisons);
    const features = comparisons
      .map(toListedDrift)
      .map((feature) => sayCoverage(sayWeekly(feature, weekly), coverage))
      .map((feature) => withhold(feature, waiting.reason));
    const countOf = (verdict: Verdict) => features.filter((one) => one.verdict === verdict).length;
    return {
      model: scope.model,
      environment: scope.environment,
      version: scope.version,
      segment: scope.segment ?? null,
      from: scope.window.fromTime.toISOString(),
      until: scope.window.untilTime.toISOString(),
      reference: reference?.described ?? null,
      referenceLack: reference === null ? await explainLack(ctx, scope, input) : null,
      statistic: input.statistic,
      windowRowCount: window.rowCount,
      labels: coverage,
      waitingShare: waiting.share,
      family: {
        size: features.length,
        testCount: comparisons[0]?.verdict.familySize ?? 0,
        driftCount: countOf("drift"),
        noDriftCount: countOf("no_drift"),
        cannotSayCount: countOf("cannot_say"),
        falseDiscoveryRate: FALSE_DISCOVERY_RATE,
      },
      features,
      bucketMs: columns.bucketMs,
      buckets: columns.starts.map((start) => start.toISOString()),
      heat,
    };
  },
});
