/** Ranking metrics, over groups of items that were ranked together, at k = 1, 3, 5 and 10.
 *
 *  Definitions, for one group whose items stand in the order of the ranking, rel_r > 0 being relevant:
 *    precision@k = hits in the top k / min(k, items); recall@k = hits in the top k / relevant items; hit rate@k = any hit;
 *    MRR@k = 1 / rank of the first hit, 0 without one; MAP@k = sum over hits r <= k of precision@r / relevant items;
 *    NDCG@k = DCG/ideal DCG, DCG = sum over r <= k of rel_r / log2(r + 1), the ideal from the same items.
 *  A metric is the mean over the groups; NDCG matches sklearn.metrics.ndcg_score(k=k) where no scores tie.
 *  A group without a relevant item says nothing: it is left out and counted. Intervals: normal, of the mean over groups.
 *  Degenerate input: no group with a relevant item: undefined. */

import { normalMetric, shareMetric, UNIT } from "#lib/stats/performance/intervals.ts";
import type { MetricValue } from "#lib/stats/performance/metric-value.ts";
import { undefinedBecause } from "#lib/stats/performance/metric-value.ts";
import type { Moments } from "#lib/stats/performance/moments.ts";
import { NO_MOMENT, standardErrorOfMean } from "#lib/stats/performance/moments.ts";

export const RANKING_KS = [1, 3, 5, 10] as const;
const MEASURES = ["ndcg", "map", "mrr", "hit_rate", "precision", "recall"] as const;
type Measure = (typeof MEASURES)[number];
export type RankingMetric = `${Measure}@${(typeof RANKING_KS)[number]}`;
export type RankingMoments = Moments<RankingMetric>;

export const RANKING_METRICS: readonly RankingMetric[] = RANKING_KS.flatMap((k) =>
  MEASURES.map((measure): RankingMetric => `${measure}@${k}`),
);

export const computeRankingMetrics = (
  moments: RankingMoments,
): Readonly<Record<RankingMetric, MetricValue>> => {
  const metricOf = (name: RankingMetric): MetricValue => {
    const moment = moments[name] ?? NO_MOMENT;
    if (moment.count === 0) return undefinedBecause("no_group_with_relevant_item");
    if (name.startsWith("hit_rate"))
      return shareMetric(
        Math.round(moment.mean * moment.count),
        moment.count,
        "no_group_with_relevant_item",
      );
    return normalMetric(moment.mean, standardErrorOfMean(moment), moment.count, UNIT);
  };
  return Object.fromEntries(RANKING_METRICS.map((name) => [name, metricOf(name)])) as Record<
    RankingMetric,
    MetricValue
  >;
};

/** The metrics of one group, its relevances in the order of the ranking; null without a relevant item. */
export const rankingMetricsOfGroup = (
  relevances: readonly number[],
): Record<RankingMetric, number> | null => {
  const relevant = relevances.filter((rel) => rel > 0).length;
  if (relevant === 0) return null;
  const ideal = [...relevances].sort((a, b) => b - a);
  const gain = (list: readonly number[], k: number) =>
    list.slice(0, k).reduce((sum, rel, i) => sum + rel / Math.log2(i + 2), 0);
  const found: Partial<Record<RankingMetric, number>> = {};
  for (const k of RANKING_KS) {
    const top = relevances.slice(0, k);
    const hits = top.filter((rel) => rel > 0).length;
    const first = top.findIndex((rel) => rel > 0);
    let seen = 0;
    let precisions = 0;
    top.forEach((rel, i) => {
      if (rel <= 0) return;
      seen += 1;
      precisions += seen / (i + 1);
    });
    found[`ndcg@${k}`] = gain(relevances, k) / gain(ideal, k);
    found[`map@${k}`] = precisions / relevant;
    found[`mrr@${k}`] = first < 0 ? 0 : 1 / (first + 1);
    found[`hit_rate@${k}`] = hits > 0 ? 1 : 0;
    found[`precision@${k}`] = hits / Math.min(k, relevances.length);
    found[`recall@${k}`] = hits / relevant;
  }
  return found as Record<RankingMetric, number>;
};
