/** Moments: count, minimum, maximum, mean and M2, the sum of squared deviations from the mean.
 *
 *  Definition. M2 = sum of (x - mean)^2, so variance = M2 / count (population) or M2 / (count - 1) (sample).
 *  Kept and merged as Welford (1962) and Chan, Golub and LeVeque (1979) do: sums of squares lose every digit at 1e9.
 *  Matches numpy.mean and numpy.var(x) * len(x).
 *  Degenerate input: no values: count 0, mean 0, M2 0, minimum and maximum null; one value: M2 0; beyond about 1e150 M2
 *  overflows to Infinity, and the standard deviation is unknown.
 *  Only finite values belong here. */

export type Moments = {
  readonly count: number;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly mean: number;
  readonly m2: number;
};

export const NO_MOMENTS: Moments = { count: 0, minimum: null, maximum: null, mean: 0, m2: 0 };

export const momentsOf = (finiteValues: Iterable<number>): Moments => {
  let count = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  let shift = 0;
  let mean = 0;
  let m2 = 0;
  for (const x of finiteValues) {
    count += 1;
    // Deviations from the first value: at an offset of 1e9 the running mean itself would be too coarse a number.
    if (count === 1) shift = x;
    const before = x - shift - mean;
    mean += before / count;
    m2 += before * (x - shift - mean);
    if (x < minimum) minimum = x;
    if (x > maximum) maximum = x;
  }
  if (count === 0) return NO_MOMENTS;
  return { count, minimum: minimum + 0, maximum: maximum + 0, mean: shift + mean, m2 };
};

const compareMoments = (a: Moments, b: Moments): number =>
  a.mean - b.mean || a.count - b.count || a.m2 - b.m2;

/** Around the mean of all, once it is known; in one order, so that the last digit does not hang on that of the parts. */
export const mergeMoments = (parts: Iterable<Moments>): Moments => {
  const own = [...parts].filter((part) => part.count > 0).sort(compareMoments);
  const [first] = own;
  if (first === undefined) return NO_MOMENTS;
  let count = 0;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  for (const part of own) {
    count += part.count;
    minimum = Math.min(minimum, part.minimum ?? Number.POSITIVE_INFINITY);
    maximum = Math.max(maximum, part.maximum ?? Number.NEGATIVE_INFINITY);
  }
  let shift = 0;
  for (const part of own) shift += (part.mean - first.mean) * (part.count / count);
  const mean = first.mean + shift;
  let m2 = 0;
  for (const part of own) m2 += part.m2 + part.count * (part.mean - mean) ** 2;
  return { count, minimum, maximum, mean, m2 };
};

/** Population standard deviation; null without values, or when M2 overflowed. */
export const standardDeviationOf = ({ count, m2 }: Pick<Moments, "count" | "m2">): number | null =>
  count === 0 || !Number.isFinite(m2) ? null : Math.sqrt(Math.max(0, m2) / count);
