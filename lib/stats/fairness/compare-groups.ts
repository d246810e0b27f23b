/** Compare groups: whether a binary model treats the groups of a sensitive attribute alike, by what it decided and what turned out.
 *
 *  Definitions, of one group: selection rate = decided positive / decided (demographic parity); true positive rate TP/(TP+FN) (equal
 *  opportunity); false positive rate FP/(FP+TN) (with the former, equalized odds); precision TP/(TP+FP) (predictive parity); accuracy.
 *  Each with Wilson's interval. A gap is group less reference, with Newcombe's interval and the two-proportion test, adjusted over all
 *  groups and measures by Benjamini-Hochberg; the ratio of selection rates is held against four fifths and its inverse.
 *  The reference is the declared group, else the most selected one that has enough rows (as the four-fifths rule of the Uniform
 *  Guidelines on Employee Selection Procedures, 1978, has it).
 *  The summary takes the largest less the smallest rate, whatever the reference. Matches fairlearn.metrics: MetricFrame,
 *  demographic_parity_difference and _ratio, equal_opportunity_difference, equalized_odds_difference.
 *  Degenerate input: fewer rows than the minimum: "too_few_rows"; an empty denominator is undefined, never zero. */

import type { GapVerdict } from "#lib/stats/fairness/judge-gap.ts";
import { judgeGap } from "#lib/stats/fairness/judge-gap.ts";
import type { RateRatio } from "#lib/stats/fairness/ratio-interval.ts";
import { computeRateRatio } from "#lib/stats/fairness/ratio-interval.ts";
import { adjustPValues } from "#lib/stats/false-discovery.ts";
import type { Interval } from "#lib/stats/interval.ts";
import type { Confusion } from "#lib/stats/performance/confusion.ts";
import type { Rate } from "#lib/stats/rate-change.ts";
import { computeRateChange, wilsonInterval } from "#lib/stats/rate-change.ts";

export const RATE_MEASURES = [
  "selection_rate",
  "true_positive_rate",
  "false_positive_rate",
  "precision",
  "accuracy",
] as const;
export type RateMeasure = (typeof RATE_MEASURES)[number];

export type DecidedGroup = {
  readonly group: string;
  /** Of all rows with a decision, labelled or not. */
  readonly selection: Rate;
  readonly confusion: Confusion;
  /** False for rows that state no group, or many small ones: they are listed and compared with nothing. */
  readonly isComparable: boolean;
};

export type GroupRate = Rate & { readonly value: number; readonly interval: Interval };

export type RateGap = {
  readonly measure: RateMeasure;
  readonly difference: number;
  readonly interval: Interval;
  /** Of selection rates alone. */
  readonly ratio: RateRatio | null;
  readonly pValue: number;
  readonly adjustedPValue: number;
  readonly verdict: GapVerdict;
};

export type ComparedGroup = {
  readonly group: string;
  readonly isComparable: boolean;
  readonly selection: Rate;
  readonly labelledCount: number;
  /** Null: no row in the denominator. */
  readonly rates: Readonly<Record<RateMeasure, GroupRate | null>>;
  /** Of the reference none; of a measure that lacks rows on either side none. */
  readonly gaps: readonly RateGap[];
};

export type RateSummary = {
  readonly demographicParityDifference: number | null;
  readonly demographicParityRatio: number | null;
  readonly equalOpportunityDifference: number | null;
  readonly falsePositiveRateDifference: number | null;
  readonly equalizedOddsDifference: number | null;
  readonly predictiveParityDifference: number | null;
  readonly accuracyDifference: number | null;
};

export type GroupComparison = {
  readonly reference: string | null;
  readonly groups: readonly ComparedGroup[];
  readonly summary: RateSummary;
};

/** A ratio of selection rates outside of these is adverse impact to one of the two. */
export const FOUR_FIFTHS: Interval = { low: 0.8, high: 1.25 };
/** Differences of rates within ten points are tolerated. */
export const TOLERATED_DIFFERENCE: Interval = { low: -0.1, high: 0.1 };
export const GROUP_ROWS_MIN = 30;

const rateOf = ({ selection, confusion }: DecidedGroup, measure: RateMeasure): Rate => {
  const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = confusion;
  switch (measure) {
    case "selection_rate":
      return selection;
    case "true_positive_rate":
      return { count: tp, total: tp + fn };
    case "false_positive_rate":
      return { count: fp, total: fp + tn };
    case "precision":
      return { count: tp, total: tp + fp };
    case "accuracy":
      return { count: tp + tn, total: tp + fp + fn + tn };
  }
};

