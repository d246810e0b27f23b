/** PCA reconstruction error: how badly do the baseline's own directions describe a row?
 *
 *  Definition. Missing numbers become the baseline's mean, missing categories its most frequent one; a category becomes its
 *  share of the baseline (0 if unseen); each column is brought to the baseline's mean 0 and population standard deviation 1;
 *  the first principal components that together hold more than 65 % of the variance describe a row, and its error is the
 *  Euclidean distance between the row and its description. A window's value is the mean over its rows, its standard error
 *  the baseline's sample standard deviation over the root of the rows. Alert beyond mean ± 3 population standard
 *  deviations of the values of the baseline's own chunks; a fall is a change too.
 *  Reference: NannyML, "data reconstruction with PCA". Matches scikit-learn's SimpleImputer, StandardScaler and
 *  PCA(n_components=0.65), and NannyML to 1e-5.
 *  Degenerate input: fewer than two columns, or no baseline rows: null; a window without rows: null; a constant column is
 *  only centred. */

import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import { rowCountOf } from "#lib/stats/multivariate/joint-columns.ts";
import { eigenOfSymmetric } from "#lib/stats/multivariate/symmetric-eigen.ts";

const VARIANCE_SHARE = 0.65;

type Encoder = {
  readonly name: string;
  readonly encode: (value: number | string | null) => number;
};

export type Reconstruction = {
  readonly encoders: readonly Encoder[];
  readonly components: readonly (readonly number[])[];
  readonly explainedShare: number;
  /** Sample standard deviation of the baseline rows' errors. */
  readonly errorDeviation: number;
};

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x, 0) / values.length;

const deviationOf = (values: readonly number[], mean: number, freedom: number): number =>
  Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / freedom);

const numbersIn = (column: JointColumn): ((value: number | string | null) => number) => {
  if (column.kind === "numeric") {
    const known = column.values.filter((x): x is number => x !== null && Number.isFinite(x));
    const mean = known.length === 0 ? 0 : meanOf(known);
    return (value) => (typeof value === "number" && Number.isFinite(value) ? value : mean);
  }
  const counts = new Map<string, number>();
  for (const value of column.values)
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  let [top, topCount] = ["", 0];
  for (const [value, count] of counts)
    if (count > topCount || (count === topCount && value < top)) [top, topCount] = [value, count];
  const missing =
    column.values.length - [...counts.values()].reduce((sum, count) => sum + count, 0);
  counts.set(top, topCount + missing);
  const total = column.values.length;
  return (value) => (counts.get(value === null ? top : String(value)) ?? 0) / total;
};

const encoderOf = (column: JointColumn): Encoder => {
  const toNumber = numbersIn(column);
  const numbers = column.values.map(toNumber);
  const mean = meanOf(numbers);
  const deviation = deviationOf(numbers, mean, numbers.length);
  const scale = deviation > 0 ? deviation : 1;
  return { name: column.name, encode: (value) => (toNumber(value) - mean) / scale };
};

const encodeRows = (
  encoders: readonly Encoder[],
  columns: readonly JointColumn[],
): readonly (readonly number[])[] => {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const encoded = encoders.map(({ name, encode }) => {
    const column = byName.get(name);
    return Array.from({ length: rowCountOf(columns) }, (_, i) => encode(column?.values[i] ?? null));
  });
  return Array.from({ length: rowCountOf(columns) }, (_, i) => encoded.map((one) => one[i] ?? 0));
};

const covarianceOf = (rows: readonly (readonly number[])[], size: number): number[][] => {
  const sums = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const row of rows)
    for (let i = 0; i < size; i += 1) {
      const target = sums[i] ?? [];
      for (let j = 0; j < size; j += 1)
        target[j] = (target[j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0);
    }
  return sums.map((row) => row.map((sum) => sum / rows.length));
};

export const fitReconstruction = (baseline: readonly JointColumn[]): Reconstruction | null => {
  if (baseline.length < 2 || rowCountOf(baseline) === 0) return null;
  const encoders = baseline.map(encoderOf);
  const rows = encodeRows(encoders, baseline);
  const { values, vectors } = eigenOfSymmetric(covarianceOf(rows, encoders.length));
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let kept = 0;
  let share = 0;
  while (kept < values.length && share <= VARIANCE_SHARE) {
    share += Math.max(0, values[kept] ?? 0) / (total === 0 ? 1 : total);
    kept += 1;
  }
  const components = vectors.slice(0, kept);
  const errors = errorsOf(rows, components);
  const deviation = errors.length < 2 ? 0 : deviationOf(errors, meanOf(errors), errors.length - 1);
  return { encoders, components, explainedShare: share, errorDeviation: deviation };
};

const errorsOf = (
  rows: readonly (readonly number[])[],
  components: readonly (readonly number[])[],
): number[] =>
  rows.map((row) => {
    const left = [...row];
    for (const component of components) {
      let along = 0;
      for (let i = 0; i < row.length; i += 1) along += (row[i] ?? 0) * (component[i] ?? 0);
      for (let i = 0; i < row.length; i += 1)
        left[i] = (left[i] ?? 0) - along * (component[i] ?? 0);
    }
    return Math.sqrt(left.reduce((sum, x) => sum + x * x, 0));
  });

export type ReconstructionError = {
  readonly value: number;
  readonly standardError: number;
  readonly rowCount: number;
};

export const reconstructionErrorOf = (
  { encoders, components, errorDeviation }: Reconstruction,
  window: readonly JointColumn[],
): ReconstructionError | null => {
  const errors = errorsOf(encodeRows(encoders, window), components);
  if (errors.length === 0) return null;
  return {
    value: meanOf(errors),
    standardError: errorDeviation / Math.sqrt(errors.length),
    rowCount: errors.length,
  };
};

export type Band = { readonly lower: number; readonly upper: number };

/** Mean ± 3 population standard deviations of the chunks' values; null without chunks. */
export const bandOf = (chunkValues: readonly number[], deviations = 3): Band | null => {
  if (chunkValues.length === 0) return null;
  const mean = meanOf(chunkValues);
  const spread = deviations * deviationOf(chunkValues, mean, chunkValues.length);
  return { lower: mean - spread, upper: mean + spread };
};
