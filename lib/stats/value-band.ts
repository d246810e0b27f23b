/** Value band: between which values a series usually lies, from its values in comparable windows.
 *
 *  Definition. As of counts (volume-band.ts), for values of any kind. A point is one past window: its value and its season
 *  class (the hour of its week). The expectation of a class is the median of its values. How far values stray is learned from
 *  all points together: their absolute deviations from the median of the *others* of their class, and the scale is the
 *  greater of their median over 0.6745 and their ninth decile over 1.6449, as both are for a normal. So up to a tenth of the past may
 *  be incidents before they widen the band, and the noise of the class's own median is in its width. The band is the
 *  expectation and z times the scale to both sides, z the normal quantile of (1 + coverage)/2.
 *  References: Hampel (1974); scipy.stats.median_abs_deviation(scale="normal") is the median's part for one class.
 *  Degenerate input: fewer points than `pointCountMin`, or fewer of the wanted class than `classCountMin`: cannot say; values
 *  that never moved: a band of one point; what is not finite is no point. */

import { normalQuantile } from "#lib/stats/normal-distribution.ts";
import { medianOf, quantileOf } from "#lib/stats/volume-band.ts";

export type ValuePoint = { readonly seasonClass: number; readonly value: number };

export type ValueBand =
  | {
      readonly kind: "band";
      readonly expected: number;
      readonly lower: number;
      readonly upper: number;
      readonly scale: number;
      readonly pointCount: number;
    }
  | { readonly kind: "cannot_say"; readonly have: number; readonly needed: number };

export type ValueBandOptions = {
  readonly coverage?: number;
  readonly pointCountMin?: number;
  readonly classCountMin?: number;
};

const COVERAGE = 0.99;
const POINT_COUNT_MIN = 30;
const CLASS_COUNT_MIN = 4;
const MEDIAN_DEVIATION = 0.6744897501960817;
const NINTH_DECILE_DEVIATION = 1.6448536269514722;

/** How far every point is from the median of the others of its class; classes of one point say nothing. */
const deviationsOf = (points: readonly ValuePoint[]): number[] => {
  const byClass = Map.groupBy(points, ({ seasonClass }) => seasonClass);
  return [...byClass.values()].flatMap((own) =>
    own.length < 2
      ? []
      : own.map(({ value }, i) =>
          Math.abs(value - medianOf(own.filter((_, j) => j !== i).map((other) => other.value))),
        ),
  );
};

export const valueBandOf = (
  given: readonly ValuePoint[],
  seasonClass: number,
  options: ValueBandOptions = {},
): ValueBand => {
  const points = given.filter(({ value }) => Number.isFinite(value));
  const pointCountMin = options.pointCountMin ?? POINT_COUNT_MIN;
  const classCountMin = options.classCountMin ?? CLASS_COUNT_MIN;
  if (points.length < pointCountMin)
    return { kind: "cannot_say", have: points.length, needed: pointCountMin };
  const own = points.filter((point) => point.seasonClass === seasonClass);
  if (own.length < classCountMin)
    return { kind: "cannot_say", have: own.length, needed: classCountMin };
  const expected = medianOf(own.map(({ value }) => value));
  const deviations = deviationsOf(points);
  const scale = Math.max(
    quantileOf(deviations, 0.5) / MEDIAN_DEVIATION,
    quantileOf(deviations, 0.9) / NINTH_DECILE_DEVIATION,
  );
  const reach = normalQuantile((1 + (options.coverage ?? COVERAGE)) / 2) * scale;
  return {
    kind: "band",
    expected,
    lower: expected - reach,
    upper: expected + reach,
    scale,
    pointCount: points.length,
  };
};
