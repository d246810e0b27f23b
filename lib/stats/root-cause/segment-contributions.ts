/** Segment contributions: a change of a mean, taken apart into segments that came more or less often, and segments that
 *  behaved otherwise.
 *
 *  Definition. With the shares s, s' of the segments among the rows and the means m, m' within them, before and after:
 *    mix of k       = (s'_k - s_k) ((m_k + m'_k) / 2 - (M + M') / 2)      how often it came
 *    behaviour of k = (m'_k - m_k) (s_k + s'_k) / 2                        how it behaved
 *  M and M' are the means of all rows, so that a segment counts by how it differs from the rest. All mixes and behaviours add up to
 *  M' - M. A segment that only one side has has one mean alone: it is all mix.
 *  Standard errors by the delta method: shares as multinomial, means by the variance within a segment over both sides'
 *  rows together; z tests of mix, behaviour and their sum.
 *  Reference: Kitagawa (1955); Oaxaca (1973) and Blinder (1973); Das Gupta (1978) for the interaction shared equally. The
 *  variance is J V J' of scripts/root-cause-reference.py, its J by numerical differentiation.
 *  Degenerate input: a side without rows: null; one segment: no mix, all behaviour; no variance: a standard error of 0, and p = 1
 *  where nothing moved. */

import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import { normalTwoSided } from "#lib/stats/normal-distribution.ts";
import type { Moment } from "#lib/stats/performance/moments.ts";
import { NO_MOMENT } from "#lib/stats/performance/moments.ts";
import type { ChangePart } from "#lib/stats/root-cause/explain-change.ts";

export type SegmentMeans = {
  readonly segment: string;
  readonly reference: Moment;
  readonly window: Moment;
};

export type SegmentPart = ChangePart & { readonly standardError: number };

export type SegmentContribution = SegmentMeans & {
  readonly mix: SegmentPart;
  readonly behaviour: SegmentPart;
  readonly total: SegmentPart;
};

export type SegmentContributions = {
  readonly change: number;
  readonly mix: SegmentPart;
  readonly behaviour: SegmentPart;
  /** In the order in which they came. */
  readonly segments: readonly SegmentContribution[];
};

/** How a part moves with every share and every mean of both sides. */
type Slopes = {
  readonly shares: readonly [Float64Array, Float64Array];
  readonly means: readonly [Float64Array, Float64Array];
};

export const computeSegmentContributions = (
  given: readonly SegmentMeans[],
): SegmentContributions | null => {
  const all = given.filter(({ reference, window }) => reference.count + window.count > 0);
  const counts = [sum(all, (one) => one.reference.count), sum(all, (one) => one.window.count)];
  const [n = 0, m = 0] = counts;
  if (n === 0 || m === 0) return null;
  const rows = all.map((one) => {
    const { reference, window } = one;
    // A mean that nobody saw is taken from the other side, so that nothing is said of behaviour.
    const before = reference.count === 0 ? window.mean : reference.mean;
    const after = window.count === 0 ? reference.mean : window.mean;
    return {
      ...one,
      shares: [reference.count / n, window.count / m] as const,
      means: [before, after] as const,
      variance: pooledVariance(reference, window),
      isOnOneSide: reference.count === 0 || window.count === 0,
    };
  });
  const whole = [0, 1].map((side) =>
    sum(rows, ({ shares, means }) => (shares[side] ?? 0) * (means[side] ?? 0)),
  );
  const [before = 0, after = 0] = whole;
  const middle = (before + after) / 2;
  const none = (): Slopes => ({
    shares: [new Float64Array(rows.length), new Float64Array(rows.length)],
    means: [new Float64Array(rows.length), new Float64Array(rows.length)],
  });
  const errorOf = (slopes: Slopes) => Math.sqrt(varianceOf(slopes, rows, counts));

  const mixes = none();
  const behaviours = none();
  const segments = rows.map((row, k) => {
    const moved = row.shares[1] - row.shares[0];
    const level = (row.means[0] + row.means[1]) / 2 - middle;
    const changed = row.means[1] - row.means[0];
    const share = (row.shares[0] + row.shares[1]) / 2;
    const mix = none();
    rows.forEach((other, j) => {
      for (const side of [0, 1] as const) {
        mix.shares[side][j] = (-moved * other.means[side]) / 2;
        mix.means[side][j] = (-moved * other.shares[side]) / 2;
      }
    });
    addAt(mix.shares, k, [-level, level]);
    addAt(mix.means, k, [moved / 2, moved / 2]);
    const behaviour = none();
    addAt(behaviour.shares, k, [changed / 2, changed / 2]);
    addAt(behaviour.means, k, [-share, share]);
    for (const slopes of [mix, behaviour]) if (row.isOnOneSide) joinSides(slopes, row, k);
    addTo(mixes, mix);
    addTo(behaviours, behaviour);
    const total = none();
    addTo(total, mix);
    addTo(total, behaviour);
    return {
      segment: row.segment,
      reference: row.reference,
      window: row.window,
      mix: partOf(moved * level, errorOf(mix)),
      behaviour: partOf(changed * share, errorOf(behaviour)),
      total: partOf(moved * level + changed * share, errorOf(total)),
    };
  });
  return {
    change: after - before,
    mix: partOf(
      sum(segments, (one) => one.mix.value),
      errorOf(mixes),
    ),
    behaviour: partOf(
      sum(segments, (one) => one.behaviour.value),
      errorOf(behaviours),
    ),
    segments,
  };
};

