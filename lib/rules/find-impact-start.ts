import { findLevelShift } from "#lib/stats/level-shift.ts";
import { studentTwoSided } from "#lib/stats/student-distribution.ts";

export interface HistoryWindow {
  from: Date;
  until: Date;
  value: number | null;
}

export interface ImpactStart {
  at: Date;
  /** It lies between these with 95 %; null where it was not found in the values but taken from the alert. */
  between: { from: Date; until: Date } | null;
}

/** A shift that chance gives rarely, wherever one looks for it. */
const pMax = 0.01;

/** When trouble began, by the values and not by the alert: where their level shifted towards what fired. Without a clear shift, or with
 *  one that came later, where the first of the windows began that fired. */
export function findImpactStart(history: readonly HistoryWindow[], beganAt: Date): ImpactStart {
  const known = history.filter(
    (one): one is HistoryWindow & { value: number } => one.value !== null,
  );
  const shift = findLevelShift(known.map(({ value }) => value));
  const fired = known.at(-1);
  const alone = { at: beganAt, between: null };
  if (shift === null || fired === undefined) return alone;
  const splitCount = known.length - 3;
  const p = splitCount * studentTwoSided(Math.sqrt(shift.statistic), known.length - 2);
  const isTowards = Math.abs(fired.value - shift.after) < Math.abs(fired.value - shift.before);
  const at = known[shift.index]?.from;
  if (p > pMax || !isTowards || at === undefined || at > beganAt) return alone;
  const from = known[shift.from]?.from ?? at;
  const until = known[shift.until]?.from ?? at;
  return { at, between: { from, until } };
}
