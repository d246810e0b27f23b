import type { Cadence, WindowLength } from "#lib/domain/monitor-definition.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";

export interface PlannedWindow {
  fromTime: Date;
  untilTime: Date;
}

export interface WindowPlan {
  /** Oldest first. */
  windows: PlannedWindow[];
  /** The end of the first window that is not due yet. */
  nextUntil: Date;
  /** When that is to be asked. */
  dueAt: Date;
  /** Missed ends that were too many to make up for: the oldest of them. */
  skippedCount: number;
  skippedUntil: Date | null;
}

/** Windows that a stop left out and that are made up for. */
export const missedMax = 96;

interface Timing {
  window: WindowLength;
  cadence: Cadence;
  settleSeconds: number;
}

/** The windows that are due: one for every end of the cadence from `nextUntil` on whose settling time has passed. */
export function planWindows(
  nextUntil: Date,
  { window, cadence, settleSeconds }: Timing,
  now: Date,
): WindowPlan {
  const stepMs = windowLengthMs[cadence];
  const lengthMs = windowLengthMs[window];
  const settleMs = settleSeconds * 1_000;
  const firstMs = Math.ceil(nextUntil.getTime() / stepMs) * stepMs;
  const dueCount = Math.max(0, Math.floor((now.getTime() - settleMs - firstMs) / stepMs) + 1);
  const skippedCount = Math.max(0, dueCount - missedMax);
  const nextMs = firstMs + dueCount * stepMs;
  return {
    windows: Array.from({ length: dueCount - skippedCount }, (_, i) => {
      const untilMs = firstMs + (skippedCount + i) * stepMs;
      return { fromTime: new Date(untilMs - lengthMs), untilTime: new Date(untilMs) };
    }),
    nextUntil: new Date(nextMs),
    dueAt: new Date(nextMs + settleMs),
    skippedCount,
    skippedUntil: skippedCount === 0 ? null : new Date(firstMs + (skippedCount - 1) * stepMs),
  };
}

/** The end of the newest window that has ended. */
export function firstUntilOf(cadence: Cadence, now: Date): Date {
  const stepMs = windowLengthMs[cadence];
  return new Date(Math.floor(now.getTime() / stepMs) * stepMs);
}

/** The end of the first window of a monitor that begins now: it asks about as many past ones as it decides by, so that trouble which
 *  goes on already is told at once. */
export function beginningOf(
  { cadence }: Pick<Timing, "cadence">,
  windowCount: number,
  now: Date,
): Date {
  const newestMs = firstUntilOf(cadence, now).getTime();
  return new Date(newestMs - (windowCount - 1) * windowLengthMs[cadence]);
}

/** The last windows up to a moment, oldest first, as they would have been asked. */
export function windowsBetween(
  from: Date,
  until: Date,
  { window, cadence }: Pick<Timing, "window" | "cadence">,
): PlannedWindow[] {
  const stepMs = windowLengthMs[cadence];
  const lengthMs = windowLengthMs[window];
  const firstMs = Math.ceil((from.getTime() + lengthMs) / stepMs) * stepMs;
  const lastMs = Math.floor(until.getTime() / stepMs) * stepMs;
  const count = Math.max(0, (lastMs - firstMs) / stepMs + 1);
  return Array.from({ length: count }, (_, i) => ({
    fromTime: new Date(firstMs + i * stepMs - lengthMs),
    untilTime: new Date(firstMs + i * stepMs),
  }));
}
