/** Difference of precision and of F1 of two models that decided on the same rows, with its 95 % interval and a test.
 *
 *  Definition. Every row is one of eight kinds: what the first decided, what the second did, what turned out. Both metrics are
 *  smooth functions of those counts, and the variance of their difference follows by the delta method on a multinomial, which
 *  holds what the two models have in common. The interval is the normal one, the test z = difference / standard error.
 *  Matches numpy by the same definition with numeric derivatives, and a bootstrap over rows within its own noise.
 *  Degenerate input: a metric that is undefined for one of the two: null; a variance of zero: p = 1 if they are equal, else null,
 *  since so few rows cannot say how far they stray. */

import type { Interval } from "#lib/stats/interval.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import { normalTwoSided } from "#lib/stats/normal-distribution.ts";
import { varianceOfCounts } from "#lib/stats/performance/intervals.ts";

/** How many rows were decided so by the first, so by the second, and turned out so. */
export type DecidedTwice = {
  readonly first: boolean;
  readonly second: boolean;
  readonly label: boolean;
  readonly count: number;
};

export type PairedFigure = {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly interval: Interval;
  readonly pValue: number;
  readonly count: number;
};

type Metric = {
  readonly value: number;
  /** Derivative by the count of a row that was decided so and turned out so. */
  readonly slope: (decision: boolean, label: boolean) => number;
};

type Side = "first" | "second";

const countOf = (
  rows: readonly DecidedTwice[],
  side: Side,
  decision: boolean,
  label: boolean,
): number =>
  rows.reduce(
    (sum, row) => sum + (row[side] === decision && row.label === label ? row.count : 0),
    0,
  );

const precisionOf = (rows: readonly DecidedTwice[], side: Side): Metric | null => {
  const hits = countOf(rows, side, true, true);
  const decided = hits + countOf(rows, side, true, false);
  if (decided === 0) return null;
  const value = hits / decided;
  return {
    value,
    slope: (decision, label) => (decision ? ((label ? 1 : 0) - value) / decided : 0),
  };
};

const f1Of = (rows: readonly DecidedTwice[], side: Side): Metric | null => {
  const hits = countOf(rows, side, true, true);
  const misses = countOf(rows, side, true, false) + countOf(rows, side, false, true);
  const denominator = 2 * hits + misses;
  if (denominator === 0) return null;
  const value = (2 * hits) / denominator;
  return {
    value,
    slope: (decision, label) => {
      if (!decision && !label) return 0;
      return decision && label ? (2 - 2 * value) / denominator : -value / denominator;
    },
  };
};

const differenceOf = (
  rows: readonly DecidedTwice[],
  metricOf: (rows: readonly DecidedTwice[], side: Side) => Metric | null,
): PairedFigure | null => {
  const [first, second] = [metricOf(rows, "first"), metricOf(rows, "second")];
  if (first === null || second === null) return null;
  const difference = second.value - first.value;
  const variance = varianceOfCounts(
    rows.map(({ count }) => count),
    rows.map((row) => second.slope(row.second, row.label) - first.slope(row.first, row.label)),
  );
  if (!(variance > 0) && difference !== 0) return null;
  const half = variance > 0 ? NORMAL_QUANTILE_975 * Math.sqrt(variance) : 0;
  return {
    first: first.value,
    second: second.value,
    difference,
    interval: { low: Math.max(-1, difference - half), high: Math.min(1, difference + half) },
    pValue: variance > 0 ? normalTwoSided(difference / Math.sqrt(variance)) : 1,
    count: rows.reduce((sum, { count }) => sum + count, 0),
  };
};

export const computePairedPrecision = (rows: readonly DecidedTwice[]): PairedFigure | null =>
  differenceOf(rows, precisionOf);

export const computePairedF1 = (rows: readonly DecidedTwice[]): PairedFigure | null =>
  differenceOf(rows, f1Of);
