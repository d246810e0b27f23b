/** Verdict on a gap between a group and the reference group, of which only a part may be more than noise.
 *
 *  Definition. With a tolerance, an interval and a p-value adjusted over all groups and measures: "gap" when it is more than noise and
 *  beyond the tolerance, "small_gap" when it is more than noise and within it; what is within noise is "no_gap" where the whole interval
 *  is within the tolerance, else "cannot_say", because too few rows never prove that two groups are treated alike. */

import type { Interval } from "#lib/stats/interval.ts";

export type GapVerdict = "gap" | "small_gap" | "no_gap" | "cannot_say";

const GAP_LEVEL = 0.05;

export type GapEvidence = {
  readonly value: number;
  readonly interval: Interval;
  /** What is tolerated lies within, both ends included. */
  readonly tolerated: Interval;
  readonly adjustedPValue: number;
};

export const judgeGap = ({
  value,
  interval,
  tolerated,
  adjustedPValue,
}: GapEvidence): GapVerdict => {
  const isTolerated = value >= tolerated.low && value <= tolerated.high;
  if (adjustedPValue <= GAP_LEVEL) return isTolerated ? "small_gap" : "gap";
  return interval.low >= tolerated.low && interval.high <= tolerated.high ? "no_gap" : "cannot_say";
};
