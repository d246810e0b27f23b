import type { WeeklyWindow } from "#lib/domain/weekly-window.ts";
import { dayMinutes, weekMinutes } from "#lib/domain/weekly-window.ts";
import { dayMs, instantOf, minuteMs, startOfDay, wallOf, weekdayOf } from "./wall-clock.ts";

export interface Interval {
  fromMs: number;
  untilMs: number;
}

/** When weekly windows are open between two instants, each as it stands in the calendar of its zone, whole: it may begin before
 *  and end after. In order of their beginning; they may overlap. */
export function openIntervals(
  windows: readonly WeeklyWindow[],
  zone: string,
  { fromMs, untilMs }: Interval,
): Interval[] {
  const found: Interval[] = [];
  const last = startOfDay(wallOf(zone, untilMs)) + dayMs;
  for (let day = startOfDay(wallOf(zone, fromMs)) - 2 * dayMs; day <= last; day += dayMs) {
    for (const { weekdays, fromMinute, untilMinute } of windows) {
      if (!weekdays.includes(weekdayOf(day))) continue;
      const untilDay = untilMinute > fromMinute ? day : day + dayMs;
      const interval = {
        fromMs: instantOf(zone, day + fromMinute * minuteMs),
        untilMs: instantOf(zone, untilDay + untilMinute * minuteMs),
      };
      const isLong = interval.untilMs > interval.fromMs;
      if (isLong && interval.untilMs > fromMs && interval.fromMs < untilMs) found.push(interval);
    }
  }
  return found.sort((a, b) => a.fromMs - b.fromMs || a.untilMs - b.untilMs);
}

/** Until when windows stay open that are open now, one that begins as another ends included; null when none is open. */
export function openUntil(
  windows: readonly WeeklyWindow[],
  zone: string,
  nowMs: number,
): number | null {
  let untilMs: number | null = null;
  for (const open of openIntervals(windows, zone, { fromMs: nowMs, untilMs: nowMs + 8 * dayMs }))
    if (open.fromMs <= (untilMs ?? nowMs)) untilMs = Math.max(untilMs ?? nowMs, open.untilMs);
  return untilMs;
}

/** How many minutes of an ordinary week windows cover together. */
export function coveredMinutes(windows: readonly WeeklyWindow[]): number {
  const isCovered = new Uint8Array(weekMinutes);
  for (const { weekdays, fromMinute, untilMinute } of windows) {
    const length = untilMinute - fromMinute + (untilMinute > fromMinute ? 0 : dayMinutes);
    for (const weekday of weekdays) {
      const from = (weekday - 1) * dayMinutes + fromMinute;
      for (let minute = from; minute < from + length; minute += 1)
        isCovered[minute % weekMinutes] = 1;
    }
  }
  return isCovered.reduce((sum, one) => sum + one, 0);
}
