/** What came of one window of a replay, all series together. */
export interface ReplayedWindow {
  untilMs: number;
  /** Some series had a value. */
  hasValue: boolean;
  /** The profiles that it is read from still exist. */
  isKept: boolean;
}

export interface ReplayedFiring {
  fromMs: number;
  untilMs: number | null;
}

export interface ReplayToJudge {
  windows: readonly ReplayedWindow[];
  firings: readonly ReplayedFiring[];
  /** The impact began no sooner; what fires after it found it. */
  impactMs: number;
  /** Until when it had to be told. */
  deadlineMs: number;
  /** From a window's end until it is asked. */
  settleMs: number;
  cadenceMs: number;
  nowMs: number;
}

export type ReplayVerdict =
  | { kind: "fired"; windowUntilMs: number; firedAtMs: number }
  | { kind: "already"; windowUntilMs: number }
  | { kind: "silent" }
  | { kind: "cannot_say"; reason: string };

/** Whether a replayed monitor found an impact in time. Silence counts only where it could have spoken: with history that is gone, or
 *  was never there, nobody can say. What fired before the impact and still does finds nothing. */
export function judgeReplay(replay: ReplayToJudge): ReplayVerdict {
  const { windows, firings, impactMs, deadlineMs, settleMs, cadenceMs, nowMs } = replay;
  const inTime = firings
    .filter(({ fromMs }) => fromMs > impactMs && fromMs + settleMs <= deadlineMs)
    .toSorted((a, b) => a.fromMs - b.fromMs)[0];
  if (inTime !== undefined)
    return {
      kind: "fired",
      windowUntilMs: inTime.fromMs,
      firedAtMs: inTime.fromMs + settleMs,
    };
  if (deadlineMs > nowMs)
    return { kind: "cannot_say", reason: "the moment by which it is due has not come yet" };
  const asked = windows.filter(
    ({ untilMs }) => untilMs > impactMs && untilMs + settleMs <= deadlineMs,
  );
  const first = windows[0]?.untilMs;
  const isCovered = first === undefined || first <= impactMs + cadenceMs;
  if (!isCovered)
    return {
      kind: "cannot_say",
      reason: "its replay does not reach back to when the impact began",
    };
  const gone = asked.filter(({ isKept }) => !isKept).length;
  if (gone > 0)
    return {
      kind: "cannot_say",
      reason: `${gone} of its ${asked.length} windows are no longer kept`,
    };
  const already = firings.find(
    ({ fromMs, untilMs }) => fromMs <= impactMs && (untilMs === null || untilMs > impactMs),
  );
  if (already !== undefined) return { kind: "already", windowUntilMs: already.fromMs };
  if (asked.length > 0 && !asked.some(({ hasValue }) => hasValue))
    return { kind: "cannot_say", reason: "none of its windows had a value" };
  return { kind: "silent" };
}

export interface FalseAlerts {
  count: number;
  /** Of history that could be judged. */
  days: number;
  /** Null: less than a day says nothing of a month. */
  per30Days: number | null;
}

/** What it costs: firings that began outside of the impact, over as much history as had values. */
export function countFalseAlerts(
  { windows, firings, impactMs, cadenceMs }: ReplayToJudge,
  impactEndMs: number,
): FalseAlerts {
  const isOutside = (ms: number) => ms <= impactMs || ms > impactEndMs;
  const count = firings.filter(({ fromMs }) => isOutside(fromMs)).length;
  const known = windows.filter(({ untilMs, hasValue }) => hasValue && isOutside(untilMs)).length;
  const days = (known * cadenceMs) / 86_400_000;
  return { count, days, per30Days: days < 1 ? null : (count / days) * 30 };
}
