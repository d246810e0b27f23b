import type { AlertLabels, Silence, SilenceMatcher, SilenceState } from "#lib/domain/silence.ts";
import { silenceLimits } from "#lib/domain/silence.ts";
import { weekMinutes } from "#lib/domain/weekly-window.ts";
import { dayMs, minuteMs } from "./wall-clock.ts";
import { coveredMinutes, openIntervals, openUntil } from "./weekly-windows.ts";

/** What hides an alert, and until when it does so if nobody changes it and it ends only by the clock. */
export interface Silencing {
  silenceId: string;
  untilTime: Date;
}

/** The silence that hides an alert now, of several the one that does so longest; null when none does. It holds back pages and
 *  their repetitions, also of what began before it: never a message that something is resolved, and nothing from being recorded. */
export function findSilence(
  silences: readonly Silence[],
  labels: AlertLabels,
  now: Date,
): Silencing | null {
  let longest: Silencing | null = null;
  for (const silence of silences) {
    if (!matchesLabels(silence.matchers, labels)) continue;
    const untilTime = activeUntil(silence, now);
    if (untilTime !== null && (longest === null || untilTime > longest.untilTime))
      longest = { silenceId: silence.id, untilTime };
  }
  return longest;
}

export const isSilenced = (silences: readonly Silence[], labels: AlertLabels, now: Date): boolean =>
  findSilence(silences, labels, now) !== null;

/** An alert without the label is none of the values: it is matched by what the label is not, and by nothing else. No matchers
 *  match nothing. */
export function matchesLabels(matchers: readonly SilenceMatcher[], labels: AlertLabels): boolean {
  return (
    matchers.length > 0 &&
    matchers.every(({ label, comparison, values }) => {
      const value = labels[label];
      const isListed = value !== null && values.includes(value);
      return comparison === "is" ? isListed : !isListed;
    })
  );
}

/** When it is over for good. */
export function silenceEnd(silence: Silence): Date {
  const ends = [silence.endsAt];
  if (silence.expiredAt !== null) ends.push(silence.expiredAt);
  if (silence.quietMinutes !== null) {
    const sinceMs = Math.max(silence.startsAt.getTime(), silence.lastHidAt?.getTime() ?? 0);
    ends.push(new Date(sinceMs + silence.quietMinutes * minuteMs));
  }
  return new Date(Math.min(...ends.map((end) => end.getTime())));
}

export function silenceState(silence: Silence, now: Date): SilenceState {
  if (silenceEnd(silence) <= now) return "ended";
  if (silence.startsAt > now) return "pending";
  return activeUntil(silence, now) === null ? "waiting" : "active";
}

/** Until when a silence that holds now does so without a break; null when it does not hold now. */
export function activeUntil(silence: Silence, now: Date): Date | null {
  const end = silenceEnd(silence);
  if (silence.startsAt > now || end <= now) return null;
  if (silence.recurrence === null) return end;
  const { windows, timeZone } = silence.recurrence;
  const untilMs = openUntil(windows, timeZone, now.getTime());
  return untilMs === null ? null : new Date(Math.min(untilMs, end.getTime()));
}

/** When maintenance holds next, or since when it does; null when it never does again. */
export function nextMaintenance(silence: Silence, now: Date): { from: Date; until: Date } | null {
  if (silence.recurrence === null) return null;
  const { windows, timeZone } = silence.recurrence;
  const fromMs = Math.max(now.getTime(), silence.startsAt.getTime());
  const endMs = silenceEnd(silence).getTime();
  if (endMs <= fromMs) return null;
  const [next] = openIntervals(windows, timeZone, { fromMs, untilMs: fromMs + 9 * dayMs });
  if (next === undefined || next.fromMs >= endMs) return null;
  const from = new Date(Math.max(next.fromMs, silence.startsAt.getTime()));
  return { from, until: new Date(Math.min(next.untilMs, endMs)) };
}

/** Why a silence may not be; null when it may. */
export function refuseSilence(
  silence: Pick<Silence, "startsAt" | "endsAt" | "quietMinutes" | "recurrence">,
  now: Date,
): { path: string; message: string } | null {
  const { startsAt, endsAt, quietMinutes, recurrence } = silence;
  if (endsAt <= now) return { path: "endsAt", message: "must lie in the future" };
  if (endsAt <= startsAt) return { path: "endsAt", message: "must be after startsAt" };
  const daysMax = recurrence === null ? silenceLimits.daysMax : silenceLimits.maintenanceDaysMax;
  if (endsAt.getTime() - startsAt.getTime() > daysMax * dayMs)
    return { path: "endsAt", message: `must be at most ${daysMax} days after startsAt` };
  if (startsAt.getTime() - now.getTime() > silenceLimits.maintenanceDaysMax * dayMs)
    return { path: "startsAt", message: "must be within a year" };
  if (recurrence === null) return null;
  if (quietMinutes !== null)
    return { path: "quietMinutes", message: "must be null of maintenance that comes back" };
  if (coveredMinutes(recurrence.windows) > weekMinutes / 2)
    return {
      path: "recurrence.windows",
      message: "must cover at most half of the week: what is hidden all the time is forgotten",
    };
  return null;
}
