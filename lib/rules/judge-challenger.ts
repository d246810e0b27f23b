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

/** What says how right a model is as a whole. Precision, recall and specificity trade one for the other with every threshold, F1
 *  with them: a challenger that decides positive more often is better by one and worse by another, and no better for it. */
const decidingMetrics: ReadonlySet<string> = new Set([
  "accuracy",
  "roc_auc",
  "log_loss",
  "brier",
  "mae",
  "rmse",
  "ndcg@10",
  "map@10",
  "mrr@10",
  "hit_rate@10",
  "recall@10",
]);

export interface ChallengerFinding {
  kind: ChallengerVerdict;
  /** The deciding metrics that say so, as they stand. */
  betterBy: string[];
  worseBy: string[];
  /** Metrics that trade one for the other, and decide nothing. */
  tradedUp: string[];
  tradedDown: string[];
}

/** One sentence of many metrics: better or worse by at least one that decides, and the contrary by none. */
export function judgeChallenger(
  metrics: readonly ComparedMetric[],
  labelledCount: number,
  hasMetrics = true,
): ChallengerFinding {
  const by = (verdict: MetricVerdict, isDeciding: boolean) =>
    metrics
      .filter((one) => decidingMetrics.has(one.metric) === isDeciding)
      .filter((one) => judgeMetric(one) === verdict)
      .map(({ metric }) => metric);
  const found = {
    betterBy: by("better", true),
    worseBy: by("worse", true),
    tradedUp: by("better", false),
    tradedDown: by("worse", false),
  };
  const none = { betterBy: [], worseBy: [], tradedUp: [], tradedDown: [] };
  if (!hasMetrics) return { kind: "not_for_task", ...none };
  if (labelledCount === 0) return { kind: "no_labels", ...none };
  if (labelledCount < challengerRule.labelledCountMin) return { kind: "too_few_labels", ...none };
  const [isBetter, isWorse] = [found.betterBy.length > 0, found.worseBy.length > 0];
  if (isBetter && isWorse) return { kind: "mixed", ...found };
  if (isBetter) return { kind: "better", ...found };
  return { kind: isWorse ? "worse" : "cannot_tell", ...found };
}
