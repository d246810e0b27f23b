/** Shift shape: how a column moved, in figures that do not depend on its own scale, so that moves of different columns compare.
 *
 *  Definition. Of a reference and a window: what the shares of missing and of non-finite rows rose by; the share of the window's
 *  values that the reference has not (beyond its range, or categories that it lacks) and the other way round; the largest rise of
 *  one value's share; of numbers the shift of the mean in standard deviations of the reference and the logarithms of the ratios
 *  of standard deviations and of means; the Kolmogorov-Smirnov distance of numbers, the total variation of categories; and the
 *  simple faults that explain the move (explain-move.ts), the best first. What similar moves are is compare-shapes.ts.
 *  Reference: none; the parts are those of their own files.
 *  Degenerate input: a side without values has shares of 0 of it, and no mean: null. */

import { categoryCellsOf } from "#lib/stats/category-cells.ts";
import type { CauseFault } from "#lib/stats/causes/cause.ts";
import { distributionOf, gapsBetween } from "#lib/stats/causes/distribution.ts";
import { explainMove } from "#lib/stats/causes/explain-move.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { standardDeviationOf } from "#lib/stats/moments.ts";
import { coarsenHistogram, commonGridOf, totalCountOf } from "#lib/stats/numeric-histogram.ts";
import { missingCountOf, nonFiniteCountOf } from "#lib/stats/profile-counts.ts";

export type ShiftShape = {
  kind: "numeric" | "categorical";
  missingRise: number;
  nonFiniteRise: number;
  newShare: number;
  vanishedShare: number;
  peakRise: number;
  meanShift: number | null;
  spreadRatioLog: number | null;
  meanRatioLog: number | null;
  distance: number;
  causes: string[];
};

export type Shift = {
  readonly kind: "numeric" | "categorical";
  readonly reference: FeatureProfile;
  readonly window: FeatureProfile;
};

const CAUSES_MAX = 5;

export const shapeOfShift = (shift: Shift): ShiftShape => {
  const { kind, reference, window } = shift;
  const rise = (countOf: (profile: FeatureProfile) => number) =>
    shareOf(countOf(window), window.rowCount) - shareOf(countOf(reference), reference.rowCount);
  const explained = explainMove({ kind, baseline: reference, window });
  return {
    kind,
    missingRise: rise(missingCountOf),
    nonFiniteRise: rise(nonFiniteCountOf),
    ...(kind === "numeric" ? numericParts(reference, window) : categoricalParts(reference, window)),
    causes:
      explained.kind === "causes"
        ? [...new Set(explained.causes.map(({ fault }) => nameFault(fault)))].slice(0, CAUSES_MAX)
        : [],
  };
};

/** A fault without its figures: "unit_change", "truncation ceiling". */
const nameFault = (fault: CauseFault): string => {
  switch (fault.kind) {
    case "truncation":
      return `${fault.kind} ${fault.form}`;
    case "null_flood":
      return `${fault.kind} ${fault.what}`;
    case "relabelled":
      return `${fault.kind} ${fault.rule}`;
    case "unit_change":
    case "offset":
    case "sign_flip":
    case "default_flood":
    case "duplicate_replay":
    case "time_zone_shift":
      return fault.kind;
  }
};

const shareOf = (count: number, total: number): number => (total > 0 ? count / total : 0);

type Parts = Omit<ShiftShape, "kind" | "missingRise" | "nonFiniteRise" | "causes">;

const numericParts = (reference: FeatureProfile, window: FeatureProfile): Parts => {
  const sides = [distributionOf(reference), distributionOf(window)] as const;
  const [there, here] = sides;
  const gaps = gapsBetween(there, here);
  const deviations = [reference, window].map(({ numericCount, m2 }) =>
    standardDeviationOf({ count: numericCount, m2 }),
  );
  const [deviation, deviationNow] = deviations;
  const hasBoth = reference.numericCount > 0 && window.numericCount > 0;
  return {
    newShare: outsideOf(here, reference),
    vanishedShare: outsideOf(there, window),
    peakRise: hasBoth ? numericPeakRise(reference, window) : 0,
    meanShift:
      hasBoth && deviation != null && deviation > 0
        ? (window.mean - reference.mean) / deviation
        : null,
    spreadRatioLog: ratioLog(deviationNow ?? 0, deviation ?? 0),
    meanRatioLog: hasBoth ? ratioLog(window.mean, reference.mean) : null,
    distance: Math.min(1, gaps?.largestGap ?? 0),
  };
};

/** null unless both are of one sign and not 0. */
const ratioLog = (now: number, before: number): number | null =>
  now / before > 0 && Number.isFinite(now / before) ? Math.log(now / before) : null;

/** The mass that lies beyond a side's range. */
const outsideOf = (
  pieces: ReturnType<typeof distributionOf>,
  { minimum, maximum }: FeatureProfile,
): number => {
  if (minimum === null || maximum === null) return 0;
  return pieces.reduce(
    (sum, { left, right, mass }) => (right < minimum || left > maximum ? sum + mass : sum),
    0,
  );
};

const numericPeakRise = (reference: FeatureProfile, window: FeatureProfile): number => {
  const grid = commonGridOf([reference, window]);
  const [there, here] = [reference, window].map((side) => {
    const bins = coarsenHistogram(side, grid);
    const total = totalCountOf(bins);
    return new Map(bins.edges.map((edge, i) => [edge, shareOf(bins.counts[i] ?? 0, total)]));
  });
  return Math.max(0, ...[...(here ?? [])].map(([edge, share]) => share - (there?.get(edge) ?? 0)));
};

const categoricalParts = (reference: FeatureProfile, window: FeatureProfile): Parts => {
  const { categories, other } = categoryCellsOf(reference, window);
  const cells = [...categories, other];
  const total = {
    there: cells.reduce((sum, cell) => sum + cell.baseline, 0),
    here: cells.reduce((sum, cell) => sum + cell.window, 0),
  };
  const shares = cells.map((cell) => ({
    there: shareOf(cell.baseline, total.there),
    here: shareOf(cell.window, total.here),
  }));
  const sumOf = (pick: (share: { there: number; here: number }) => number) =>
    shares.reduce((sum, share) => sum + pick(share), 0);
  const hasBoth = total.there > 0 && total.here > 0;
  return {
    newShare: sumOf(({ there, here }) => (there === 0 ? here : 0)),
    vanishedShare: sumOf(({ there, here }) => (here === 0 ? there : 0)),
    peakRise: hasBoth ? Math.max(0, ...shares.map(({ there, here }) => here - there)) : 0,
    meanShift: null,
    spreadRatioLog: null,
    meanRatioLog: null,
    distance: hasBoth ? Math.min(1, sumOf(({ there, here }) => Math.abs(there - here)) / 2) : 0,
  };
};
