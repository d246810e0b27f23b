import type { MonitorThreshold } from "#lib/domain/monitor-definition.ts";

/** A value of one series in one window, as it is held against a threshold. */
export interface Measured {
  value: number;
  /** 95 %; null where there is none. */
  lower: number | null;
  upper: number | null;
}

/** Between which values a series usually lies at this time of the week, with the value that is expected. */
export interface UsualBand {
  expected: number;
  lower: number;
  upper: number;
}

export type Judged = "fire" | "clear" | "between";

export interface Judgement {
  judged: Judged;
  fireThreshold: number;
  clearThreshold: number;
}

export type FixedThreshold = Extract<MonitorThreshold, { kind: "fixed" }>;

/** Where a band ends and fires, the way half to what is expected clears: a value that only just came back is not over. */
const clearShare = 0.5;

/** Whether a value is beyond where it fires, or where it clears. Where there is an interval and it counts, the bound decides that
 *  is the last to cross: beyond for sure, and over for sure. On the threshold itself is not beyond it. */
export function judgeFixed(
  measured: Measured,
  { direction, fire, clear }: Pick<FixedThreshold, "direction" | "fire" | "clear">,
  usesInterval: boolean,
): Judgement {
  const low = usesInterval ? (measured.lower ?? measured.value) : measured.value;
  const high = usesInterval ? (measured.upper ?? measured.value) : measured.value;
  const [isBeyond, isOver] =
    direction === "above" ? [low > fire, high <= clear] : [high < fire, low >= clear];
  return { judged: judgedOf(isBeyond, isOver), fireThreshold: fire, clearThreshold: clear };
}

/** The same against what a series usually does. `either`: the side that the value lies on. */
export function judgeLearned(
  measured: Measured,
  band: UsualBand,
  direction: "above" | "below" | "either",
  usesInterval: boolean,
): Judgement {
  const side = direction === "either" ? sideOf(measured.value, band) : direction;
  const fire = side === "above" ? band.upper : band.lower;
  const clear = fire + clearShare * (band.expected - fire);
  const found = judgeFixed(measured, { direction: side, fire, clear }, usesInterval);
  // A wide interval that holds all that is usual is no reason to go on firing.
  const isUsual = measured.value >= band.lower && measured.value <= band.upper;
  if (found.judged !== "between" || !usesInterval || !isUsual) return found;
  return judgeFixed(measured, { direction: side, fire, clear }, false);
}

const sideOf = (value: number, { expected }: UsualBand) => (value >= expected ? "above" : "below");

const judgedOf = (isBeyond: boolean, isOver: boolean): Judged => {
  if (isBeyond) return "fire";
  return isOver ? "clear" : "between";
};
