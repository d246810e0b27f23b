/** Explain a move: which simple faults explain how a column differs from its baseline?
 *
 *  What moved is looked at apart: the values, the missing ones, NaN and infinities. A share of missing values that grew is
 *  a null flood by definition. Values that did not move beyond noise and a negligible distance need no cause.
 *  An offset, a mild factor, swapped codes or more rows of a known value look like a season. So such a fault is named only
 *  where the stretches that led up to the window are given, the window moved away from the last of them by clearly more (1.5
 *  times, categories twice) than any of them had moved from the one before, and the fault undone leaves no more than that: seasons come slowly,
 *  faults at once. Faults that the world does not do by itself (a factor of a thousand, a flipped sign, a foreign default
 *  value, another spelling, values that only the fault can have made) need no such witness.
 *  Degenerate input: fewer rows than `rowCountMin` (100) on a side: cannot say; no fault that fits: no causes, which is an
 *  answer. */

import { categoricalCountOf } from "#lib/stats/categorical-profile.ts";
import { categoryCellsOf, toCells } from "#lib/stats/category-cells.ts";
import { categoricalCausesOf } from "#lib/stats/causes/categorical-causes.ts";
import type { Cause } from "#lib/stats/causes/cause.ts";
import { distributionOf, gapsBetween } from "#lib/stats/causes/distribution.ts";
import { numericCausesOf } from "#lib/stats/causes/numeric-causes.ts";
import { noiseOf } from "#lib/stats/cells.ts";
import { computeChiSquared } from "#lib/stats/chi-squared.ts";
import type { CannotSay } from "#lib/stats/drift-test.ts";
import { findLack } from "#lib/stats/drift-test.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { computeHellingerEffect } from "#lib/stats/hellinger.ts";
import { testHomogeneity } from "#lib/stats/homogeneity.ts";
import { ksLowerBound, ksNullExpectation } from "#lib/stats/kolmogorov-smirnov.ts";
import { standardDeviationOf } from "#lib/stats/moments.ts";
import { totalCountOf } from "#lib/stats/numeric-histogram.ts";
import { missingCountOf, nonFiniteCountOf } from "#lib/stats/profile-counts.ts";

/** Rows that say the same as an earlier row, and the window without them. */
export type Repeats = {
  readonly rowCount: number;
  readonly repeatedCount: number;
  /** The share of rows that repeat an earlier one anyway, from as long a stretch before. */
  readonly expectedShare: number;
  readonly withoutRepeats: FeatureProfile | null;
};

export type Move = {
  readonly kind: "numeric" | "categorical";
  readonly baseline: FeatureProfile;
  readonly window: FeatureProfile;
  /** Stretches as long as the window that led up to it, oldest first; the last ended where the window begins. */
  readonly history?: readonly FeatureProfile[];
  readonly repeats?: Repeats | null;
  readonly rowCountMin?: number;
};

export type Explanation =
  | { readonly kind: "causes"; readonly causes: readonly Cause[] }
  /** Something moved, and no simple fault explains it. */
  | { readonly kind: "no_simple_cause" }
  | { readonly kind: "no_move" }
  | CannotSay;

const ROW_COUNT_MIN = 100;
const NEGLIGIBLE_KS = 0.0199;
const NEGLIGIBLE_HELLINGER = 0.0177;
const NEGLIGIBLE_SHIFT = 0.05;
const NEGLIGIBLE_RATE = 0.01;

export const explainMove = (move: Move): Explanation => {
  const { baseline, window } = move;
  const rows = { baseline: baseline.rowCount, window: window.rowCount };
  const lack = findLack(rows, move.rowCountMin ?? ROW_COUNT_MIN);
  if (lack !== null) return lack;
  const floods = [
    ...rateCauses("missing", missingCountOf, baseline, window),
    ...rateCauses("non_finite", nonFiniteCountOf, baseline, window),
  ];
  const valuesMoved = haveValuesMoved(move.kind, baseline, window);
  const replay = valuesMoved ? replayCauses(move) : [];
  const values = valuesMoved ? valueCauses(move) : [];
  const causes = [...replay, ...values, ...floods].sort(
    (a, b) => weightOf(b, move) - weightOf(a, move),
  );
  if (causes.length > 0) return { kind: "causes", causes };
  return { kind: valuesMoved ? "no_simple_cause" : "no_move" };
};

/** Aspects in the order of how many rows they are about; within the values the order of the fit stays. */
const weightOf = (cause: Cause, { window }: Move): number => {
  const countOf = {
    values: window.rowCount - missingCountOf(window) - nonFiniteCountOf(window),
    missing: missingCountOf(window),
    non_finite: nonFiniteCountOf(window),
  }[cause.aspect];
  return countOf / window.rowCount;
};

