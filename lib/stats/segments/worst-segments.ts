/** Worst segments: the parts of labelled rows, by one tag or two, whose loss is above that of all other rows by more than chance.
 *
 *  Definition. A candidate is one or two conditions tag = value; its rows are set against all rows outside it. Where a loss is 0
 *  or 1 (a wrong decision) by Fisher's exact test, else by Welch's t-test of the means, each one-sided: is it worse? All
 *  candidates of at least `countMin` rows, with as many outside, are one family (Benjamini-Hochberg at `falseDiscoveryRate`);
 *  two conditions that hold for the very rows of one of them are no candidate of their own. Of nested findings the larger one
 *  is named, unless it is no worse than the rest once the smaller one is taken out of it: then the smaller one is, and whatever
 *  else within the larger one is worse than what surrounds it there (both at 0.05).
 *  Reference: Fisher (1935); Welch (1947); Benjamini and Hochberg (1995).
 *  Matches scipy.stats.hypergeom.sf(k - 1, N, K, n), ttest_ind(equal_var=False, alternative="greater") and
 *  false_discovery_control; intervals are Wilson's, Newcombe's and Welch's.
 *  Degenerate input: no candidate that is large enough: none is tested, and none is found; the same loss everywhere: none found. */

import { adjustPValues, FALSE_DISCOVERY_RATE } from "#lib/stats/false-discovery.ts";
import { hypergeometricTails } from "#lib/stats/hypergeometric.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { computeMeanChange } from "#lib/stats/mean-change.ts";
import { newcombeInterval, wilsonInterval } from "#lib/stats/rate-change.ts";
import { studentQuantile975 } from "#lib/stats/student-distribution.ts";

export type SegmentCondition = { readonly key: string; readonly value: string };

/** Rows, the mean of their losses, and the sum of squared deviations from it. */
export type Losses = { readonly count: number; readonly mean: number; readonly m2: number };

export type SegmentLosses = Losses & { readonly conditions: readonly SegmentCondition[] };

export type WorstSegment = {
  readonly conditions: readonly SegmentCondition[];
  readonly count: number;
  readonly loss: number;
  readonly lossInterval: Interval | null;
  readonly restCount: number;
  readonly restLoss: number;
  /** Loss less that of the rest. */
  readonly difference: number;
  readonly differenceInterval: Interval;
  readonly pValue: number;
  readonly adjustedPValue: number;
};

export type WorstSegments = {
  /** The one that is worse by most for certain first. */
  readonly findings: readonly WorstSegment[];
  /** How many were tested together. */
  readonly candidateCount: number;
  readonly tooSmallCount: number;
};

export type WorstSegmentsOptions = {
  /** `rate`: every loss is 0 or 1. */
  readonly kind: "rate" | "mean";
  readonly countMin?: number;
  readonly falseDiscoveryRate?: number;
};

export const SEGMENT_COUNT_MIN = 50;
const WORSE_P_MAX = 0.05;

/** What is left of `whole` without a part of it. */
export const takeOut = (whole: Losses, part: Losses): Losses => {
  const count = whole.count - part.count;
  if (count <= 0) return { count: 0, mean: 0, m2: 0 };
  const mean = whole.mean + (whole.mean - part.mean) * (part.count / count);
  const delta = part.mean - mean;
  const between = delta * delta * ((part.count * count) / whole.count);
  return { count, mean, m2: Math.max(0, whole.m2 - part.m2 - between) };
};

type Tested = {
  readonly difference: number;
  readonly interval: Interval;
  readonly pValue: number;
};

const toRate = ({ count, mean }: Losses) => ({ count: Math.round(mean * count), total: count });

/** Is `part` worse than `rest`? Null where that can't be tested. */
const testWorse = (part: Losses, rest: Losses, kind: "rate" | "mean"): Tested | null => {
  if (kind === "rate") {
    const [here, there] = [toRate(part), toRate(rest)];
    const { upper } = hypergeometricTails({
      baselineCount: there.count,
      windowCount: here.count,
      baselineTotal: there.total,
      windowTotal: here.total,
    });
    return {
      difference: here.count / here.total - there.count / there.total,
      interval: newcombeInterval(there, here),
      pValue: upper,
    };
  }
  const change = computeMeanChange(rest, part);
  if (change === null) return null;
  const { difference, interval, pValue } = change;
  return { difference, interval, pValue: difference > 0 ? pValue / 2 : 1 - pValue / 2 };
};

