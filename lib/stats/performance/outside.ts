/** Outside: whether a window holds more rows than chance explains of which a reference says nothing.
 *
 *  Numbers beyond the least and greatest of a reference are judged by range-overrun.ts. A name that it never saw comes by chance at
 *  the rate of the names that it saw once (Good and Turing 1953), (singles + 1) / n; beyond that by more than four roots of
 *  the expected count and four rows. Every column is judged at 0.1 % over the number of columns.
 *  Degenerate input: no values: nothing is outside. */

import type { Outside } from "#lib/stats/performance/estimate-band.ts";
import { rangeOverrunPValue } from "#lib/stats/range-overrun.ts";

export type OutsideCount = {
  readonly feature: string;
  readonly outsideCount: number;
  readonly valueCount: number;
  readonly referenceCount: number;
  /** Names that the reference saw once; null: numbers. */
  readonly singleCount: number | null;
};

const LEVEL = 0.001;

const isBeyondChance = (one: OutsideCount, columnCount: number): boolean => {
  const { outsideCount, valueCount, referenceCount, singleCount } = one;
  if (singleCount === null)
    return rangeOverrunPValue(outsideCount, referenceCount, valueCount) < LEVEL / columnCount;
  const expected = (valueCount * (singleCount + 1)) / Math.max(1, referenceCount);
  return outsideCount > expected + 4 * Math.sqrt(expected) + 4;
};

/** The column with the largest share of such values; null where chance explains all of them. */
export const findOutside = (counts: readonly OutsideCount[]): Outside | null => {
  let worst: Outside | null = null;
  for (const one of counts) {
    const share = one.valueCount === 0 ? 0 : one.outsideCount / one.valueCount;
    if (share > (worst?.share ?? 0) && isBeyondChance(one, counts.length))
      worst = { feature: one.feature, share };
  }
  return worst;
};
