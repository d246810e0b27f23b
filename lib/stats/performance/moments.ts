/** Named moments: count, mean and M2 (the sum of squared deviations) of one quantity over rows, or over groups of rows.
 *  Everything that regression and ranking metrics need is one of them, so that any buckets add up to any window (Chan, Golub
 *  and LeVeque 1979). M2/count is the population variance. */

export type Moment = { readonly count: number; readonly mean: number; readonly m2: number };

export const NO_MOMENT: Moment = { count: 0, mean: 0, m2: 0 };

const addMoments = (a: Moment, b: Moment): Moment => {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const delta = b.mean - a.mean;
  return {
    count,
    mean: a.mean + delta * (b.count / count),
    m2: a.m2 + b.m2 + delta * delta * ((a.count * b.count) / count),
  };
};

export type Moments<Name extends string> = Partial<Readonly<Record<Name, Moment>>>;

export const mergeMoments = <Name extends string>(
  parts: readonly Moments<Name>[],
): Moments<Name> => {
  const merged: Partial<Record<Name, Moment>> = {};
  for (const part of parts) {
    for (const name of Object.keys(part) as Name[])
      merged[name] = addMoments(merged[name] ?? NO_MOMENT, part[name] ?? NO_MOMENT);
  }
  return merged;
};

/** Of the mean; null below two rows. */
export const standardErrorOfMean = ({ count, m2 }: Moment): number | null =>
  count < 2 ? null : Math.sqrt(Math.max(0, m2) / (count - 1) / count);

export const varianceOf = ({ count, m2 }: Moment): number =>
  count < 2 ? Number.NaN : Math.max(0, m2) / (count - 1);
