/** Two count vectors over the same cells (bins or categories), the baseline first.
 *  Cells that are empty on both sides say nothing; the statistics leave them out, of K too. */

export type Cells = { readonly baseline: readonly number[]; readonly window: readonly number[] };

export const sumOf = (counts: readonly number[]): number => {
  let sum = 0;
  for (let i = 0; i < counts.length; i += 1) sum += counts[i] ?? 0;
  return sum;
};

export const occupiedCells = ({ baseline, window }: Cells): Cells => {
  const occupied: { baseline: number[]; window: number[] } = { baseline: [], window: [] };
  for (let i = 0; i < baseline.length; i += 1) {
    const a = baseline[i] ?? 0;
    const b = window[i] ?? 0;
    if (!(a + b > 0)) continue;
    occupied.baseline.push(a);
    occupied.window.push(b);
  }
  return occupied;
};

/** 1/n + 1/m, the noise of two samples together; infinite when a side is empty. */
export const noiseOf = (baselineCount: number, windowCount: number): number =>
  1 / baselineCount + 1 / windowCount;