const intervalOf = (losses: Losses, kind: "rate" | "mean"): Interval | null => {
  if (kind === "rate") return wilsonInterval(toRate(losses));
  const { count, mean, m2 } = losses;
  const half = studentQuantile975(count - 1) * Math.sqrt(m2 / (count - 1) / count);
  return Number.isFinite(half) ? { low: mean - half, high: mean + half } : null;
};

const nameOf = ({ key, value }: SegmentCondition) => JSON.stringify([key, value]);

/** Whether every row of `inner` is one of `outer`, because it has all of its conditions. */
const isWithin = (inner: SegmentLosses, outer: SegmentLosses): boolean => {
  const names = new Set(inner.conditions.map(nameOf));
  return (
    inner.conditions.length > outer.conditions.length &&
    outer.conditions.every((one) => names.has(nameOf(one)))
  );
};

export const findWorstSegments = (
  total: Losses,
  segments: readonly SegmentLosses[],
  options: WorstSegmentsOptions,
): WorstSegments => {
  const { kind, countMin = SEGMENT_COUNT_MIN, falseDiscoveryRate = FALSE_DISCOVERY_RATE } = options;
  const singleCounts = new Map(
    segments.flatMap(({ conditions, count }) => {
      const [only] = conditions;
      return only === undefined || conditions.length > 1 ? [] : [[nameOf(only), count] as const];
    }),
  );
  const isDouble = ({ conditions, count }: SegmentLosses) =>
    conditions.length > 1 && conditions.some((one) => singleCounts.get(nameOf(one)) === count);
  const distinct = segments.filter((segment) => !isDouble(segment));
  const large = distinct.filter(
    ({ count }) => count >= countMin && total.count - count >= countMin,
  );
  const tested = large.flatMap((segment) => {
    const rest = takeOut(total, segment);
    const test = testWorse(segment, rest, kind);
    return test === null ? [] : [{ segment, rest, test }];
  });
  const adjusted = adjustPValues(tested.map(({ test }) => test.pValue));
  const found = tested
    .map((one, i) => ({ ...one, adjustedPValue: adjusted[i] ?? 1 }))
    .filter(({ adjustedPValue }) => adjustedPValue <= falseDiscoveryRate);
  // A larger one that is bad only by what a smaller one holds gives way to it.
  const isOwed = ({ segment, rest }: (typeof found)[number]) =>
    found.some(({ segment: inner }) => {
      if (!isWithin(inner, segment)) return false;
      const remainder = takeOut(segment, inner);
      if (remainder.count < countMin) return false;
      const test = testWorse(remainder, rest, kind);
      return test !== null && test.pValue > WORSE_P_MAX;
    });
  const standing = new Set(found.filter((one) => !isOwed(one)));
  // What lies within another finding is named where that one is not, and where it is worse than what surrounds it there.
  const standsOut = ({ segment }: (typeof found)[number]) =>
    found.every((outer) => {
      if (!isWithin(segment, outer.segment)) return true;
      if (standing.has(outer)) return false;
      const test = testWorse(segment, takeOut(outer.segment, segment), kind);
      return test !== null && test.pValue <= WORSE_P_MAX;
    });
  const findings = [...standing]
    .filter(standsOut)
    .map(
      ({ segment, rest, test, adjustedPValue }): WorstSegment => ({
        conditions: segment.conditions,
        count: segment.count,
        loss: segment.mean,
        lossInterval: intervalOf(segment, kind),
        restCount: rest.count,
        restLoss: rest.mean,
        difference: test.difference,
        differenceInterval: test.interval,
        pValue: test.pValue,
        adjustedPValue,
      }),
    )
    .sort(
      (a, b) =>
        b.differenceInterval.low - a.differenceInterval.low ||
        b.difference - a.difference ||
        (JSON.stringify(a.conditions) < JSON.stringify(b.conditions) ? -1 : 1),
    );
  return {
    findings,
    candidateCount: tested.length,
    tooSmallCount: distinct.length - large.length,
  };
};
