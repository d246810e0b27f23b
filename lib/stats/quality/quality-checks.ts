/** Quality checks of one feature: one question for each way in which its rows can be bad, asked of a window against the
 *  baseline or against what a person declared.
 *
 *  Definition. Each check is a share of the window's rows. Where the baseline (or what it teaches) is the measure, the check is
 *  a *test*: did the share rise, by the two-proportion test and Newcombe's interval of the difference (rate-change.ts)?
 *  Where a person declared what is right, it is a *rule*: the share itself with Wilson's interval, and no p-value.
 *  `unseen_category` of a learned list is compared with the baseline's values that occur once (expectation.ts).
 *  `constant` asks whether the variety is gone: of the rows with a value, how many have the window's most frequent one. It
 *  is asked only where both sides have enough values.
 *  A count that is only known between bounds enters with its least in the window and its most in the baseline, so that
 *  what a bin hides can hide a finding but never make one.
 *  Degenerate input: fewer window rows than the minimum, or baseline rows for a test: cannot say, with what there was;
 *  nothing bad on either side: nothing to test, within noise. */

import type { Constancy } from "#lib/stats/quality/constancy.ts";
import type { CountBounds } from "#lib/stats/quality/expectation.ts";
import type { QualityCounts } from "#lib/stats/quality/quality-counts.ts";
import { computeShareChange } from "#lib/stats/quality/share-change.ts";
import type { Rate } from "#lib/stats/rate-change.ts";
import type { ShareInterval } from "#lib/stats/share-interval.ts";
import { shareInterval } from "#lib/stats/share-interval.ts";

export const qualityCheckNames = [
  "null",
  "absent",
  "nan",
  "infinite",
  "wrong_kind",
  "below_range",
  "above_range",
  "unseen_category",
  "constant",
] as const;
export type QualityCheckName = (typeof qualityCheckNames)[number];

export type QualityLack = {
  /** Of `too_little_history`, days; of the others, rows. */
  readonly reason:
    | "no_baseline"
    | "too_few_baseline_rows"
    | "too_few_window_rows"
    | "too_little_history";
  readonly have: number;
  readonly needed: number;
};

/** Which of a feature's expectations a person declared; the others are learned from the baseline. */
export type DeclaredParts = {
  readonly isRangeDeclared: { readonly minimum: boolean; readonly maximum: boolean };
  readonly areValuesDeclared: boolean;
  readonly isRequired: boolean;
};

const NOTHING_DECLARED: DeclaredParts = {
  isRangeDeclared: { minimum: false, maximum: false },
  areValuesDeclared: false,
  isRequired: false,
};

export type QualityCheck = {
  readonly check: QualityCheckName;
  /** Bad rows of all rows; for `constant`, rows with the most frequent value of those with any. */
  readonly window: Rate & { readonly countMost: number };
  readonly baseline: (Rate & { readonly countMost: number }) | null;
  readonly measure: "baseline" | "declared";
} & (
  | { readonly kind: "cannot_say"; readonly lack: QualityLack }
  | { readonly kind: "none" }
  | {
      readonly kind: "tested";
      readonly pValue: number;
      /** Of the difference of shares. */
      readonly change: ShareInterval & { readonly difference: number };
      /** Of the window's and the baseline's share, 95 %. */
      readonly windowInterval: ShareInterval;
      readonly baselineInterval: ShareInterval;
    }
  | { readonly kind: "ruled"; readonly windowInterval: ShareInterval }
);

type Side = CountBounds & { readonly total: number };

const exactly = (count: number, total: number): Side => ({ least: count, most: count, total });
const bounded = (bounds: CountBounds, total: number): Side => ({ ...bounds, total });

type Asked = {
  readonly check: QualityCheckName;
  readonly window: Side;
  readonly baseline: Side | null;
  readonly endsByHand: boolean;
};

