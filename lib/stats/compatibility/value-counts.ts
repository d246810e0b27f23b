/** Counts of every distinct value of two samples, in the order of first sight; the baseline first.
 *  Degenerate input: an empty sample counts 0 everywhere. */
import type { Cells } from "#lib/stats/cells.ts";

export function valueCountsOf<T>(baseline: readonly T[], window: readonly T[]): Cells {
  const values = [...new Set([...baseline, ...window])];
  const side = (sample: readonly T[]): number[] => {
    const counts = new Map<T, number>();
    for (const value of sample) counts.set(value, (counts.get(value) ?? 0) + 1);
    return values.map((value) => counts.get(value) ?? 0);
  };
  return { baseline: side(baseline), window: side(window) };
}
