import { partsIn } from "#lib/charts/format-time.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** What a zone's clock shows, as the instant at which the clock of UTC shows the same: to add a day to it is to add one of the
 *  calendar, however long that day is. */
export function wallOf(zone: string, timeMs: number): number {
  const { year, month, day, hour, minute, second } = partsIn(zone, timeMs);
  const withinSecond = ((timeMs % 1_000) + 1_000) % 1_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) + withinSecond;
}

/** When a zone's clock shows this. What it shows twice, as clocks go back, is its first time; what it never shows, as they go
 *  forward, is as long after the change as it lies after the hour that was left out began. */
export function instantOf(zone: string, wallMs: number): number {
  const before = wallMs - offsetAt(zone, wallMs - dayMs);
  if (wallOf(zone, before) === wallMs) return before;
  const after = wallMs - offsetAt(zone, wallMs + dayMs);
  return wallOf(zone, after) === wallMs ? after : before;
}

function offsetAt(zone: string, timeMs: number): number {
  return wallOf(zone, timeMs) - timeMs;
}

/** The day of a wall clock, at midnight. */
export const startOfDay = (wallMs: number): number => Math.floor(wallMs / dayMs) * dayMs;

/** From 1, Monday, to 7, Sunday. */
export const weekdayOf = (wallMs: number): number =>
  ((((Math.floor(wallMs / dayMs) + 3) % 7) + 7) % 7) + 1;