const sum = <T extends object>(list: readonly T[], pick: (one: T) => number): number =>
  list.reduce((total, one) => total + pick(one), 0);

/** Of all rows of a segment, both sides together: right where nothing changed, and never 0 where it did. */
const pooledVariance = (a: Moment, b: Moment): number => {
  const count = a.count + b.count;
  if (count < 2) return 0;
  const delta = a.count === 0 || b.count === 0 ? 0 : b.mean - a.mean;
  return (a.m2 + b.m2 + delta * delta * ((a.count * b.count) / count)) / (count - 1);
};

const addAt = (
  pair: readonly [Float64Array, Float64Array],
  k: number,
  [first, second]: readonly [number, number],
) => {
  pair[0][k] = (pair[0][k] ?? 0) + first;
  pair[1][k] = (pair[1][k] ?? 0) + second;
};

const addTo = (into: Slopes, { shares, means }: Slopes) => {
  for (const side of [0, 1] as const) {
    shares[side].forEach((slope, k) => {
      into.shares[side][k] = (into.shares[side][k] ?? 0) + slope;
    });
    means[side].forEach((slope, k) => {
      into.means[side][k] = (into.means[side][k] ?? 0) + slope;
    });
  }
};

/** One mean stands for both sides of the segment: it moves them together. */
const joinSides = ({ means }: Slopes, row: { reference: Moment }, k: number) => {
  const [unseen, seen] = row.reference.count === 0 ? ([0, 1] as const) : ([1, 0] as const);
  means[seen][k] = (means[seen][k] ?? 0) + (means[unseen][k] ?? 0);
  means[unseen][k] = 0;
};

type Row = {
  readonly shares: readonly [number, number];
  readonly variance: number;
  readonly reference: Moment;
  readonly window: Moment;
};

const varianceOf = (
  { shares, means }: Slopes,
  rows: readonly Row[],
  counts: readonly number[],
): number => {
  let variance = 0;
  for (const side of [0, 1] as const) {
    let [mean, square] = [0, 0];
    rows.forEach((row, k) => {
      const slope = shares[side][k] ?? 0;
      mean += row.shares[side] * slope;
      square += row.shares[side] * slope * slope;
      const { count } = side === 0 ? row.reference : row.window;
      if (count > 0) variance += ((means[side][k] ?? 0) ** 2 * row.variance) / count;
    });
    variance += Math.max(0, square - mean * mean) / (counts[side] ?? 1);
  }
  return variance;
};

const partOf = (value: number, standardError: number): SegmentPart => {
  const half = NORMAL_QUANTILE_975 * standardError;
  return {
    value,
    standardError,
    low: value - half,
    high: value + half,
    pValue: pValueOf(value, standardError),
  };
};

const pValueOf = (value: number, standardError: number): number => {
  if (standardError > 0) return normalTwoSided(value / standardError);
  return value === 0 ? 1 : 0;
};

/** Groups of a side's rows by their segment. Of more than `segmentsMax` segments, and below `rowCountMin` rows on both sides
 *  together, the rarer ones are one, `rest`. */
export const groupBySegment = (
  reference: { readonly segments: readonly string[]; readonly targets: ArrayLike<number> },
  window: { readonly segments: readonly string[]; readonly targets: ArrayLike<number> },
  { rest, rowCountMin, segmentsMax }: { rest: string; rowCountMin: number; segmentsMax: number },
): SegmentMeans[] => {
  const counts = new Map<string, number>();
  for (const segment of [...reference.segments, ...window.segments])
    counts.set(segment, (counts.get(segment) ?? 0) + 1);
  const kept = new Set(
    [...counts]
      .filter(([, count]) => count >= rowCountMin)
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .slice(0, segmentsMax)
      .map(([segment]) => segment),
  );
  const momentsBy = ({ segments, targets }: typeof reference) => {
    const moments = new Map<string, Moment>();
    segments.forEach((segment, i) => {
      const key = kept.has(segment) ? segment : rest;
      const { count, mean, m2 } = moments.get(key) ?? NO_MOMENT;
      const delta = (targets[i] ?? 0) - mean;
      const next = mean + delta / (count + 1);
      moments.set(key, {
        count: count + 1,
        mean: next,
        m2: m2 + delta * ((targets[i] ?? 0) - next),
      });
    });
    return moments;
  };
  const [before, after] = [momentsBy(reference), momentsBy(window)];
  return [...new Set([...kept, ...before.keys(), ...after.keys()])].map((segment) => ({
    segment,
    reference: before.get(segment) ?? NO_MOMENT,
    window: after.get(segment) ?? NO_MOMENT,
  }));
};
