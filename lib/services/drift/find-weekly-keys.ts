import type { FeatureDrift } from "#lib/api/drift.ts";
import { verdictsOf } from "#lib/stats/verdict.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { readStretches } from "../profile/read-stretches.ts";
import { keyName } from "../profile/sum-profiles.ts";
import type { JudgedPair, SidePair } from "./compare-sides.ts";
import { testDrift } from "./compare-sides.ts";
import type { WeeklyQuestion, WeeklySource } from "./find-weekly.ts";
import { findWeekly, weekMs } from "./find-weekly.ts";
import type { ProfileSide } from "./profile-side.ts";
import { toSide } from "./profile-side.ts";
import { readBaselineHours } from "./read-baseline-hours.ts";
import type { Reference } from "./read-reference.ts";

/** Which keys drift from a baseline in less than a week as the calendar has it, by the rule of monitors. Nothing is read where nothing
 *  drifts. Labels are left out: of the newest days few have come. */
export async function findWeeklyKeys(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">,
  scope: ResolvedScope,
  { reference, window }: { reference: Reference | null; window: ProfileSide },
  judged: readonly Pick<JudgedPair, "subject" | "feature" | "verdict">[],
): Promise<ReadonlyMap<string, WeeklySource>> {
  const { fromTime, untilTime } = scope.window;
  const isShort = untilTime.getTime() - fromTime.getTime() < weekMs;
  if (reference?.described.kind !== "baseline" || !isShort) return new Map();
  const drifted = new Set(
    judged
      .filter(({ subject, verdict }) => verdict.verdict.kind === "drift" && subject !== "label")
      .map(keyName),
  );
  if (drifted.size === 0) return new Map();
  const read: WeeklyQuestion["read"] = async (windows, asked) => {
    const found = await readStretches(ctx, scope, windows, {
      ...asked,
      subjects: ["row", ...asked.subjects],
      keysMax: asked.features.length + keysBesideFeatures,
    });
    return found.map(toSide);
  };
  const one = { window: { fromTime, untilTime }, reference: reference.side, side: window, drifted };
  const { types, now } = scope;
  const readHours: WeeklyQuestion["readHours"] = (asked) => readBaselineHours(ctx, scope, asked);
  const question = { types, now, read, readHours, judge };
  const [weekly = new Map<string, WeeklySource>()] = await findWeekly(question, [one]);
  return weekly;
}

const words: Record<WeeklySource, string> = {
  week_before: "as a week before",
  baseline_hours: "as the baseline at these hours of the week",
};

/** It differs, and is nothing new. */
export const sayWeekly = (
  drift: FeatureDrift,
  weekly: ReadonlyMap<string, WeeklySource>,
): FeatureDrift => {
  const source = weekly.get(keyName(drift));
  if (source === undefined) return drift;
  const reason = `${words[source]}: follows the calendar; ${drift.reason}`;
  return { ...drift, verdict: "no_drift", reason };
};

/** Forms of a prediction and the rows themselves. */
const keysBesideFeatures = 8;

function judge(pairs: readonly SidePair[]) {
  const verdicts = verdictsOf(
    pairs.map((pair) => ({
      feature: keyName(pair),
      tests: testDrift(pair.type, pair.reference, pair.window),
    })),
  );
  return new Map(verdicts.map((verdict) => [verdict.feature, verdict]));
}
