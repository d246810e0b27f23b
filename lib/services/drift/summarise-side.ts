import type { FeatureType } from "#lib/domain/model.ts";
import { categoricalCountOf } from "#lib/stats/categorical-profile.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { quantilesOfHistogram } from "#lib/stats/histogram-quantiles.ts";
import { standardDeviationOf } from "#lib/stats/moments.ts";
import { missingCountOf, nonFiniteCountOf } from "#lib/stats/profile-counts.ts";

const shares = [0.05, 0.25, 0.5, 0.75, 0.95];

/** What one side holds of a feature in all. */
export function summariseSide(side: FeatureProfile, type: FeatureType) {
  const isNumeric = type === "numeric";
  const hasNumbers = isNumeric && side.numericCount > 0;
  return {
    rowCount: side.rowCount,
    valueCount: isNumeric ? side.numericCount : categoricalCountOf(side),
    missingCount: missingCountOf(side),
    nonFiniteCount: nonFiniteCountOf(side),
    violationCount: isNumeric ? side.stringCount + side.booleanCount : side.numericCount,
    distinctCount: isNumeric ? null : side.distinctCount,
    mean: hasNumbers && Number.isFinite(side.mean) ? side.mean : null,
    standardDeviation: hasNumbers
      ? standardDeviationOf({ count: side.numericCount, m2: side.m2 })
      : null,
    minimum: hasNumbers ? side.minimum : null,
    maximum: hasNumbers ? side.maximum : null,
    quantiles: hasNumbers ? quantilesOfHistogram(side, side.minimum, shares) : null,
  };
}
