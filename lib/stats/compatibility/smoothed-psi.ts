/** PSI as the tools smooth it: the same formula, four habits for empty cells.
 *
 *  Definition. Phoenix and Fiddler: (count + 1) / (n + K). Azure ML: (count + 1) / n, not normalised, over
 *  ceil(log2(min(n, m)) + 1) equal-width bins of the joint range. Deepchecks: shares below 0.01 become 0.01.
 *  Degenerate input: an empty side has no answer (null). */

import type { Cells } from "#lib/stats/cells.ts";
import { sumOf } from "#lib/stats/cells.ts";
import { countBetweenEdges, equalWidthEdges } from "#lib/stats/compatibility/numpy-bins.ts";
import { momentsOf } from "#lib/stats/moments.ts";
import { psiOfShares } from "#lib/stats/psi.ts";

type ToShare = (count: number, total: number, cellCount: number) => number;

const psiWith = (toShare: ToShare, { baseline, window }: Cells): number | null => {
  const [n, m] = [sumOf(baseline), sumOf(window)];
  if (n === 0 || m === 0) return null;
  return psiOfShares(
    baseline.map((count) => toShare(count, n, baseline.length)),
    window.map((count) => toShare(count, m, window.length)),
  );
};

export const addOnePsi = (cells: Cells): number | null =>
  psiWith((count, total, cellCount) => (count + 1) / (total + cellCount), cells);

export const azurePsi = (cells: Cells): number | null =>
  psiWith((count, total) => (count + 1) / total, cells);

export const deepchecksPsi = (cells: Cells): number | null =>
  psiWith((count, total) => Math.max(0.01, count / total), cells);

export const azureNumericCells = (
  baseline: readonly number[],
  window: readonly number[],
): Cells => {
  const { minimum, maximum } = momentsOf([...baseline, ...window]);
  const binCount = Math.ceil(Math.log2(Math.min(baseline.length, window.length)) + 1);
  const edges = equalWidthEdges(minimum ?? 0, maximum ?? 0, binCount);
  return {
    baseline: countBetweenEdges(baseline, edges).counts,
    window: countBetweenEdges(window, edges).counts,
  };
};
