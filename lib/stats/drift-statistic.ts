/** One statistic of drift as it is shown: its value, and all that it must not be read without. */

import type { CannotSay, SampleSizes } from "#lib/stats/drift-test.ts";
import type { Interval } from "#lib/stats/interval.ts";
import type { Smoothing } from "#lib/stats/psi.ts";

export type DriftStatisticName =
  | "psi"
  | "jensen_shannon"
  | "kolmogorov_smirnov"
  | "wasserstein"
  | "wasserstein_normed"
  | "energy"
  | "cramer_von_mises"
  | "mean_change"
  | "hellinger"
  | "kullback_leibler"
  | "total_variation"
  | "l_infinity"
  | "chi_squared"
  | "g_test"
  | "cramers_v"
  | "cramers_v_corrected";

export type DriftUnit =
  | "nat"
  | "bit"
  /** A share of rows, or a distance between 0 and 1. */
  | "share"
  /** The unit of the column, or the square root of it. */
  | "column"
  | "column_root"
  /** Standard deviations of the baseline. */
  | "deviation"
  | "none";

export type DriftValue = {
  readonly kind: "value";
  readonly statistic: DriftStatisticName;
  readonly value: number;
  /** Between which the statistic of the very rows lies; both are `value` when it is exact. */
  readonly lowerBound: number;
  readonly upperBound: number;
  readonly isExact: boolean;
  /** About what the value is with no drift; null where there is no closed form. */
  readonly nullExpectation: number | null;
  /** 95 % interval of the true value, sampling noise on both sides; null for statistics that are only evidence. */
  readonly interval: Interval | null;
  readonly pValue: number | null;
  readonly sampleSizes: SampleSizes;
  /** Occupied cells; null for a statistic without bins. */
  readonly binCount: number | null;
  readonly smoothing: Smoothing | null;
  readonly unit: DriftUnit;
  /** The category that a largest change belongs to; else null. */
  readonly category: string | null;
};

export type DriftStatistic =
  | DriftValue
  | (CannotSay & { readonly statistic: DriftStatisticName; readonly sampleSizes: SampleSizes })
  | {
      readonly kind: "undefined";
      readonly statistic: DriftStatisticName;
      readonly sampleSizes: SampleSizes;
      readonly reason: "constant_baseline" | "beyond_doubles";
    };

export const lacking = (
  statistic: DriftStatisticName,
  sampleSizes: SampleSizes,
  lack: CannotSay,
): DriftStatistic => ({ ...lack, statistic, sampleSizes });

type Given = Pick<DriftValue, "statistic" | "value" | "sampleSizes" | "unit"> & Partial<DriftValue>;

/** A value that is exact and has no bins, unless it says otherwise. */
export const driftValue = (given: Given): DriftValue => ({
  kind: "value",
  lowerBound: given.value,
  upperBound: given.value,
  isExact: true,
  nullExpectation: null,
  interval: null,
  pValue: null,
  binCount: null,
  smoothing: null,
  category: null,
  ...given,
});
