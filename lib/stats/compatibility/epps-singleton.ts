/** Epps and Singleton's test of two raw samples: do their empirical characteristic functions agree at two points?
 *
 *  Definition. g(x) = (cos t1 x, cos t2 x, sin t1 x, sin t2 x) with t = (0.4, 0.8) over half the interquartile range of all
 *  values; W = N d' S^-1 d, d the difference of the mean g, S = N/n Cov_x + N/m Cov_y; chi-squared with 4 degrees of freedom.
 *  Fewer than 25 rows on both sides: W is multiplied by 1 / (1 + N^-0.45 + 10.1 (n^-1.7 + m^-1.7)).
 *  Reference: Epps and Singleton (1986); Goerg and Kaiser (2009).
 *  Matches scipy.stats.epps_singleton_2samp(x, y) where S has an inverse.
 *  Degenerate input: fewer than five values on a side, no interquartile range, or no inverse: null. */

import { chiSquaredSurvival } from "#lib/stats/chi-squared.ts";

export const eppsSingletonPValue = (
  baseline: readonly number[],
  window: readonly number[],
): number | null => {
  const [n, m] = [baseline.length, window.length];
  if (n < 5 || m < 5) return null;
  const all = Float64Array.from([...baseline, ...window]).sort();
  const sigma = (quantile(all, 0.75) - quantile(all, 0.25)) / 2;
  if (!(sigma > 0)) return null;
  const [x, y] = [momentsOfWave(baseline, sigma), momentsOfWave(window, sigma)];
  const total = n + m;
  const covariance = x.covariance.map((row, i) =>
    row.map((value, j) => (total / n) * value + (total / m) * (y.covariance[i]?.[j] ?? 0)),
  );
  const difference = x.mean.map((value, i) => value - (y.mean[i] ?? 0));
  const solved = solve(covariance, difference);
  if (solved === null) return null;
  let w = total * difference.reduce((sum, value, i) => sum + value * (solved[i] ?? 0), 0);
  if (Math.max(n, m) < 25) w *= 1 / (1 + total ** -0.45 + 10.1 * (n ** -1.7 + m ** -1.7));
  return chiSquaredSurvival(w, difference.length);
};

const quantile = (sorted: Float64Array, share: number): number => {
  const at = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return low + (at - Math.floor(at)) * (high - low);
};

const momentsOfWave = (values: readonly number[], sigma: number) => {
  const waves = values.map((x) => {
    const [a, b] = [(0.4 * x) / sigma, (0.8 * x) / sigma];
    return [Math.cos(a), Math.cos(b), Math.sin(a), Math.sin(b)];
  });
  const meanOf = (pick: (wave: readonly number[]) => number) =>
    waves.reduce((sum, wave) => sum + pick(wave), 0) / waves.length;
  const mean = [0, 1, 2, 3].map((i) => meanOf((wave) => wave[i] ?? 0));
  const covariance = mean.map((mi, i) =>
    mean.map((mj, j) => meanOf((wave) => ((wave[i] ?? 0) - mi) * ((wave[j] ?? 0) - mj))),
  );
  return { mean, covariance };
};

/** Gauss with pivots; null where the matrix has no inverse. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]) => {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const size = rows.length;
  for (let i = 0; i < size; i += 1) {
    const pivotRow = rows
      .slice(i)
      .reduce((best, row) => (Math.abs(row[i] ?? 0) > Math.abs(best[i] ?? 0) ? row : best));
    const pivot = pivotRow[i] ?? 0;
    if (Math.abs(pivot) < 1e-12) return null;
    const at = rows.indexOf(pivotRow);
    [rows[i], rows[at]] = [pivotRow, rows[i] ?? pivotRow];
    for (const row of rows) {
      if (row === pivotRow) continue;
      const factor = (row[i] ?? 0) / pivot;
      for (let j = i; j <= size; j += 1) row[j] = (row[j] ?? 0) - factor * (pivotRow[j] ?? 0);
    }
  }
  return rows.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1));
};
