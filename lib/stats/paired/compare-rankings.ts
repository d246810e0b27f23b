/** Compare rankings: two models that ranked the same items, group by group.
 *
 *  Definition. Of each group the metrics of ranking.ts at k = 10, once in the order of the first model and once in that of the second;
 *  NDCG, MAP, MRR and recall by the mean of the paired differences over the groups (paired-mean.ts), the hit rate by McNemar
 *  (paired-share.ts). What makes a group hard, such as how many of its items are relevant, is the same on both sides and falls out.
 *  P-values are adjusted over all metrics by Holm. Matches sklearn.metrics.ndcg_score and scipy.stats.ttest_rel.
 *  Degenerate input: a group without a relevant item says nothing and is left out; none left: every metric is lacking; one left:
 *  no mean has an interval, and only the hit rate is told. */

import type { PairedComparison } from "#lib/stats/paired/paired-comparison.ts";
import { settleMetrics, toMetric } from "#lib/stats/paired/paired-comparison.ts";
import { computePairedMean } from "#lib/stats/paired/paired-mean.ts";
import { computePairedShare } from "#lib/stats/paired/paired-share.ts";
import type { RankingMetric } from "#lib/stats/performance/ranking.ts";
import { rankingMetricsOfGroup } from "#lib/stats/performance/ranking.ts";

export const RANKED_METRICS = ["ndcg@10", "map@10", "mrr@10", "hit_rate@10", "recall@10"] as const;

/** How relevant the items of a group are, in the order in which each model ranked them. */
export type GroupRankedTwice = {
  readonly first: readonly number[];
  readonly second: readonly number[];
};

type Measured = Readonly<Record<"first" | "second", Record<RankingMetric, number>>>;

const compareHits = (groups: readonly Measured[]) => {
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (const { first, second } of groups) {
    const [a, b] = [first["hit_rate@10"] > 0, second["hit_rate@10"] > 0];
    if (a && b) counts.both += 1;
    else if (a) counts.onlyFirst += 1;
    else if (b) counts.onlySecond += 1;
    else counts.neither += 1;
  }
  return computePairedShare(counts);
};

/** `groups`: those of which every item is labelled; `groupCount`: all that both ranked. */
export const compareRankings = (
  groups: readonly GroupRankedTwice[],
  groupCount: number,
): PairedComparison => {
  const measured = groups.flatMap((group): Measured[] => {
    const [first, second] = [
      rankingMetricsOfGroup(group.first),
      rankingMetricsOfGroup(group.second),
    ];
    return first === null || second === null ? [] : [{ first, second }];
  });
  const reason = measured.length === 0 ? "no_group_with_relevant_item" : "too_few_rows";
  const compare = (metric: (typeof RANKED_METRICS)[number]) => {
    if (metric === "hit_rate@10") return toMetric(metric, "mcnemar", compareHits(measured), reason);
    const mean = computePairedMean(
      measured.map(({ first }) => first[metric]),
      measured.map(({ second }) => second[metric]),
    );
    return toMetric(metric, "paired_t", mean, reason);
  };
  return {
    pairCount: groupCount,
    labelledCount: groups.length,
    agreement: null,
    ...settleMetrics(RANKED_METRICS.map(compare)),
  };
};
