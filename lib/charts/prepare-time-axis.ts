import { formatClock, formatDay, partsIn, zoneName } from "./format-time.ts";

export interface TimeTick {
  timeMs: number;
  label: string;
}
export interface TimeAxis {
  domain: [number, number];
  ticks: TimeTick[];
  /** Written once under the axis: "CET". */
  zone: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const stepsMs = [
  ...[minuteMs, 5 * minuteMs, 15 * minuteMs, 30 * minuteMs],
  ...[hourMs, 2 * hourMs, 3 * hourMs, 6 * hourMs, 12 * hourMs],
  ...[dayMs, 2 * dayMs, 7 * dayMs, 14 * dayMs, 28 * dayMs, 91 * dayMs, 364 * dayMs],
];

/** How far the zone's wall clock is ahead of UTC at an instant. */
function offsetMs(zone: string, timeMs: number): number {
  const { year, month, day, hour, minute, second } = partsIn(zone, timeMs);
  const wallMs = Date.UTC(year, month - 1, day, hour, minute, second);
  return wallMs - Math.floor(timeMs / 1_000) * 1_000;
}

/** Ticks on the round hours and midnights of the reader's clock, also across a change of it. */
export function prepareTimeAxis(
  domain: [number, number],
  zone: string,
  tickCountMax: number,
): TimeAxis {
  const [fromMs, untilMs] = domain;
  const axis: TimeAxis = { domain, ticks: [], zone: zoneName(zone, untilMs) };
  if (!(untilMs > fromMs) || tickCountMax < 1) return axis;
  const wanted = (untilMs - fromMs) / tickCountMax;
  const stepMs = stepsMs.find((step) => step >= wanted) ?? stepsMs[stepsMs.length - 1] ?? dayMs;
  let wallMs = Math.ceil((fromMs + offsetMs(zone, fromMs)) / stepMs) * stepMs;
  for (let count = 0; count < tickCountMax * 4; count += 1, wallMs += stepMs) {
    const guessMs = wallMs - offsetMs(zone, wallMs - offsetMs(zone, fromMs));
    const timeMs = wallMs - offsetMs(zone, guessMs);
    if (timeMs >= untilMs) break;
    if (timeMs < fromMs) continue;
    const { hour, minute } = partsIn(zone, timeMs);
    const isMidnight = hour === 0 && minute === 0;
    axis.ticks.push({
      timeMs,
      label: stepMs >= dayMs || isMidnight ? formatDay(timeMs, zone) : formatClock(timeMs, zone),
    });
  }
  return axis;
}
