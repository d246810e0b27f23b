import type { ComparedMetric, VersionComparison } from "#lib/api/version.ts";
import type { Task } from "#lib/domain/model.ts";
import type { ChallengerFinding } from "#lib/rules/judge-challenger.ts";
import { judgeChallenger, judgeMetric } from "#lib/rules/judge-challenger.ts";
import { comparePairs } from "#lib/stats/paired/compare-pairs.ts";
import { compareRankings } from "#lib/stats/paired/compare-rankings.ts";
import type { PairedComparison, PairedMetric } from "#lib/stats/paired/paired-comparison.ts";
import { isHigherBetter } from "#lib/stats/paired/paired-comparison.ts";
import { summarizeDifferences } from "#lib/stats/paired/summarize-differences.ts";
import type { ClassPair } from "#lib/stats/performance/binary-view.ts";
import type { MatchedGroups, MatchedPairs } from "./read-matched.ts";

/** What a comparison finds out, whichever way it was made. */
export type Finding = Pick<
  VersionComparison,
  "kind" | "pairs" | "agreement" | "differences" | "metrics" | "lacking"
> & { labelledCount: number; verdict: ChallengerFinding };

export const nothingMatched = (kind: VersionComparison["kind"]): Finding => ({
  kind,
  pairs: null,
  agreement: null,
  differences: null,
  metrics: [],
  lacking: [],
  labelledCount: 0,
  verdict: judgeChallenger([], 0),
});

/** On the requests that both answered: whatever made some of them hard was hard for both. */
export function compareMatched(
  { rows, isSampled }: MatchedPairs,
  task: Task | null,
  classes: ClassPair | null,
): Finding {
  return {
    ...toFinding(comparePairs(rows, task, classes), isSampled, task !== null),
    differences: differencesOf(rows, task),
  };
}

/** On the groups that both ranked. */
export const compareMatchedGroups = ({ groups, groupCount, isSampled }: MatchedGroups): Finding =>
  toFinding(compareRankings(groups, groupCount), isSampled, true);

function toFinding(found: PairedComparison, isSampled: boolean, hasMetrics: boolean): Finding {
  const metrics = found.metrics.map(toMetric);
  const { agreement } = found;
  return {
    ...nothingMatched("matched"),
    pairs: { count: found.pairCount, labelledCount: found.labelledCount, isSampled },
    agreement:
      agreement === null
        ? null
        : {
            count: agreement.count,
            agreedCount: agreement.agreedCount,
            share: agreement.share,
            lower: agreement.interval.low,
            upper: agreement.interval.high,
            kappa: agreement.kappa,
          },
    metrics,
    lacking: [...found.lacking],
    labelledCount: found.labelledCount,
    verdict: judgeChallenger(metrics, found.labelledCount, hasMetrics),
  };
}

function toMetric(one: PairedMetric): ComparedMetric {
  const { metric, test, first, second, difference, interval, pValue, exactPValue } = one;
  const judged = {
    metric,
    isHigherBetter: isHigherBetter(metric),
    difference,
    adjustedPValue: one.adjustedPValue,
  };
  return {
    ...judged,
    test,
    champion: first,
    challenger: second,
    lower: interval?.low ?? null,
    upper: interval?.high ?? null,
    pValue,
    exactPValue,
    verdict: judgeMetric(judged),
    championCount: one.count,
    challengerCount: one.count,
  };
}

/** A regression has values, a model of two classes scores; of more classes no one number is compared. */
function differencesOf(
  rows: MatchedPairs["rows"],
  task: Task | null,
): VersionComparison["differences"] {
  const subject = task === "regression" ? "value" : "score";
  if (task === "multiclass" || task === "ranking") return null;
  const summary = summarizeDifferences(
    rows.flatMap(({ first, second }) => {
      const [a, b] = [first[subject], second[subject]];
      return a === null || b === null ? [] : [{ first: a, second: b }];
    }),
  );
  if (summary === null) return null;
  const { mean } = summary;
  return {
    subject,
    ...summary,
    quantiles: [...summary.quantiles],
    bins: [...summary.bins],
    mean:
      mean === null
        ? null
        : {
            value: mean.difference,
            lower: mean.interval.low,
            upper: mean.interval.high,
            pValue: mean.pValue,
          },
  };
}
