/** Drift limits: how many rows a comparison needs, and into how many bins they go.
 *
 *  At least `rowCountMin` values on both sides (100); of 20, 10, 5 or 2 bins as many as have `rowsPerBinMin` rows on average on the smaller side
 *  (50). Degenerate input: fewer: cannot say, with what there was and what is needed. */

import type { CannotSay, SampleSizes } from "#lib/stats/drift-test.ts";
import { findLack } from "#lib/stats/drift-test.ts";
import { chooseBinCount } from "#lib/stats/reference-bins.ts";

export type DriftOptions = {
  readonly rowCountMin?: number;
  readonly rowsPerBinMin?: number;
  readonly binCountMax?: number;
};

export type DriftLimits = Required<DriftOptions>;

export const DRIFT_LIMITS: DriftLimits = { rowCountMin: 100, rowsPerBinMin: 50, binCountMax: 20 };

export const withDefaults = (options: DriftOptions): DriftLimits => ({
  rowCountMin: Math.max(1, options.rowCountMin ?? DRIFT_LIMITS.rowCountMin),
  rowsPerBinMin: Math.max(1, options.rowsPerBinMin ?? DRIFT_LIMITS.rowsPerBinMin),
  binCountMax: Math.max(2, options.binCountMax ?? DRIFT_LIMITS.binCountMax),
});

/** How many bins the smaller side can fill, or what it lacks. */
export const binsFor = (
  sampleSizes: SampleSizes,
  { rowCountMin, rowsPerBinMin, binCountMax }: DriftLimits,
): number | CannotSay => {
  const lack = findLack(sampleSizes, rowCountMin);
  if (lack !== null) return lack;
  const have = Math.min(sampleSizes.baseline, sampleSizes.window);
  const binCount = chooseBinCount(have, rowsPerBinMin, binCountMax);
  if (binCount !== null) return binCount;
  return { kind: "cannot_say", reason: "too_few_rows_per_bin", have, needed: 2 * rowsPerBinMin };
};
