/** Multiclass metrics, from the counts of (decided, turned out) and one-vs-rest score cells of every class.
 *
 *  Definitions. Accuracy = micro precision = micro recall = micro F1 when every row has a decision; precision, recall and F1 of each class
 *  against the rest; macro: the mean over classes that have labels; weighted: the same by how many labels each has.
 *  Match sklearn.metrics.precision_score and its kin with labels = the classes that have labels and zero_division=nan: a
 *  class without labels is left out of the means, one that was never decided is left out of those of precision; both are
 *  named. Intervals: Wilson for shares, the delta method on the counts for the means.
 *  Degenerate input: no labelled decision: undefined. */

import { computeAveragePrecision } from "#lib/stats/performance/average-precision.ts";
import {
  normalMetric,
  shareMetric,
  UNIT,
  varianceOfCounts,
} from "#lib/stats/performance/intervals.ts";
import type { MetricValue } from "#lib/stats/performance/metric-value.ts";
import { undefinedBecause } from "#lib/stats/performance/metric-value.ts";
import { computeRocAuc } from "#lib/stats/performance/roc-auc.ts";
import type { ScoreCell } from "#lib/stats/performance/score-cells.ts";
import { labelledGroups } from "#lib/stats/performance/score-cells.ts";

export type PairCount = {
  readonly decision: string;
  readonly label: string;
  readonly count: number;
};

export type ClassMetrics = {
  readonly name: string;
  readonly labelCount: number;
  readonly decisionCount: number;
  readonly precision: MetricValue;
  readonly recall: MetricValue;
  readonly f1: MetricValue;
  readonly roc_auc: MetricValue;
  readonly average_precision: MetricValue;
};

export type MulticlassMetrics = {
  readonly [name in
    | "accuracy"
    | "macro_precision"
    | "macro_recall"
    | "macro_f1"
    | "weighted_precision"
    | "weighted_recall"
    | "weighted_f1"
    | "macro_roc_auc"
    | "log_loss"]: MetricValue;
};

export type Multiclass = {
  readonly metrics: MulticlassMetrics;
  readonly classes: readonly ClassMetrics[];
  /** Decided, but no label says that it ever was so: no part of the means. */
  readonly absentClasses: readonly string[];
};

type Side = { hits: number; decided: number; labelled: number };
type Share = "precision" | "recall" | "f1";

/** A share of one class as a ratio, and how it moves with a hit, a false alarm and a miss. */
const ratioOf = (share: Share, { hits, decided, labelled }: Side) => {
  switch (share) {
    case "precision":
      return { top: hits, bottom: decided, byHit: [1, 1], byAlarm: 1, byMiss: 0 } as const;
    case "recall":
      return { top: hits, bottom: labelled, byHit: [1, 1], byAlarm: 0, byMiss: 1 } as const;
    case "f1":
      return {
        top: 2 * hits,
        bottom: decided + labelled,
        byHit: [2, 2],
        byAlarm: 1,
        byMiss: 1,
      } as const;
  }
};

const averageOf = (
  share: Share,
  isWeighted: boolean,
  sides: ReadonlyMap<string, Side>,
  pairs: readonly PairCount[],
): MetricValue => {
  const judged = [...sides.entries()].filter(
    ([, side]) => side.labelled > 0 && ratioOf(share, side).bottom > 0,
  );
  if (judged.length === 0) return undefinedBecause("no_class_with_labels");
  const support = judged.reduce((sum, [, side]) => sum + side.labelled, 0);
  const weightOf = (side: Side) => (isWeighted ? side.labelled / support : 1 / judged.length);
  const ratios = new Map(judged.map(([name, side]) => [name, ratioOf(share, side)]));
  const value = judged.reduce((sum, [, side]) => {
    const { top, bottom } = ratioOf(share, side);
    return sum + (weightOf(side) * top) / bottom;
  }, 0);
  const derivativeOf = ({ decision, label }: PairCount): number => {
    let derivative = 0;
    for (const name of decision === label ? [label] : [decision, label]) {
      const ratio = ratios.get(name);
      const side = sides.get(name);
      if (ratio === undefined || side === undefined) continue;
      const { top, bottom } = ratio;
      const isHit = decision === label;
      const topGain = isHit ? ratio.byHit[0] : 0;
      const byMiss = name === label ? ratio.byMiss : ratio.byAlarm;
      const bottomGain = isHit ? ratio.byHit[1] : byMiss;
      derivative += weightOf(side) * ((topGain * bottom - top * bottomGain) / bottom ** 2);
      if (isWeighted && name === label) derivative += (top / bottom - value) / support;
    }
    return derivative;
  };
  const variance = varianceOfCounts(
    pairs.map((pair) => pair.count),
    pairs.map(derivativeOf),
  );
  return normalMetric(value, Math.sqrt(variance), support, UNIT);
};

