import type { FairnessGroup, Measured } from "#lib/api/fairness.ts";
import type { ComparedErrors, ErrorGap } from "#lib/stats/fairness/compare-errors.ts";
import { ERROR_MEASURES } from "#lib/stats/fairness/compare-errors.ts";
import type { GroupComparison, RateGap } from "#lib/stats/fairness/compare-groups.ts";
import { RATE_MEASURES } from "#lib/stats/fairness/compare-groups.ts";

export function toRateGroups({ groups, reference }: GroupComparison): FairnessGroup[] {
  return groups.map(({ group, isComparable, selection, labelledCount, rates, gaps }) => ({
    value: group,
    isReference: group === reference,
    isComparable,
    rowCount: selection.total,
    labelledCount,
    measures: RATE_MEASURES.map((measure): Measured => {
      const rate = rates[measure];
      return {
        measure,
        value: rate?.value ?? null,
        lower: rate?.interval.low ?? null,
        upper: rate?.interval.high ?? null,
        count: rate?.total ?? 0,
        gap: toGap(gaps.find((gap) => gap.measure === measure)),
      };
    }),
  }));
}

export function toErrorGroups({ groups, reference }: ComparedErrors): FairnessGroup[] {
  return groups.map(({ group, isComparable, errors, gaps }) => ({
    value: group,
    isReference: group === reference,
    isComparable,
    rowCount: errors.mean_error?.count ?? 0,
    labelledCount: errors.mean_error?.count ?? 0,
    measures: ERROR_MEASURES.map((measure): Measured => {
      const error = errors[measure];
      return {
        measure,
        value: error?.value ?? null,
        lower: error?.interval?.low ?? null,
        upper: error?.interval?.high ?? null,
        count: error?.count ?? 0,
        gap: toGap(gaps.find((gap) => gap.measure === measure)),
      };
    }),
  }));
}

function toGap(gap: RateGap | ErrorGap | undefined): Measured["gap"] {
  if (gap === undefined) return null;
  const { difference, interval, pValue, adjustedPValue, verdict } = gap;
  const ratio = "ratio" in gap ? gap.ratio : null;
  return {
    difference,
    lower: interval.low,
    upper: interval.high,
    ratio:
      ratio === null
        ? null
        : { value: ratio.value, lower: ratio.interval.low, upper: ratio.interval.high },
    pValue,
    adjustedPValue,
    verdict,
  };
}
