/** Volume band: between which counts the next hour lies if it is like those before it, from counts of comparable hours.
 *
 *  Definition. A point is one past hour: its count and its season class (the hour of its week). The expectation of a class is
 *  the median of its counts. How far hours stray from it is learned from all given points together: with e the median of
 *  the *other* counts of a point's class, the scaled deviations are |y - e| / sqrt(e + f e^2), and the dispersion f is the
 *  least at which their median is at most 0.6745 and their ninth decile at most 1.6449, as they are for a normal (f = 0 is
 *  Poisson). The median alone would trust the middle: real hours have heavier tails than it shows (on two years of bike
 *  rentals it put 8.3 % of hours outside the 99 % band, this rule 4.5 %). Up to a tenth of the past may be incidents before
 *  they widen the band; and since e is learned from as few points as the expectation is, its own noise is in the width.
 *  The band is the quantiles (1 - coverage)/2 and (1 + coverage)/2 of a negative binomial (count-quantile.ts): the lower of
 *  mean e, the upper of mean e + 1/2, since a class that was always 0 has not been seen to be 0 for ever.
 *  References: Hampel (1974) for medians of deviations; scipy.stats.median_abs_deviation(scale="normal") is 1/0.6745 of one.
 *  Degenerate input: fewer points than `pointCountMin`, or fewer of the wanted class than `classCountMin`: cannot say. */

import { countQuantile } from "#lib/stats/count-quantile.ts";

export type VolumePoint = { readonly seasonClass: number; readonly count: number };

export type VolumeBand =
  | {
      readonly kind: "band";
      readonly expected: number;
      readonly lower: number;
      readonly upper: number;
      readonly dispersion: number;
      readonly pointCount: number;
    }
  | { readonly kind: "cannot_say"; readonly have: number; readonly needed: number };

export type VolumeBandOptions = {
  readonly coverage?: number;
  readonly pointCountMin?: number;
  readonly classCountMin?: number;
};

const COVERAGE = 0.99;
const POINT_COUNT_MIN = 30;
const CLASS_COUNT_MIN = 4;
/** A share, and below what that share of |Z| lies for a standard normal Z. */
const NORMAL_DEVIATIONS = [
  { share: 0.5, deviation: 0.6744897501960817 },
  { share: 0.9, deviation: 1.6448536269514722 },
] as const;
/** Counts vary no more than this: a standard deviation of thirty times the mean. */
const DISPERSION_MAX = 1_000;
/** Below it a count of a billion is Poisson still. */
const DISPERSION_MIN = 1e-12;
const HALVINGS = 56;

/** Linear between order statistics ("type 7", as numpy.quantile); NaN of none. */
export const quantileOf = (values: readonly number[], share: number): number => {
  const sorted = Float64Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const at = Math.floor(place);
  const low = sorted[at] ?? Number.NaN;
  return low + (place - at) * ((sorted[at + 1] ?? low) - low);
};

export const medianOf = (values: readonly number[]): number => quantileOf(values, 0.5);

interface Deviation {
  readonly expected: number;
  readonly deviation: number;
}

/** How far every point is from the median of the others of its class; classes of one point say nothing. */
const deviationsOf = (points: readonly VolumePoint[]): Deviation[] => {
  const byClass = new Map<number, number[]>();
  for (const { seasonClass, count } of points) {
    const counts = byClass.get(seasonClass);
    if (counts === undefined) byClass.set(seasonClass, [count]);
    else counts.push(count);
  }
  return [...byClass.values()].flatMap((counts) =>
    counts.length < 2
      ? []
      : counts.map((count, i) => {
          const expected = medianOf(counts.filter((_, j) => j !== i));
          return { expected, deviation: Math.abs(count - expected) };
        }),
  );
};

/** The least dispersion at which `share` of the scaled deviations lie within `deviation`. */
const dispersionAt = (
  deviations: readonly Deviation[],
  { share, deviation: wanted }: { readonly share: number; readonly deviation: number },
): number => {
  const exceeds = (dispersion: number) =>
    quantileOf(
      deviations.map(
        ({ expected, deviation }) =>
          deviation / Math.sqrt(expected + dispersion * expected * expected),
      ),
      share,
    ) > wanted;
  if (!exceeds(0)) return 0;
  if (exceeds(DISPERSION_MAX)) return DISPERSION_MAX;
  let high = DISPERSION_MAX;
  let low = 0;
  // By sixteenths down to its order of magnitude, then by halves.
  while (low === 0 && high > DISPERSION_MIN) {
    if (exceeds(high / 16)) low = high / 16;
    else high /= 16;
  }
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (exceeds(middle)) low = middle;
    else high = middle;
  }
  return high;
};

/** How much more counts vary than Poisson lets them, by points of several classes. */
export const dispersionOf = (points: readonly VolumePoint[]): number => {
  const deviations = deviationsOf(points).filter(({ expected }) => expected > 0);
  if (deviations.length === 0) return 0;
  return Math.max(...NORMAL_DEVIATIONS.map((each) => dispersionAt(deviations, each)));
};

/** `points` are the past hours that are comparable with the wanted one; those of its own class say how many to expect. */
export const volumeBandOf = (
  points: readonly VolumePoint[],
  seasonClass: number,
  options: VolumeBandOptions = {},
): VolumeBand => {
  const pointCountMin = options.pointCountMin ?? POINT_COUNT_MIN;
  const classCountMin = options.classCountMin ?? CLASS_COUNT_MIN;
  const coverage = options.coverage ?? COVERAGE;
  const own = points.filter((point) => point.seasonClass === seasonClass);
  if (points.length < pointCountMin)
    return { kind: "cannot_say", have: points.length, needed: pointCountMin };
  if (own.length < classCountMin)
    return { kind: "cannot_say", have: own.length, needed: classCountMin };
  const expected = medianOf(own.map((point) => point.count));
  const dispersion = dispersionOf(points);
  const tail = (1 - coverage) / 2;
  return {
    kind: "band",
    expected,
    lower: countQuantile({ mean: expected, dispersion }, tail),
    upper: countQuantile({ mean: expected + 0.5, dispersion }, 1 - tail),
    dispersion,
    pointCount: points.length,
  };
};
