import type { Performance } from "#lib/api/performance.ts";
import { judgeChallenger, judgeMetric } from "#lib/rules/judge-challenger.ts";
import { adjustPValuesHolm } from "#lib/stats/holm.ts";
import { PAIRED_METRICS } from "#lib/stats/paired/compare-pairs.ts";
import { RANKED_METRICS } from "#lib/stats/paired/compare-rankings.ts";
import { isHigherBetter } from "#lib/stats/paired/paired-comparison.ts";
import type { JudgedMetric } from "#lib/stats/performance/judge.ts";
import { computeUnpairedDifference } from "#lib/stats/performance/unpaired-difference.ts";
import type { Finding } from "./compare-matched.ts";
import { nothingMatched } from "./compare-matched.ts";

/** Of two versions that answered different requests: each by its own, and what sets the requests apart is in the difference too. */
export function compareUnmatched(champion: Performance, challenger: Performance): Finding {
  const [first, second] = [champion.window.metrics, challenger.window.metrics];
  const isRanking = champion.task === "ranking";
  const names: readonly string[] = isRanking ? RANKED_METRICS : PAIRED_METRICS;
  const compared = names.flatMap((metric) => {
    const found = computeUnpairedDifference(
      metric,
      toJudged(first[metric]),
      toJudged(second[metric]),
    );
    return found === null ? [] : [{ metric, ...found }];
  });
  const adjusted = adjustPValuesHolm(compared.map(({ pValue }) => pValue));
  const metrics = compared.map(({ metric, difference, interval, pValue, ...one }, i) => {
    const adjustedPValue = adjusted[i] ?? 1;
    const judged = { metric, isHigherBetter: isHigherBetter(metric), difference, adjustedPValue };
    return {
      ...judged,
      test: "unpaired" as const,
      champion: one.first,
      challenger: one.second,
      lower: interval.low,
      upper: interval.high,
      pValue,
      exactPValue: null,
      verdict: judgeMetric(judged),
      championCount: one.firstCount,
      challengerCount: one.secondCount,
    };
  });
  // Rankings are judged group by group.
  const countOf = ({ window }: Performance) =>
    isRanking ? (window.metrics["ndcg@10"]?.sampleCount ?? 0) : window.labelledCount;
  const labelledCount = Math.min(countOf(champion), countOf(challenger));
  return {
    ...nothingMatched("unmatched"),
    metrics,
    lacking: names.flatMap((metric) => {
      const reason = first[metric]?.undefinedReason ?? second[metric]?.undefinedReason ?? null;
      return reason === null ? [] : [{ metric, reason }];
    }),
    labelledCount,
    verdict: judgeChallenger(metrics, labelledCount, champion.task !== null),
  };
}

function toJudged(metric: Performance["window"]["metrics"][string] | undefined) {
  if (metric === undefined || metric.value === null) return undefined;
  const { value, lower, upper, sampleCount } = metric;
  return { kind: "value", value, lower, upper, sampleCount } satisfies JudgedMetric;
}
