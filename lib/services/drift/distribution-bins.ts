import type { DistributionBin } from "#lib/domain/distribution.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import { categoryCellsOf, mergeCategories } from "#lib/stats/category-cells.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { rightEdgeOf } from "#lib/stats/float-grid.ts";
import { coarsenHistogram, commonGridOf } from "#lib/stats/numeric-histogram.ts";
import { missingCountOf } from "#lib/stats/profile-counts.ts";
import { countInBins, referenceBinsOf } from "#lib/stats/reference-bins.ts";

const binCountMax = 20;

interface Counts {
  label: string;
  kind: DistributionBin["kind"];
  from?: number | null;
  until?: number | null;
  reference: number;
  window: number;
}

/** One feature's rows on both sides, in bins that both share: its values, and then what is no value. The bins are cut by
 *  the reference, or by the window where there is none. */
export function distributionBins(
  type: FeatureType,
  reference: FeatureProfile,
  window: FeatureProfile,
): DistributionBin[] {
  const values = type === "numeric" ? rangeBins(reference, window) : valueBins(reference, window);
  const others: Counts[] = [
    both("missing", "missing", reference, window, missingCountOf),
    both("NaN", "nan", reference, window, (side) => side.nanCount),
    both(
      "infinite",
      "infinite",
      reference,
      window,
      (side) => side.positiveInfinityCount + side.negativeInfinityCount,
    ),
    both("of another type", "violation", reference, window, (side) =>
      type === "numeric" ? side.stringCount + side.booleanCount : side.numericCount,
    ),
  ];
  return [...values, ...others]
    .filter((bin) => bin.reference + bin.window > 0)
    .map((bin) => toBin(bin, reference, window));
}

function rangeBins(reference: FeatureProfile, window: FeatureProfile): Counts[] {
  const grid = commonGridOf([reference, window]);
  const cutBy = coarsenHistogram(reference.edges.length > 0 ? reference : window, grid);
  if (cutBy.edges.length === 0) return [];
  const bins = referenceBinsOf(cutBy, binCountMax);
  const inReference = countInBins(reference, bins);
  const inWindow = countInBins(window, bins);
  const isPoint = new Set(cutBy.edges);
  const hasFewValues = cutBy.edges.length <= binCountMax;
  const minimum = least(reference.minimum, window.minimum);
  const maximum = greatest(reference.maximum, window.maximum);
  return inReference.map((count, i) => {
    const from = bins.cuts[i - 1] ?? minimum;
    const until = bins.cuts[i] ?? maximum;
    const isOne = hasFewValues && isPoint.has(from) && until <= rightEdgeOf(from, grid);
    return {
      label: isOne ? short(from) : `${short(from)} to ${short(until)}`,
      kind: "range",
      from,
      until,
      reference: count,
      window: inWindow[i] ?? 0,
    };
  });
}

function valueBins(reference: FeatureProfile, window: FeatureProfile): Counts[] {
  const hasReference = reference.valueNames.length > 0;
  const categories = categoryCellsOf(hasReference ? reference : window, window);
  const { names, cells } = mergeCategories(categories, binCountMax);
  const ofReference = (i: number) => (hasReference ? (cells.baseline[i] ?? 0) : 0);
  const at = (label: string, kind: Counts["kind"], i: number): Counts => ({
    label,
    kind,
    reference: ofReference(i),
    window: cells.window[i] ?? 0,
  });
  return [
    ...names.map((name, i) => at(name === "" ? "(empty)" : name, "value", i)),
    at("all other known values", "other", names.length),
    at("new values", "new", names.length + 1),
  ];
}

function both(
  label: string,
  kind: Counts["kind"],
  reference: FeatureProfile,
  window: FeatureProfile,
  countOf: (side: FeatureProfile) => number,
): Counts {
  return { label, kind, reference: countOf(reference), window: countOf(window) };
}

function toBin(bin: Counts, reference: FeatureProfile, window: FeatureProfile): DistributionBin {
  return {
    label: bin.label,
    kind: bin.kind,
    from: bin.from ?? null,
    until: bin.until ?? null,
    referenceCount: bin.reference,
    windowCount: bin.window,
    referenceShare: reference.rowCount === 0 ? 0 : bin.reference / reference.rowCount,
    windowShare: window.rowCount === 0 ? 0 : bin.window / window.rowCount,
  };
}

const least = (a: number | null, b: number | null) => Math.min(a ?? b ?? 0, b ?? a ?? 0);
const greatest = (a: number | null, b: number | null) => Math.max(a ?? b ?? 0, b ?? a ?? 0);
const short = (value: number) => String(Number(value.toPrecision(5)));
