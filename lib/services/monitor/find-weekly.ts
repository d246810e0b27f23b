import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import type { FeatureVerdict } from "#lib/stats/verdict.ts";
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

export type JudgePairs = (
  pairs: ReturnType<typeof pairSides>,
) => readonly (FeatureVerdict["verdict"]["kind"] | undefined)[];

/** Which drifts of windows shorter than a week are the week's own: a flag of the weekend differs from any baseline on each single day. The
 *  window is as it was a week before, and the seven days up to its end are, all together, as the baseline. Whatever changes fails
 *  the first of the two at once, and the second from a week on; where either cannot say, nothing is explained. */
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
    const calm = (reference: ProfileSide, other: ProfileSide) => {
      const pairs = pairSides(
        narrow(reference, one.drifted),
        narrow(other, one.drifted),
        watch.types,
      );
      const verdicts = judge(pairs);
      return new Set(pairs.filter((_, at) => verdicts[at] === "no_drift").map(keyName));
    };
    const asBefore = calm(before, one.side);
    const asBaseline = calm(one.reference, week);
    return new Set([...asBefore].filter((name) => asBaseline.has(name)));
  });
}

const narrow = ({ rowCount, keys }: ProfileSide, names: ReadonlySet<string>): ProfileSide => ({
  rowCount,
  keys: keys.filter((key) => names.has(keyName(key))),
});
