import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import { isWeekly } from "#lib/rules/is-weekly.ts";
import type { FeatureVerdict } from "#lib/stats/verdict.ts";
import type { SidePair } from "../drift/compare-sides.ts";
import { pairSides } from "../drift/compare-sides.ts";
import type { ProfileSide } from "../drift/profile-side.ts";
import { isKept } from "../profile/cover-window.ts";
import { keyName } from "../profile/sum-profiles.ts";
import { readSides } from "./read-sides.ts";
import type { ReadContext, Watch, WatchedSide } from "./watch.ts";

const weekMs = windowLengthMs["7d"];

export interface DriftedWindow {
  window: WindowTimes;
  reference: ProfileSide;
  side: ProfileSide;
  /** Names of the keys that drifted. */
  drifted: ReadonlySet<string>;
}

/** As one family, by the names of their keys. */
export type JudgePairs = (pairs: readonly SidePair[]) => ReadonlyMap<string, FeatureVerdict>;

/** Which drifts of windows shorter than a week are the week's own, window by window. */
export async function findWeekly(
  ctx: ReadContext,
  watch: Watch,
  side: WatchedSide,
  found: readonly DriftedWindow[],
  judge: JudgePairs,
): Promise<ReadonlySet<string>[]> {
  const back = (time: Date) => new Date(time.getTime() - weekMs);
  const asked = found.map(({ window: { fromTime, untilTime } }) => ({
    before: { fromTime: back(fromTime), untilTime: back(untilTime) },
    week: { fromTime: back(untilTime), untilTime },
  }));
  const drifted = found.flatMap(({ side: { keys }, drifted: names }) =>
    keys.filter((key) => names.has(keyName(key))),
  );
  const read = await readSides(
    ctx,
    watch,
    side,
    asked.flatMap(({ before, week }) => [before, week]),
    {
      subjects: [...new Set(drifted.map(({ subject }) => subject))],
      features: [...new Set(drifted.map(({ feature }) => feature))],
    },
  );
  return found.map((one, i) => {
    const stretches = asked[i];
    const [before, week] = [read[2 * i], read[2 * i + 1]];
    if (stretches === undefined || before === undefined || week === undefined) return new Set();
    if (!isKept(stretches.before, watch.now) || !isKept(stretches.week, watch.now))
      return new Set();
    const verdictsOf = (reference: ProfileSide, other: ProfileSide) =>
      judge(pairSides(narrow(reference, one.drifted), narrow(other, one.drifted), watch.types));
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
