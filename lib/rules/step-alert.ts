import type { SeriesOutcome, SeriesResult } from "#lib/domain/monitor.ts";

/** N of the last M known windows fire; so many in a row that are beyond the clear threshold clear. */
export interface AlertSettings {
  fireCount: number;
  windowCount: number;
  clearCount: number;
}

export interface KnownWindow {
  fromMs: number;
  untilMs: number;
  revision: number;
  result: Extract<SeriesResult, { kind: "value" }>;
}

/** What an alert remembers of one series: plain values, to be kept as they are. */
export interface AlertMemory {
  state: "calm" | "firing";
  /** Windows with a value, oldest first; what is unknown is not among them. */
  known: KnownWindow[];
  /** Windows that end here or before have had their say. */
  settledUntilMs: number | null;
  /** Ends of the windows at which it began to fire lately. */
  firedAtMs: number[];
  /** The newest windows, where they could not be judged. */
  unknown: { sinceMs: number; untilMs: number; kind: "no_data" | "failed"; reason: string } | null;
}

export const calmMemory: AlertMemory = {
  state: "calm",
  known: [],
  settledUntilMs: null,
  firedAtMs: [],
  unknown: null,
};

export type AlertChange =
  | {
      kind: "fired";
      /** Where the oldest of the windows that decided begins. */
      beginsMs: number;
      /** The newest of them. */
      decidedBy: KnownWindow;
      isFlapping: boolean;
    }
  | { kind: "cleared"; decidedBy: KnownWindow };

export interface AlertStep {
  memory: AlertMemory;
  change: AlertChange | null;
}

const dayMs = 86_400_000;
/** So many beginnings within a day, or within so many windows where those are longer, are a flapping alert. */
const flapFireCount = 4;
const flapWindowCount = 20;
/** What flaps must be calm for so many times as long before it clears: it pages less, and hides nothing. */
const flapClearFactor = 3;

/** One window of one series comes in, new or judged again. Windows without a value freeze the alert as it is: they neither fire nor
 *  clear. A window that is judged again is put in its place, and fires only if the newest windows together say so now. */
export function stepAlert(
  memory: AlertMemory,
  { windowFrom, windowUntil, result }: Pick<SeriesOutcome, "windowFrom" | "windowUntil" | "result">,
  settings: AlertSettings,
  revision = 0,
): AlertStep {
  const untilMs = windowUntil.getTime();
  const isSettled = memory.settledUntilMs !== null && untilMs <= memory.settledUntilMs;
  const before = memory.known.find((window) => window.untilMs === untilMs);
  if (isSettled || (before !== undefined && before.revision > revision))
    return { memory, change: null };
  const others = memory.known.filter((window) => window.untilMs !== untilMs);
  if (result.kind !== "value")
    return {
      memory: { ...memory, known: others, unknown: unknownAfter(memory, untilMs, result) },
      change: null,
    };
  const window = { fromMs: windowFrom.getTime(), untilMs, revision, result };
  const known = [...others, window]
    .sort((a, b) => a.untilMs - b.untilMs)
    .slice(-Math.max(settings.windowCount, settings.clearCount * flapClearFactor));
  const unknown =
    memory.unknown !== null && memory.unknown.untilMs > untilMs ? memory.unknown : null;
  return decide({ ...memory, known, unknown }, settings);
}

/** The alert is over for another reason than its values: a person resolved it, or its monitor is gone. What comes later counts anew. */
export function settleAlert(memory: AlertMemory, untilMs: number): AlertMemory {
  return { ...memory, state: "calm", known: [], settledUntilMs: untilMs };
}

export function isFlapping(firedAtMs: readonly number[], window: KnownWindow): boolean {
  const spanMs = Math.max(dayMs, flapWindowCount * (window.untilMs - window.fromMs));
  return firedAtMs.filter((firedMs) => firedMs > window.untilMs - spanMs).length >= flapFireCount;
}

function decide(memory: AlertMemory, settings: AlertSettings): AlertStep {
  const newest = memory.known.at(-1);
  if (newest === undefined) return { memory, change: null };
  switch (memory.state) {
    case "calm": {
      const fires = memory.known
        .slice(-settings.windowCount)
        .filter(({ result }) => result.judged === "fire");
      const [oldest] = fires;
      const decidedBy = fires.at(-1);
      // Old windows that were judged again do not page for what newer ones have overtaken.
      const isOvertaken = hasCleared(memory.known, settings.clearCount);
      if (fires.length < settings.fireCount || isOvertaken) return { memory, change: null };
      if (oldest === undefined || decidedBy === undefined) return { memory, change: null };
      const firedAtMs = [...memory.firedAtMs, decidedBy.untilMs].slice(-flapFireCount);
      return {
        memory: { ...memory, state: "firing", firedAtMs },
        change: {
          kind: "fired",
          beginsMs: oldest.fromMs,
          decidedBy,
          isFlapping: isFlapping(firedAtMs, decidedBy),
        },
      };
    }
    case "firing": {
      const factor = isFlapping(memory.firedAtMs, newest) ? flapClearFactor : 1;
      if (!hasCleared(memory.known, settings.clearCount * factor)) return { memory, change: null };
      return {
        memory: settleAlert(memory, newest.untilMs),
        change: { kind: "cleared", decidedBy: newest },
      };
    }
  }
}

function hasCleared(known: readonly KnownWindow[], count: number): boolean {
  const last = known.slice(-count);
  return last.length === count && last.every(({ result }) => result.judged === "clear");
}

function unknownAfter(
  { known, unknown }: AlertMemory,
  untilMs: number,
  { kind, reason }: Exclude<SeriesResult, { kind: "value" }>,
): AlertMemory["unknown"] {
  const newestMs = Math.max(unknown?.untilMs ?? untilMs, known.at(-1)?.untilMs ?? untilMs);
  if (untilMs < newestMs) return unknown;
  return { sinceMs: Math.min(unknown?.sinceMs ?? untilMs, untilMs), untilMs, kind, reason };
}
