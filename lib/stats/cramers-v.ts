/** Cramer's V of the table of two samples by K cells: how strongly the sample tells the cell, 0 to 1.
 *
 *  Definition. V = sqrt(X^2 / N), N = n + m. With no drift its expectation is about sqrt((K - 1) / N); the corrected V takes
 *  that away: phi^2 = max(0, X^2 / N - (K - 1) / (N - 1)), divided by min(k - 1, r - 1) with r = 2 - 1 / (N - 1) and
 *  k = K - (K - 1)^2 / (N - 1), and the root of it. Interval from X^2, whose variance is about 2 (K - 1) + 4 (X^2 - K + 1).
 *  Reference: Cramer (1946); Bergsma (2013).
 *  Matches scipy.stats.contingency.association([a, b], method="cramer").
 *  Degenerate input: one occupied cell 0; an empty side null. */

import type { Cells } from "#lib/stats/cells.ts";
import { occupiedCells, sumOf } from "#lib/stats/cells.ts";
import { computeChiSquared } from "#lib/stats/chi-squared.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { NORMAL_QUANTILE_975, rootInterval } from "#lib/stats/interval.ts";

export type CramersV = {
  readonly value: number;
  readonly corrected: number;
  readonly nullExpectation: number;
  readonly interval: Interval;
};

/** Bergsma's correction of a chi-squared statistic of a 2 x K table with N rows. */
const correctCramersV = (statistic: number, cellCount: number, total: number): number => {
  const freedom = cellCount - 1;
  const phi = Math.max(0, statistic / total - freedom / (total - 1));
  const rows = 2 - 1 / (total - 1);
  const columns = cellCount - (freedom * freedom) / (total - 1);
  const smaller = Math.min(columns - 1, rows - 1);
  return smaller > 0 ? Math.min(1, Math.sqrt(phi / smaller)) : 0;
};

export const computeCramersV = (cells: Cells): CramersV | null => {
  const chi = computeChiSquared(cells);
  if (chi === null) return null;
  const { statistic, degreesOfFreedom } = chi;
  const total = sumOf(cells.baseline) + sumOf(cells.window);
  const beyond = Math.max(0, statistic - degreesOfFreedom);
  const half = NORMAL_QUANTILE_975 * Math.sqrt(2 * degreesOfFreedom + 4 * beyond);
  return {
    value: Math.min(1, Math.sqrt(statistic / total)),
    corrected: correctCramersV(statistic, occupiedCells(cells).baseline.length, total),
    nullExpectation: Math.sqrt(degreesOfFreedom / total),
    interval: rootInterval(
      { low: Math.max(0, beyond - half) / total, high: (beyond + half) / total },
      1,
    ),
  };
};
