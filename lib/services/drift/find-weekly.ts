import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { FeatureType, ProfileSubject } from "#lib/domain/model.ts";
import { isWeekly } from "#lib/rules/is-weekly.ts";
import type { FeatureVerdict } from "#lib/stats/verdict.ts";
import { isKept } from "../profile/cover-window.ts";
import { keyName } from "../profile/sum-profiles.ts";
import type { SidePair } from "./compare-sides.ts";
import { pairSides } from "./compare-sides.ts";
import type { ProfileSide } from "./profile-side.ts";

export const weekMs = 7 * 24 * 3_600_000;

export interface DriftedWindow {
  window: WindowTimes;
  reference: ProfileSide;
  side: ProfileSide;
  /** Names of the keys that drifted. */
  drifted: ReadonlySet<string>;
}

export interface WeeklyQuestion {
  types: ReadonlyMap<string, FeatureType>;
  now: Date;
  /** What each of some windows holds of some keys. */
  read(
    windows: readonly WindowTimes[],
    asked: { subjects: ProfileSubject[]; features: string[] },
  ): Promise<ProfileSide[]>;
  /** As one family, by the names of their keys. */
  judge(pairs: readonly SidePair[]): ReadonlyMap<string, FeatureVerdict>;
}

/** Which drifts of windows shorter than a week are the week's own, window by window. */
export async function findWeekly(
  { types, now, read, judge }: WeeklyQuestion,
  found: readonly DriftedWindow[],
): Promise<ReadonlySet<string>[]> {
  const back = (time: Date) => new Date(time.getTime() - weekMs);
  const asked = found.map(({ window: { fromTime, untilTime } }) => ({
    before: { fromTime: back(fromTime), untilTime: back(untilTime) },
    week: { fromTime: back(untilTime), untilTime },
  }));
  const drifted = found.flatMap(({ side: { keys }, drifted: names }) =>
    keys.filter((key) => names.has(keyName(key))),
  );
  const sides = await read(
    asked.flatMap(({ before, week }) => [before, week]),
    {
      subjects: [...new Set(drifted.map(({ subject }) => subject))],
      features: [...new Set(drifted.map(({ feature }) => feature))],
    },
  );
  return found.map((one, i) => {
    const stretches = asked[i];
    const [before, week] = [sides[2 * i], sides[2 * i + 1]];
    if (stretches === undefined || before === undefined || week === undefined) return new Set();
    if (!isKept(stretches.before, now) || !isKept(stretches.week, now)) return new Set();
    const verdictsOf = (reference: ProfileSide, other: ProfileSide) =>
      judge(pairSides(narrow(reference, one.drifted), narrow(other, one.drifted), types));
    const byWindow = verdictsOf(one.reference, one.side);
    const byBefore = verdictsOf(before, one.side);
    const byWeek = verdictsOf(one.reference, week);
    return new Set(
      [...one.drifted].filter((name) => {
        const ofWindow = byWindow.get(name);
        const ofBefore = byBefore.get(name);
        const ofWeek = byWeek.get(name);
        if (ofWindow === undefined || ofBefore === undefined || ofWeek === undefined) return false;
        return isWeekly({ window: ofWindow, before: ofBefore, week: ofWeek });
      }),
    );
  });
}

const narrow = ({ rowCount, keys }: ProfileSide, names: ReadonlySet<string>): ProfileSide => ({
  rowCount,
  keys: keys.filter((key) => names.has(keyName(key))),
});
