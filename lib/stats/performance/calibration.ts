/** Calibration: whether rows with score s are positive with probability s.
 *
 *  Definitions. Curve: equal-width bins of [0, 1], each with its mean score and its share of positives (Wilson interval).
 *  ECE = sum n_b/n |mean score - share|. On equal-width bins; and as NannyML does on equal-count bins of the rows sorted by
 *  score: width = n div bins, edges 0, width, 2 width, ..., the last set to n (bins = n div 2 if n <= 2 bins). Rows of one
 *  score are taken in equal parts where an edge falls among them. It is biased upwards by about
 *  sum (n_b/n) sqrt(2 y(1-y)/(pi n_b)), which stands beside it.
 *  Brier decomposition (Murphy 1973) on the bins: reliability - resolution + uncertainty.
 *  Degenerate input: no labelled row: no bins, and every figure null; fewer than 4 rows: no equal-count ECE. */

import type { ScoreCell, ScoreGroup } from "#lib/stats/performance/score-cells.ts";
import { shareInterval } from "#lib/stats/share-interval.ts";

export type CalibrationBin = {
  readonly from: number;
  readonly until: number;
  readonly count: number;
  readonly positiveCount: number;
  readonly meanScore: number;
  readonly positiveShare: number;
  readonly lower: number;
  readonly upper: number;
};

export type Calibration = {
  readonly bins: readonly CalibrationBin[];
  /** On the same bins. */
  readonly expectedError: number | null;
  /** What a perfectly calibrated score would show at these counts. */
  readonly expectedErrorBias: number | null;
  readonly reliability: number | null;
  readonly resolution: number | null;
  readonly uncertainty: number | null;
};

export const computeCalibration = (cells: readonly ScoreCell[], binCount = 10): Calibration => {
  const sums = Array.from({ length: binCount }, () => ({ count: 0, positives: 0, scoreSum: 0 }));
  let n = 0;
  let positives = 0;
  for (const { score, label, count, scoreSum } of cells) {
    if (label === null || score < 0 || score > 1) continue;
    const bin = sums[Math.min(binCount - 1, Math.floor(score * binCount))];
    if (bin === undefined) continue;
    bin.count += count;
    bin.scoreSum += scoreSum;
    n += count;
    if (label) {
      bin.positives += count;
      positives += count;
    }
  }
  const base = n === 0 ? 0 : positives / n;
  let expectedError = 0;
  let expectedErrorBias = 0;
  let reliability = 0;
  let resolution = 0;
  const bins: CalibrationBin[] = [];
  sums.forEach((bin, i) => {
    if (bin.count === 0) return;
    const meanScore = bin.scoreSum / bin.count;
    const positiveShare = bin.positives / bin.count;
    const weight = bin.count / n;
    expectedError += weight * Math.abs(meanScore - positiveShare);
    expectedErrorBias +=
      weight * Math.sqrt((2 * positiveShare * (1 - positiveShare)) / (Math.PI * bin.count));
    reliability += weight * (meanScore - positiveShare) ** 2;
    resolution += weight * (positiveShare - base) ** 2;
    const interval = shareInterval({ count: bin.positives, total: bin.count }) ?? {
      lower: 0,
      upper: 1,
    };
    bins.push({
      from: i / binCount,
      until: (i + 1) / binCount,
      count: bin.count,
      positiveCount: bin.positives,
      meanScore,
      positiveShare,
      ...interval,
    });
  });
  if (n === 0) {
    return {
      bins,
      expectedError: null,
      expectedErrorBias: null,
      reliability: null,
      resolution: null,
      uncertainty: null,
    };
  }
  return {
    bins,
    expectedError,
    expectedErrorBias,
    reliability,
    resolution,
    uncertainty: base * (1 - base),
  };
};

/** NannyML's; `probabilityOf` maps the score of a group to what is judged. Null below 4 rows. */
export const computeEqualCountEce = (
  ascending: readonly ScoreGroup[],
  binCount = 10,
  probabilityOf: (score: number) => number = (score) => score,
): number | null => {
  const n = ascending.reduce((sum, group) => sum + group.count, 0);
  const wanted = n <= 2 * binCount ? Math.floor(n / 2) : binCount;
  if (wanted < 2) return null;
  const width = Math.floor(n / wanted);
  // The last edge is moved to n: what is left over belongs to the bin before it.
  const lastBin = Math.floor(n / width) - 1;
  let sum = 0;
  let at = 0;
  let bin = 0;
  let scores = 0;
  let positives = 0;
  const close = () => {
    sum += Math.abs(scores - positives);
    scores = 0;
    positives = 0;
    bin += 1;
  };
  for (const group of ascending) {
    const p = probabilityOf(group.score);
    const share = group.positives / group.count;
    let left = group.count;
    while (left > 0) {
      const end = bin === lastBin ? n : (bin + 1) * width;
      const taken = Math.min(left, end - at);
      scores += p * taken;
      positives += share * taken;
      at += taken;
      left -= taken;
      if (at >= end) close();
    }
  }
  return sum / n;
};