/** What is asked of a feature: the sides of every check that applies to it. */
const askedOf = (
  baseline: QualityCounts | null,
  window: QualityCounts,
  declared: DeclaredParts,
  rowCountMin: number,
): Asked[] => {
  const rate = (
    check: QualityCheckName,
    countOf: (side: QualityCounts) => CountBounds | number | null,
    endsByHand = false,
  ): Asked[] => {
    const sideOf = (counts: QualityCounts): Side | null => {
      const count = countOf(counts);
      if (count === null) return null;
      return typeof count === "number"
        ? exactly(count, counts.rowCount)
        : bounded(count, counts.rowCount);
    };
    const inWindow = sideOf(window);
    if (inWindow === null) return [];
    const inBaseline = baseline === null ? null : sideOf(baseline);
    return [{ check, window: inWindow, baseline: inBaseline, endsByHand }];
  };
  const asked = [
    ...rate("null", (side) => side.nullCount, declared.isRequired),
    ...rate("absent", (side) => side.absentCount, declared.isRequired),
    ...rate("nan", (side) => side.nanCount),
    ...rate("infinite", (side) => side.infiniteCount),
    ...rate("wrong_kind", (side) => side.wrongKindCount),
    ...rate("below_range", (side) => side.below, declared.isRangeDeclared.minimum),
    ...rate("above_range", (side) => side.above, declared.isRangeDeclared.maximum),
    ...rate("unseen_category", (side) => side.unseen, declared.areValuesDeclared),
  ];
  const before = baseline?.dominant ?? null;
  const now = window.dominant;
  const hasValues = Math.min(window.valueCount, baseline?.valueCount ?? 0) >= rowCountMin;
  if (now === null || before === null || baseline === null || !hasValues) return asked;
  return [
    ...asked,
    {
      check: "constant",
      window: bounded(now, window.valueCount),
      baseline: bounded(before, baseline.valueCount),
      endsByHand: false,
    },
  ];
};

const ROW_COUNT_MIN = 100;

const proportionOf = (side: Side) => ({
  count: side.least,
  countMost: side.most,
  total: side.total,
});

const lackOf = (
  { window, baseline, endsByHand }: Asked,
  rowCountMin: number,
): QualityLack | null => {
  if (window.total < rowCountMin)
    return { reason: "too_few_window_rows", have: window.total, needed: rowCountMin };
  if (endsByHand) return null;
  if (baseline === null) return { reason: "no_baseline", have: 0, needed: rowCountMin };
  if (baseline.total < rowCountMin)
    return { reason: "too_few_baseline_rows", have: baseline.total, needed: rowCountMin };
  return null;
};

const checkOf = (asked: Asked, rowCountMin: number): QualityCheck => {
  const { check, window, baseline, endsByHand } = asked;
  const shared = {
    check,
    window: proportionOf(window),
    baseline: baseline === null ? null : proportionOf(baseline),
    measure: endsByHand ? ("declared" as const) : ("baseline" as const),
  };
  const lack = lackOf(asked, Math.max(1, rowCountMin));
  if (lack !== null) return { ...shared, kind: "cannot_say", lack };
  const now = { count: window.least, total: window.total };
  if (window.least === 0) return { ...shared, kind: "none" };
  const windowInterval = shareInterval(now);
  if (windowInterval === null) throw new Error("a side with rows has an interval");
  if (endsByHand || baseline === null) return { ...shared, kind: "ruled", windowInterval };
  const before = { count: baseline.most, total: baseline.total };
  const change = computeShareChange(before, now);
  const baselineInterval = shareInterval(before);
  if (change === null || baselineInterval === null)
    throw new Error("two sides with rows have a change");
  const { pValue, ...interval } = change;
  return { ...shared, kind: "tested", pValue, change: interval, windowInterval, baselineInterval };
};

const settle = (constant: QualityCheck, constancy: Constancy): QualityCheck[] => {
  switch (constancy.kind) {
    case "stuck":
      return [constant];
    case "by_nature":
      return [];
    case "too_little_history": {
      const { check, window, baseline, measure } = constant;
      const { haveDays: have, neededDays: needed } = constancy;
      const lack: QualityLack = { reason: "too_little_history", have, needed };
      return [{ check, window, baseline, measure, kind: "cannot_say", lack }];
    }
  }
};

/** The checks of a feature, with what its own past says of `constant` (constancy.ts). */
export const settleConstant = (
  checks: readonly QualityCheck[],
  constancy: Constancy,
): QualityCheck[] =>
  checks.flatMap((each) => (each.check === "constant" ? settle(each, constancy) : [each]));

export const qualityChecksOf = (
  baseline: QualityCounts | null,
  window: QualityCounts,
  declared: DeclaredParts = NOTHING_DECLARED,
  rowCountMin: number = ROW_COUNT_MIN,
): QualityCheck[] =>
  askedOf(baseline, window, declared, rowCountMin).map((asked) => checkOf(asked, rowCountMin));
