import type { ChallengerVerdict, MetricVerdict } from "#lib/domain/version.ts";

export const challengerRule = {
  /** The chance of any false finding among all metrics. */
  level: 0.05,
  /** With fewer labelled rows the intervals are wider than any difference that matters. */
  labelledCountMin: 30,
} as const;

export interface ComparedMetric {
  metric: string;
  isHigherBetter: boolean;
  /** Challenger less champion. */
  difference: number;
  adjustedPValue: number;
}

export function judgeMetric(one: ComparedMetric): MetricVerdict {
  if (one.adjustedPValue > challengerRule.level || one.difference === 0) return "within_noise";
  return one.difference > 0 === one.isHigherBetter ? "better" : "worse";
}

export interface ChallengerFinding {
  kind: ChallengerVerdict;
  /** The metrics that say so, as they stand. */
  betterBy: string[];
  worseBy: string[];
}

/** One sentence of many metrics: better or worse by at least one of them and the contrary by none. */
export function judgeChallenger(
  metrics: readonly ComparedMetric[],
  labelledCount: number,
  hasMetrics = true,
): ChallengerFinding {
  const by = (verdict: MetricVerdict) =>
    metrics.filter((one) => judgeMetric(one) === verdict).map(({ metric }) => metric);
  const betterBy = by("better");
  const worseBy = by("worse");
  const none = (kind: ChallengerVerdict) => ({ kind, betterBy: [], worseBy: [] });
  if (!hasMetrics) return none("not_for_task");
  if (labelledCount === 0) return none("no_labels");
  if (labelledCount < challengerRule.labelledCountMin) return none("too_few_labels");
  if (betterBy.length > 0 && worseBy.length > 0) return { kind: "mixed", betterBy, worseBy };
  if (betterBy.length > 0) return { kind: "better", betterBy, worseBy };
  if (worseBy.length > 0) return { kind: "worse", betterBy, worseBy };
  return none("cannot_tell");
}