const rateCauses = (
  what: "missing" | "non_finite",
  countOf: (profile: FeatureProfile) => number,
  baseline: FeatureProfile,
  window: FeatureProfile,
): Cause[] => {
  const [n, m] = [baseline.rowCount, window.rowCount];
  const [p, q] = [countOf(baseline) / n, countOf(window) / m];
  const error = Math.sqrt((p * (1 - p)) / n + (q * (1 - q)) / m);
  if (q - p - 1.96 * error <= NEGLIGIBLE_RATE) return [];
  return [
    {
      fault: { kind: "null_flood", what, share: q, baselineShare: p },
      aspect: what,
      quality: 1,
      residual: { distance: 0, nullExpectation: 0, pValue: 1, isWithinNoise: true },
    },
  ];
};

const replayCauses = ({ kind, baseline, window, repeats }: Move): Cause[] => {
  if (repeats === undefined || repeats === null || repeats.withoutRepeats === null) return [];
  const share = repeats.repeatedCount / repeats.rowCount;
  const expected = repeats.expectedShare;
  const error = Math.sqrt((share * (1 - share)) / repeats.rowCount);
  // Repeated rows are counted, not guessed; they are a cause of this column's move if the column is another without them.
  if (!haveValuesMoved(kind, repeats.withoutRepeats, window)) return [];
  if (share - expected - 1.96 * error <= NEGLIGIBLE_RATE) return [];
  const before = distanceBetween(kind, baseline, window);
  const after = distanceBetween(kind, baseline, repeats.withoutRepeats);
  const quality = Math.max(0, 1 - after.distance / before.distance);
  return [
    {
      fault: { kind: "duplicate_replay", share, expectedShare: expected },
      aspect: "values",
      quality,
      residual: { ...after.residual, isWithinNoise: after.residual.pValue >= 0.01 },
    },
  ];
};

const distanceBetween = (
  kind: Move["kind"],
  baseline: FeatureProfile,
  window: FeatureProfile,
): {
  distance: number;
  residual: { distance: number; nullExpectation: number; pValue: number };
} => {
  if (kind === "numeric") {
    const gaps = gapsBetween(distributionOf(baseline), distributionOf(window));
    const [n, m] = [totalCountOf(baseline), totalCountOf(window)];
    const largestGap = Math.min(1, gaps?.largestGap ?? 0);
    return {
      distance: gaps?.wasserstein ?? 0,
      residual: {
        distance: largestGap,
        nullExpectation: ksNullExpectation(n, m),
        pValue: Math.min(1, 2 * Math.exp((-2 * largestGap ** 2) / noiseOf(n, m))),
      },
    };
  }
  const cells = toCells(categoryCellsOf(baseline, window));
  const effect = computeHellingerEffect(cells);
  return {
    distance: effect?.distance ?? 0,
    residual: {
      distance: effect?.distance ?? 0,
      nullExpectation: effect?.nullExpectation ?? 0,
      pValue: computeChiSquared(cells)?.pValue ?? 1,
    },
  };
};

const valueCauses = (move: Move): readonly Cause[] => {
  const { kind, baseline, window } = move;
  const find = kind === "numeric" ? numericCausesOf : categoricalCausesOf;
  const history = (move.history ?? []).filter(
    (stretch) => countOfValues(kind, stretch) >= ROW_COUNT_MIN,
  );
  const before = history.at(-1);
  if (before !== undefined && haveValuesMoved(kind, before, window)) {
    const causes = find({ baseline, window, reference: before, history });
    if (causes.length > 0) return causes;
  }
  // Older than what is known of the time before: only what the world does not do by itself can be told.
  return find({ baseline, window, reference: baseline, history: [] });
};

const countOfValues = (kind: Move["kind"], profile: FeatureProfile): number =>
  kind === "numeric" ? totalCountOf(profile) : categoricalCountOf(profile);

/** Beyond noise, and beyond what is negligible. */
const haveValuesMoved = (
  kind: Move["kind"],
  baseline: FeatureProfile,
  window: FeatureProfile,
): boolean => {
  const [n, m] = [countOfValues(kind, baseline), countOfValues(kind, window)];
  if (n < ROW_COUNT_MIN || m < ROW_COUNT_MIN) return false;
  if (kind === "categorical") {
    const cells = toCells(categoryCellsOf(baseline, window));
    const tested = testHomogeneity(cells);
    const effect = computeHellingerEffect(tested?.cells ?? cells);
    return (effect?.lowerBound ?? 0) > NEGLIGIBLE_HELLINGER && (tested?.pValue ?? 1) < 0.01;
  }
  const gaps = gapsBetween(distributionOf(baseline), distributionOf(window));
  if (gaps === null) return false;
  if (ksLowerBound(gaps.largestGap, n, m) > NEGLIGIBLE_KS) return true;
  const deviation = standardDeviationOf({ count: n, m2: baseline.m2 }) ?? 0;
  // 1.288 sqrt(e) standard deviations is what noise alone gives of a normal; twice that is beyond it.
  return gaps.wasserstein > deviation * (NEGLIGIBLE_SHIFT + 2 * 1.288 * Math.sqrt(noiseOf(n, m)));
};
