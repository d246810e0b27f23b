/** Hellinger distance, squared and corrected for its bias, with the lower end of its 95 % interval: an effect size.
 *
 *  Definition. H^2 = 1 - sum sqrt(p q), 0 to 1. With no drift E[H^2] is about (K - 1) e / 8, e = 1/n + 1/m; corrected is
 *  max(0, H^2 - (K - 1) e / 8), and its squared standard error (1 - (1 - H^2)^2) e / 4 + (K - 1) e^2 / 32.
 *  Reference: Hellinger (1909); delta method for the error. Matches
 *  numpy.linalg.norm(numpy.sqrt(p) - numpy.sqrt(q)) ** 2 / 2. The distance is the square root of the square.
 *  Degenerate input: one occupied cell 0; an empty side null. */

import type { Cells } from "#lib/stats/cells.ts";
import { noiseOf, occupiedCells, sumOf } from "#lib/stats/cells.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";

export type HellingerEffect = {
  readonly distance: number;
  readonly correctedDistance: number;
  readonly nullExpectation: number;
  readonly lowerBound: number;
  readonly upperBound: number;
};

export const computeHellingerEffect = (cells: Cells): HellingerEffect | null => {
  const { baseline, window } = occupiedCells(cells);
  const baselineCount = sumOf(baseline);
  const windowCount = sumOf(window);
  if (!(baselineCount > 0 && windowCount > 0)) return null;
  // Half the squares of the differences of the roots: 1 - sum sqrt(p q) would leave 1e-8 of two equal sides.
  let sum = 0;
  for (let i = 0; i < baseline.length; i += 1) {
    const root = Math.sqrt((baseline[i] ?? 0) / baselineCount);
    sum += (root - Math.sqrt((window[i] ?? 0) / windowCount)) ** 2;
  }
  const square = Math.min(1, sum / 2);
  const noise = noiseOf(baselineCount, windowCount);
  const bias = ((baseline.length - 1) * noise) / 8;
  const corrected = Math.max(0, square - bias);
  const variance =
    ((1 - (1 - corrected) ** 2) * noise) / 4 + ((baseline.length - 1) * noise * noise) / 32;
  return {
    distance: Math.sqrt(square),
    correctedDistance: Math.sqrt(corrected),
    nullExpectation: Math.sqrt(bias),
    upperBound: Math.sqrt(Math.min(1, corrected + NORMAL_QUANTILE_975 * Math.sqrt(variance))),
    lowerBound: Math.sqrt(Math.max(0, corrected - NORMAL_QUANTILE_975 * Math.sqrt(variance))),
  };
};
