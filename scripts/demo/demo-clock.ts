const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

/** January trains the model; production is the 21 whole weeks after it, so that a cycle follows a cycle without a gap
 *  and a Monday stays a Monday. */
export const trainingFromMs = Date.UTC(2001, 0, 1);
export const productionFromMs = Date.UTC(2001, 1, 1);
const cycleWeeks = 21;
const historyWeeks = 14;

export interface DemoClock {
  /** Added to a time of the record, in the cycle that began the demo. */
  shiftMs: number;
}

/** Chosen once, at the first start: `historyWeeks` of the record lie in the past, to within half a week. */
export function chooseShift(nowMs: number): DemoClock {
  const liveAtMs = productionFromMs + historyWeeks * weekMs;
  return { shiftMs: Math.round((nowMs - liveAtMs) / weekMs) * weekMs };
}

export interface RecordSpan {
  fromMs: number;
  untilMs: number;
  shiftMs: number;
  cycle: number;
}

/** Which parts of the record fall in [fromMs, untilMs) of real time; one span for each cycle that is touched. */
export function recordSpans(clock: DemoClock, fromMs: number, untilMs: number): RecordSpan[] {
  const cycleMs = cycleWeeks * weekMs;
  const startMs = productionFromMs + clock.shiftMs;
  const spans: RecordSpan[] = [];
  for (
    let cycle = Math.max(0, Math.floor((fromMs - startMs) / cycleMs));
    startMs + cycle * cycleMs < untilMs;
    cycle++
  ) {
    const shiftMs = clock.shiftMs + cycle * cycleMs;
    const span = {
      fromMs: Math.max(productionFromMs, fromMs - shiftMs),
      untilMs: Math.min(productionFromMs + cycleMs, untilMs - shiftMs),
      shiftMs,
      cycle,
    };
    if (span.untilMs > span.fromMs) spans.push(span);
  }
  return spans;
}

export function historyFromMs(clock: DemoClock): number {
  return productionFromMs + clock.shiftMs;
}

export const demoDayMs = dayMs;
