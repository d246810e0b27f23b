import type { Expectation } from "#lib/domain/runbook.ts";
import type { Measured } from "./judge-series.ts";

export type RangeExpectation = Extract<Expectation, { kind: "range" }>;

/** Whether a value lies where it is expected. Where it has an interval, the whole of it must lie on one side: a figure whose
 *  noise reaches across a bound does not say where to go. */
export function judgeExpectation(
  { value, lower, upper }: Measured,
  expect: Pick<RangeExpectation, "low" | "high">,
): "in_range" | "out_of_range" | "cannot_say" {
  if (!Number.isFinite(value)) return "cannot_say";
  const ends = [lower ?? value, upper ?? value];
  if (ends.every((end) => isWithin(end, expect))) return "in_range";
  const isBelow = ends.every((end) => !isAbove(end, expect.low));
  const isBeyond = ends.every((end) => !isBelowBound(end, expect.high));
  return isBelow || isBeyond ? "out_of_range" : "cannot_say";
}

type Bound = RangeExpectation["low"];

const isAbove = (value: number, bound: Bound) =>
  bound === null || (bound.isIn ? value >= bound.at : value > bound.at);
const isBelowBound = (value: number, bound: Bound) =>
  bound === null || (bound.isIn ? value <= bound.at : value < bound.at);
const isWithin = (value: number, { low, high }: Pick<RangeExpectation, "low" | "high">) =>
  isAbove(value, low) && isBelowBound(value, high);

/** A value as a share of the reference's, as wide as both intervals allow. Null: there is nothing to divide by. */
export function ratioOf(
  window: Measured,
  reference: Measured,
): (Measured & { lower: number; upper: number }) | null {
  const { value: of } = reference;
  const least = reference.lower ?? of;
  const most = reference.upper ?? of;
  if (!(of > 0) || !(least > 0) || !Number.isFinite(window.value)) return null;
  const lower = (window.lower ?? window.value) / most;
  const upper = (window.upper ?? window.value) / least;
  return { value: window.value / of, lower, upper };
}
