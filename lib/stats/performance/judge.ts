/** Judge: every metric that a task has, of one profile. A model whose task is not known is not judged. */

import { computeBinaryMetrics } from "#lib/stats/performance/binary.ts";
import type { BinaryView, ClassPair } from "#lib/stats/performance/binary-view.ts";
import { viewAsBinary } from "#lib/stats/performance/binary-view.ts";
import { shareMetric } from "#lib/stats/performance/intervals.ts";
import type { MetricValue, UndefinedReason } from "#lib/stats/performance/metric-value.ts";
import type { Multiclass, PairCount } from "#lib/stats/performance/multiclass.ts";
import { computeMulticlass } from "#lib/stats/performance/multiclass.ts";
import type { PerformanceProfile } from "#lib/stats/performance/profile.ts";
import { computeRankingMetrics } from "#lib/stats/performance/ranking.ts";
import { computeRegressionMetrics } from "#lib/stats/performance/regression.ts";
import type { ScoreCell } from "#lib/stats/performance/score-cells.ts";

export type JudgedTask = "binary" | "multiclass" | "regression" | "ranking";

export type JudgedMetric =
  | MetricValue
  | { readonly kind: "undefined"; readonly reason: UndefinedReason | "positive_class_unknown" };

export type Judgement = {
  readonly metrics: Readonly<Record<string, JudgedMetric>>;
  readonly binary: BinaryView | null;
  readonly multiclass: Multiclass | null;
};

const NONE: Judgement = { metrics: {}, binary: null, multiclass: null };

const judgedPairs = ({ pairs }: PerformanceProfile): PairCount[] =>
  pairs.filter(({ decision, label }) => decision !== "" && label !== "");

const judgeBinary = (profile: PerformanceProfile, classes: ClassPair | null): Judgement => {
  if (classes !== null) {
    const binary = viewAsBinary(profile, classes);
    return { ...NONE, metrics: computeBinaryMetrics(binary.confusion, binary.cells), binary };
  }
  const pairs = judgedPairs(profile);
  const count = (of: readonly PairCount[]) => of.reduce((sum, pair) => sum + pair.count, 0);
  const hits = count(pairs.filter(({ decision, label }) => decision === label));
  const unknown = { kind: "undefined", reason: "positive_class_unknown" } as const;
  const names = [
    "precision",
    "recall",
    "specificity",
    "false_positive_rate",
    "f1",
    "balanced_accuracy",
    "matthews",
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier",
  ];
  return {
    ...NONE,
    metrics: {
      accuracy: shareMetric(hits, count(pairs), "no_labels"),
      ...Object.fromEntries(names.map((name) => [name, unknown])),
    },
  };
};

const cellsByClass = ({ cells }: PerformanceProfile): Map<string, ScoreCell[]> => {
  const byClass = new Map<string, ScoreCell[]>();
  for (const { className, decision, label, ...cell } of cells) {
    if (className === "") continue;
    const list = byClass.get(className) ?? [];
    byClass.set(className, list);
    list.push({
      ...cell,
      decision: decision === "" ? null : decision === className,
      label: label === "" ? null : label === className,
    });
  }
  return byClass;
};

export const judgeProfile = (
  profile: PerformanceProfile,
  task: JudgedTask | null,
  classes: ClassPair | null,
): Judgement => {
  switch (task) {
    case null:
      return NONE;
    case "binary":
      return judgeBinary(profile, classes);
    case "multiclass": {
      const multiclass = computeMulticlass(judgedPairs(profile), cellsByClass(profile));
      return { ...NONE, metrics: multiclass.metrics, multiclass };
    }
    case "regression":
      return { ...NONE, metrics: computeRegressionMetrics(profile.moments) };
    case "ranking":
      return { ...NONE, metrics: computeRankingMetrics(profile.moments) };
  }
};
