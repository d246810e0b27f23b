/** Two count vectors over the same cells (bins or categories), the baseline first.
 *  Cells that are empty on both sides say nothing; the statistics leave them out, of K too. */

export type Cells = { readonly baseline: readonly number[]; readonly window: readonly number[] };

export const sumOf = (counts: readonly number[]): number => {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
};

export const occupiedCells = ({ baseline, window }: Cells): Cells => {
  const isOccupied = (i: number) => (baseline[i] ?? 0) + (window[i] ?? 0) > 0;
  return {
    baseline: baseline.filter((_, i) => isOccupied(i)),
    window: window.filter((_, i) => isOccupied(i)),
  };
};

/** 1/n + 1/m, the noise of two samples together; infinite when a side is empty. */
export const noiseOf = (baselineCount: number, windowCount: number): number =>
  1 / baselineCount + 1 / windowCount;
