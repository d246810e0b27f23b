import { featureDriftInput, featureDriftOutput } from "#lib/api/drift.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { NO_PROFILE } from "#lib/stats/feature-profile.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { keyName } from "../profile/sum-profiles.ts";
import { chooseHeatColumns } from "./choose-heat-columns.ts";
import type { Comparison } from "./compare-sides.ts";
import { completePair, judgeSides, toFeatureDrift, withhold } from "./compare-sides.ts";
import { distributionBins } from "./distribution-bins.ts";
import { explainLack } from "./explain-lack.ts";
import { findWeeklyKeys, sayWeekly } from "./find-weekly-keys.ts";
import type { ProfileSide } from "./profile-side.ts";
import { absentProfile } from "./profile-side.ts";
import { readAsType } from "./read-as-type.ts";
import { readHeat } from "./read-heat.ts";
import { readLabelledSides, sayCoverage } from "./read-labels.ts";
import { judgeWaiting, readWaitingRows } from "./read-waiting.ts";
import { summariseSide } from "./summarise-side.ts";

/** One feature, or the prediction: its distribution in a window beside that of the reference, and how far apart they were
 *  over time. The verdict is that of the whole family, as on the page of all features. */
export const getFeatureDrift = defineService({
  name: "getFeatureDrift",
  role: "viewer",
  input: featureDriftInput,
  output: featureDriftOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const [{ reference, window, coverage }, waitingRows] = await Promise.all([
      readLabelledSides(ctx, scope, input),
      readWaitingRows(ctx, scope, input),
    ]);
    const waiting = judgeWaiting(waitingRows, window.rowCount, reference);
    const name = keyName(input);
    const judged = reference === null ? [] : judgeSides(reference.side, window, scope.types);
    const own = judged.find((one) => keyName(one) === name);
    const comparison = own === undefined ? null : completePair(own);
    const type = comparison?.type ?? scope.types.get(input.feature) ?? guessType(window, name);
    const windowSide =
      comparison?.window ??
      readAsType(findProfile(window, name) ?? absentProfile(window.rowCount), type);
    const columns = chooseHeatColumns(scope.window, ctx.now);
    const [heat] =
      comparison === null ? [] : await readHeat(ctx, scope, [comparison], columns, input.statistic);
    const drifts = comparison?.verdict.verdict.kind === "drift";
    // All that drift are one family there too.
    const weekly = drifts
      ? await findWeeklyKeys(ctx, scope, { reference, window }, judged)
      : new Map();
    const toShown = (found: Comparison) =>
      withhold(sayCoverage(sayWeekly(toFeatureDrift(found), weekly), coverage), waiting.reason);
    return {
      model: scope.model,
      environment: scope.environment,
      version: scope.version,
      segment: scope.segment ?? null,
      from: scope.window.fromTime.toISOString(),
      until: scope.window.untilTime.toISOString(),
      reference: reference?.described ?? null,
      referenceLack: reference === null ? await explainLack(ctx, scope, input) : null,
      drift: comparison === null ? null : toShown(comparison),
      bins: distributionBins(type, comparison?.reference ?? NO_PROFILE, windowSide),
      referenceSide: comparison === null ? null : summariseSide(comparison.reference, type),
      windowSide: summariseSide(windowSide, type),
      bucketMs: columns.bucketMs,
      series: columns.starts.map((start, i) => ({
        from: start.toISOString(),
        ...(heat?.cells[i] ?? {
          value: null,
          nullExpectation: null,
          verdict: "cannot_say" as const,
          rowCount: 0,
        }),
      })),
    };
  },
});

function findProfile(side: ProfileSide, name: string): FeatureProfile | undefined {
  return side.keys.find((key) => keyName(key) === name)?.profile;
}

function guessType(side: ProfileSide, name: string): FeatureType {
  const profile = findProfile(side, name);
  return (profile?.numericCount ?? 0) >= (profile?.stringCount ?? 0) + (profile?.booleanCount ?? 0)
    ? "numeric"
    : "categorical";
}