const f1Of = ({ hits, decided, labelled }: Side): MetricValue => {
  const bottom = decided + labelled;
  if (bottom === 0) return undefinedBecause("no_positive_anywhere");
  const misses = bottom - 2 * hits;
  const variance = varianceOfCounts(
    [hits, misses],
    [(2 * misses) / bottom ** 2, (-2 * hits) / bottom ** 2],
  );
  return normalMetric((2 * hits) / bottom, Math.sqrt(variance), bottom - hits, UNIT);
};

/** `cells` by class: the class's own score, the decision and the label each as "this class or not". */
export const computeMulticlass = (
  pairs: readonly PairCount[],
  cells: ReadonlyMap<string, readonly ScoreCell[]> = new Map(),
): Multiclass => {
  const sides = new Map<string, Side>();
  const sideOf = (name: string) => {
    const side = sides.get(name) ?? { hits: 0, decided: 0, labelled: 0 };
    sides.set(name, side);
    return side;
  };
  let hits = 0;
  let n = 0;
  for (const { decision, label, count } of pairs) {
    n += count;
    sideOf(decision).decided += count;
    sideOf(label).labelled += count;
    if (decision !== label) continue;
    hits += count;
    sideOf(label).hits += count;
  }
  const names = [...sides.keys()].sort();
  const classes = names.map((name): ClassMetrics => {
    const side = sideOf(name);
    const groups = labelledGroups(cells.get(name) ?? []);
    const noScores = undefinedBecause("no_scores");
    return {
      name,
      labelCount: side.labelled,
      decisionCount: side.decided,
      precision: shareMetric(side.hits, side.decided, "no_predicted_positive"),
      recall: shareMetric(side.hits, side.labelled, "no_positive"),
      f1: f1Of(side),
      roc_auc: groups.length === 0 ? noScores : computeRocAuc(groups),
      average_precision: groups.length === 0 ? noScores : computeAveragePrecision(groups),
    };
  });
  const average = (share: Share, isWeighted: boolean) =>
    n === 0 ? undefinedBecause("no_labels") : averageOf(share, isWeighted, sides, pairs);
  return {
    metrics: {
      accuracy: shareMetric(hits, n, "no_labels"),
      macro_precision: average("precision", false),
      macro_recall: average("recall", false),
      macro_f1: average("f1", false),
      weighted_precision: average("precision", true),
      weighted_recall: average("recall", true),
      weighted_f1: average("f1", true),
      macro_roc_auc: macroRocAuc(classes),
      log_loss: logLossOf(cells),
    },
    classes,
    absentClasses: names.filter((name) => sideOf(name).labelled === 0),
  };
};

const macroRocAuc = (classes: readonly ClassMetrics[]): MetricValue => {
  const defined = classes.flatMap(({ roc_auc: auc, labelCount }) =>
    auc.kind === "value" && labelCount > 0 ? [auc] : [],
  );
  if (defined.length === 0) return undefinedBecause("no_scores");
  const value = defined.reduce((sum, auc) => sum + auc.value, 0) / defined.length;
  return normalMetric(value, null, defined[0]?.sampleCount ?? 0, UNIT);
};

/** Every labelled row is in the cells of its own class. */
const logLossOf = (cells: ReadonlyMap<string, readonly ScoreCell[]>): MetricValue => {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (const list of cells.values()) {
    for (const { label, count, lossPositive } of list) {
      if (label !== true) continue;
      n += count;
      sum += lossPositive;
      squares += lossPositive ** 2 / count;
    }
  }
  if (n === 0) return undefinedBecause("no_scores");
  const mean = sum / n;
  const variance = n < 2 ? Number.NaN : Math.max(0, squares - n * mean * mean) / (n - 1);
  return normalMetric(mean, Math.sqrt(variance / n), n, { minimum: 0 });
};