const toGroupRate = (rate: Rate): GroupRate | null =>
  rate.total === 0
    ? null
    : { ...rate, value: rate.count / rate.total, interval: wilsonInterval(rate) };

const chooseReference = (
  groups: readonly DecidedGroup[],
  declared: string | null,
  rowsMin: number,
): string | null => {
  if (declared !== null) return declared;
  let best: DecidedGroup | null = null;
  const shareOf = ({ selection }: DecidedGroup) => selection.count / selection.total;
  for (const one of groups) {
    if (!one.isComparable || one.selection.total < Math.max(1, rowsMin)) continue;
    if (best === null || shareOf(one) > shareOf(best)) best = one;
  }
  return best?.group ?? null;
};

type Raw = Omit<RateGap, "adjustedPValue" | "verdict">;

const gapsOf = (group: DecidedGroup, reference: DecidedGroup, rowsMin: number): Raw[] =>
  RATE_MEASURES.flatMap((measure) => {
    const [own, theirs] = [rateOf(group, measure), rateOf(reference, measure)];
    if (own.total < rowsMin || theirs.total < rowsMin) return [];
    const change = computeRateChange(theirs, own);
    if (change === null) return [];
    const ratio = measure === "selection_rate" ? computeRateRatio(own, theirs) : null;
    return [{ measure, ...change, ratio }];
  });

const verdictOf = ({ difference, interval, ratio }: Raw, adjustedPValue: number): GapVerdict =>
  ratio === null
    ? judgeGap({ value: difference, interval, tolerated: TOLERATED_DIFFERENCE, adjustedPValue })
    : judgeGap({ ...ratio, tolerated: FOUR_FIFTHS, adjustedPValue });

const summarize = (groups: readonly DecidedGroup[], rowsMin: number): RateSummary => {
  const valuesOf = (measure: RateMeasure) =>
    groups.flatMap((group) => {
      const { count, total } = rateOf(group, measure);
      return !group.isComparable || total < Math.max(1, rowsMin) ? [] : [count / total];
    });
  const spreadOf = (measure: RateMeasure): number | null => {
    const values = valuesOf(measure);
    return values.length < 2 ? null : Math.max(...values) - Math.min(...values);
  };
  const selected = valuesOf("selection_rate");
  const most = Math.max(...selected);
  const [ofTrue, ofFalse] = [spreadOf("true_positive_rate"), spreadOf("false_positive_rate")];
  return {
    demographicParityDifference: spreadOf("selection_rate"),
    demographicParityRatio: selected.length < 2 || most === 0 ? null : Math.min(...selected) / most,
    equalOpportunityDifference: ofTrue,
    falsePositiveRateDifference: ofFalse,
    equalizedOddsDifference: ofTrue === null || ofFalse === null ? null : Math.max(ofTrue, ofFalse),
    predictiveParityDifference: spreadOf("precision"),
    accuracyDifference: spreadOf("accuracy"),
  };
};

export const compareGroups = (
  groups: readonly DecidedGroup[],
  declaredReference: string | null,
  rowsMin: number = GROUP_ROWS_MIN,
): GroupComparison => {
  const reference = chooseReference(groups, declaredReference, rowsMin);
  const against = groups.find(({ group }) => group === reference);
  const raw = groups.map((group) =>
    against === undefined || group === against || !group.isComparable
      ? []
      : gapsOf(group, against, rowsMin),
  );
  const adjusted = adjustPValues(raw.flat().map(({ pValue }) => pValue));
  let at = 0;
  return {
    reference,
    summary: summarize(groups, rowsMin),
    groups: groups.map((group, i) => {
      const { truePositive, falsePositive, falseNegative, trueNegative } = group.confusion;
      return {
        group: group.group,
        isComparable: group.isComparable,
        selection: group.selection,
        labelledCount: truePositive + falsePositive + falseNegative + trueNegative,
        rates: {
          selection_rate: toGroupRate(rateOf(group, "selection_rate")),
          true_positive_rate: toGroupRate(rateOf(group, "true_positive_rate")),
          false_positive_rate: toGroupRate(rateOf(group, "false_positive_rate")),
          precision: toGroupRate(rateOf(group, "precision")),
          accuracy: toGroupRate(rateOf(group, "accuracy")),
        },
        gaps: (raw[i] ?? []).map((gap) => {
          const adjustedPValue = adjusted[at] ?? 1;
          at += 1;
          return { ...gap, adjustedPValue, verdict: verdictOf(gap, adjustedPValue) };
        }),
      };
    }),
  };
};
