/** Compare errors: whether a regression model errs alike in the groups of a sensitive attribute.
 *
 *  Definitions, of one group: mean error, mean(prediction - label), says whether it is over- or underestimated; mean absolute error how
 *  far off it is. A gap is group less reference with Welch's interval and test, adjusted over all groups and measures by
 *  Benjamini-Hochberg. Within a fifth of the standard deviation of all errors it is tolerated (a small effect by Cohen 1988).
 *  The reference is the declared group, else the one with most labelled rows.
 *  Matches scipy.stats.ttest_ind(group, reference, equal_var=False).
 *  Degenerate input: fewer labelled rows than the minimum on a side: no gap; a group without any: no error. */

import type { GapVerdict } from "#lib/stats/fairness/judge-gap.ts";
import { judgeGap } from "#lib/stats/fairness/judge-gap.ts";
import { adjustPValues } from "#lib/stats/false-discovery.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import { computeMeanChange } from "#lib/stats/mean-change.ts";
import type { Moment } from "#lib/stats/performance/moments.ts";
import { mergeMoments, standardErrorOfMean } from "#lib/stats/performance/moments.ts";

export const ERROR_MEASURES = ["mean_error", "mean_absolute_error"] as const;
export type ErrorMeasure = (typeof ERROR_MEASURES)[number];

export type ErringGroup = {
  readonly group: string;
  readonly isComparable: boolean;
  readonly moments: Readonly<Record<ErrorMeasure, Moment>>;
};

export type GroupError = {
  readonly value: number;
  /** Null below two labelled rows. */
  readonly interval: Interval | null;
  readonly count: number;
};

export type ErrorGap = {
  readonly measure: ErrorMeasure;
  readonly difference: number;
  readonly interval: Interval;
  readonly pValue: number;
  readonly adjustedPValue: number;
  readonly verdict: GapVerdict;
};

export type ComparedErrors = {
  readonly reference: string | null;
  /** Gaps of at most this size are tolerated; null where errors do not vary, or there are none. */
  readonly tolerance: number | null;
  readonly groups: readonly {
    readonly group: string;
    readonly isComparable: boolean;
    readonly errors: Readonly<Record<ErrorMeasure, GroupError | null>>;
    readonly gaps: readonly ErrorGap[];
  }[];
};

const TOLERATED_SHARE = 0.2;

const toError = (moment: Moment): GroupError | null => {
  if (moment.count === 0) return null;
  const error = standardErrorOfMean(moment);
  const half = error === null ? null : NORMAL_QUANTILE_975 * error;
  return {
    value: moment.mean,
    interval: half === null ? null : { low: moment.mean - half, high: moment.mean + half },
    count: moment.count,
  };
};

const chooseReference = (
  groups: readonly ErringGroup[],
  declared: string | null,
): string | null => {
  if (declared !== null) return declared;
  let largest: ErringGroup | null = null;
  for (const one of groups) {
    const count = one.moments.mean_error.count;
    if (one.isComparable && count > (largest?.moments.mean_error.count ?? 0)) largest = one;
  }
  return largest?.group ?? null;
};

export const compareErrors = (
  groups: readonly ErringGroup[],
  declaredReference: string | null,
  rowsMin: number,
): ComparedErrors => {
  const reference = chooseReference(groups, declaredReference);
  const against = groups.find(({ group }) => group === reference);
  const { mean_error: all } = mergeMoments(groups.map(({ moments }) => moments));
  const deviation =
    all === undefined || all.count < 2 ? 0 : Math.sqrt(Math.max(0, all.m2) / (all.count - 1));
  const tolerance = deviation > 0 ? TOLERATED_SHARE * deviation : null;
  const raw = groups.map((group) =>
    against === undefined || group === against || !group.isComparable
      ? []
      : ERROR_MEASURES.flatMap((measure) => {
          const [own, theirs] = [group.moments[measure], against.moments[measure]];
          if (own.count < rowsMin || theirs.count < rowsMin) return [];
          const change = computeMeanChange(theirs, own);
          if (change === null) return [];
          const { difference, interval, pValue } = change;
          return [{ measure, difference, interval, pValue }];
        }),
  );
  const adjusted = adjustPValues(raw.flat().map(({ pValue }) => pValue));
  const tolerated = { low: -(tolerance ?? 0), high: tolerance ?? 0 };
  let at = 0;
  return {
    reference,
    tolerance,
    groups: groups.map(({ group, isComparable, moments }, i) => ({
      group,
      isComparable,
      errors: {
        mean_error: toError(moments.mean_error),
        mean_absolute_error: toError(moments.mean_absolute_error),
      },
      gaps: (raw[i] ?? []).map((gap) => {
        const adjustedPValue = adjusted[at] ?? 1;
        at += 1;
        const { difference: value, interval } = gap;
        const verdict = judgeGap({ value, interval, tolerated, adjustedPValue });
        return { ...gap, adjustedPValue, verdict };
      }),
    })),
  };
};
