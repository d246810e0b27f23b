import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { FeatureType, ProfileSubject } from "#lib/domain/model.ts";
import { isOfItsHours, isWeekly } from "#lib/rules/is-weekly.ts";
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

/** By what a drift is known to be the week's own: the window is as it was a week before, or as the baseline was at the same hours. */
export type WeeklySource = "week_before" | "baseline_hours";

export interface KeysAsked {
  subjects: ProfileSubject[];
  features: string[];
}

export interface WeeklyQuestion {
  types: ReadonlyMap<string, FeatureType>;
  now: Date;
  /** What each of some windows holds of some keys. */
  read(windows: readonly WindowTimes[], asked: KeysAsked): Promise<ProfileSide[]>;
  /** What the baseline held at the same hours of the week as a window; null where its rows have no times. */
  readHours(asked: KeysAsked): Promise<((window: WindowTimes) => ProfileSide) | null>;
  /** As one family, by the names of their keys. */
  judge(pairs: readonly SidePair[]): ReadonlyMap<string, FeatureVerdict>;
}

/** Which drifts of windows shorter than a week are the week's own, window by window. */
export async function findWeekly(
  { types, now, read, readHours, judge }: WeeklyQuestion,
  found: readonly DriftedWindow[],
): Promise<ReadonlyMap<string, WeeklySource>[]> {
  const back = (time: Date) => new Date(time.getTime() - weekMs);
  const asked = found.map(({ window: { fromTime, untilTime } }) => ({
    before: { fromTime: back(fromTime), untilTime: back(untilTime) },
    week: { fromTime: back(untilTime), untilTime },
  }));
  const drifted = found.flatMap(({ side: { keys }, drifted: names }) =>
    keys.filter((key) => names.has(keyName(key))),
  );
  const keys = {
    subjects: [...new Set(drifted.map(({ subject }) => subject))],
    features: [...new Set(drifted.map(({ feature }) => feature))],
  };
  const sides = await read(
    asked.flatMap(({ before, week }) => [before, week]),
    keys,
  );
  const known = found.map((_, i) => {
    const stretches = asked[i];
    const [before, week] = [sides[2 * i], sides[2 * i + 1]];
    if (stretches === undefined || before === undefined || week === undefined) return null;
    if (before.rowCount === 0) return null;
    return isKept(stretches.before, now) && isKept(stretches.week, now) ? { before, week } : null;
  });
  const hoursOf = known.includes(null) ? await readHours(keys) : null;
  return found.map((one, i) => {
    const verdictsOf = (reference: ProfileSide, other: ProfileSide) =>
      judge(pairSides(narrow(reference, one.drifted), narrow(other, one.drifted), types));
    const past = known[i] ?? null;
    if (past === null && hoursOf === null) return new Map();
    const byWindow = verdictsOf(one.reference, one.side);
    if (past === null) {
      const byHours = hoursOf === null ? null : verdictsOf(hoursOf(one.window), one.side);
      return sourceOf("baseline_hours", one.drifted, (name) => {
        const [window, hours] = [byWindow.get(name), byHours?.get(name)];
        return window !== undefined && hours !== undefined && isOfItsHours({ window, hours });
      });
    }
    const byBefore = verdictsOf(past.before, one.side);
    const byWeek = verdictsOf(one.reference, past.week);
    return sourceOf("week_before", one.drifted, (name) => {
      const [window, before] = [byWindow.get(name), byBefore.get(name)];
      const week = byWeek.get(name);
      if (window === undefined || before === undefined || week === undefined) return false;
      return isWeekly({ window, before, week });
    });
  });
}

const sourceOf = (
  source: WeeklySource,
  names: ReadonlySet<string>,
  isSo: (name: string) => boolean,
): ReadonlyMap<string, WeeklySource> =>
  new Map([...names].filter(isSo).map((name) => [name, source]));

const narrow = ({ rowCount, keys }: ProfileSide, names: ReadonlySet<string>): ProfileSide => ({
  rowCount,
  keys: keys.filter((key) => names.has(keyName(key))),
});
