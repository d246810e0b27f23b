/** Compare pairs: two models that answered the same requests, metric by metric, on the very rows that both answered.
 *
 *  What the rows have in common, such as a hard day, falls out of a paired difference: it is known several times as exactly as the
 *  difference of two samples. Differences are second less first. Accuracy, recall and specificity by Newcombe's paired interval and
 *  McNemar's mid-p; precision and F1 by the delta method; Brier score, log loss and MAE by the paired t-test of the row losses; RMSE
 *  by the delta method; ROC AUC by DeLong. P-values are adjusted over all metrics by Holm.
 *  Where a model names no class of two, a score of at least 0.5 is taken for its decision, as binary-view.ts does.
 *  Degenerate input: a metric that cannot be computed is listed with its reason, and is no member of the family. */

import type { Agreement } from "#lib/stats/paired/agreement.ts";
import { computeAgreement } from "#lib/stats/paired/agreement.ts";
import { computePairedAuc } from "#lib/stats/paired/paired-auc.ts";
import type { Lacking, PairedComparison, Unadjusted } from "#lib/stats/paired/paired-comparison.ts";
import { settleMetrics, toMetric } from "#lib/stats/paired/paired-comparison.ts";
import type { DecidedTwice } from "#lib/stats/paired/paired-confusion.ts";
import { computePairedF1, computePairedPrecision } from "#lib/stats/paired/paired-confusion.ts";
import { computePairedMean } from "#lib/stats/paired/paired-mean.ts";
import { computePairedRmse } from "#lib/stats/paired/paired-rmse.ts";
import { computePairedShare } from "#lib/stats/paired/paired-share.ts";
import type { ClassPair } from "#lib/stats/performance/binary-view.ts";
import type { JudgedTask } from "#lib/stats/performance/judge.ts";
import { EPSILON } from "#lib/stats/performance/score-cells.ts";

/** What one model answered to a request; "" is no decision. */
export type Answered = {
  readonly decision: string;
  readonly score: number | null;
  readonly value: number | null;
  /** What it gave the class that turned out; null where it gave none or nothing turned out yet. */
  readonly labelProbability: number | null;
};

export type PairedRow = {
  readonly first: Answered;
  readonly second: Answered;
  readonly label: { readonly name: string; readonly number: number | null } | null;
};

export const PAIRED_METRICS = [
  "accuracy",
  "precision",
  "recall",
  "specificity",
  "f1",
  "roc_auc",
  "log_loss",
  "brier",
  "mae",
  "rmse",
] as const;
type Decided = {
  readonly first: boolean | null;
  readonly second: boolean | null;
  readonly label: boolean;
};

const sharedBy = (
  rows: readonly Decided[],
  isHit: (decision: boolean, label: boolean) => boolean,
) => {
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (const { first, second, label } of rows) {
    if (first === null || second === null) continue;
    const [a, b] = [isHit(first, label), isHit(second, label)];
    if (a && b) counts.both += 1;
    else if (a) counts.onlyFirst += 1;
    else if (b) counts.onlySecond += 1;
    else counts.neither += 1;
  }
  return computePairedShare(counts);
};

const countDecided = (rows: readonly Decided[]): DecidedTwice[] => {
  const counts = new Map<number, DecidedTwice>();
  for (const { first, second, label } of rows) {
    if (first === null || second === null) continue;
    const key = (first ? 4 : 0) + (second ? 2 : 0) + (label ? 1 : 0);
    const held = counts.get(key);
    counts.set(key, { first, second, label, count: (held?.count ?? 0) + 1 });
  }
  return [...counts.values()];
};

const isUnit = (score: number) => score >= 0 && score <= 1;
const lossOf = (probability: number) =>
  -Math.log(Math.min(1 - EPSILON, Math.max(EPSILON, probability)));

const compareDecisions = (rows: readonly Decided[]): (Unadjusted | Lacking)[] => {
  const isDecided = rows.some(({ first, second }) => first !== null && second !== null);
  const orElse = (reason: Lacking["reason"]) => (isDecided ? reason : "no_decisions");
  const counts = countDecided(rows);
  const positives = rows.filter(({ label }) => label);
  const negatives = rows.filter(({ label }) => !label);
  const isRight = (decision: boolean, label: boolean) => decision === label;
  return [
    toMetric("accuracy", "mcnemar", sharedBy(rows, isRight), orElse("no_labels")),
    toMetric("precision", "delta", computePairedPrecision(counts), orElse("no_predicted_positive")),
    toMetric("recall", "mcnemar", sharedBy(positives, isRight), orElse("no_positive")),
    toMetric("specificity", "mcnemar", sharedBy(negatives, isRight), orElse("no_negative")),
    toMetric("f1", "delta", computePairedF1(counts), orElse("no_positive_anywhere")),
  ];
};

type Scored = { readonly first: number; readonly second: number; readonly label: boolean };

const compareScores = (rows: readonly Scored[]): (Unadjusted | Lacking)[] => {
  if (rows.length === 0)
    return (["roc_auc", "log_loss", "brier"] as const).map((metric) => ({
      metric,
      reason: "no_scores" as const,
    }));
  const of = (side: "first" | "second") => rows.map((row) => row[side]);
  const [first, second] = [of("first"), of("second")];
  const labels = rows.map(({ label }) => label);
  const auc = computePairedAuc(first, second, labels);
  const isOneClass = labels.every((label) => label === labels[0]);
  const roc = toMetric("roc_auc", "delong", auc, isOneClass ? "one_class" : "too_few_rows");
  if (![...first, ...second].every(isUnit))
    return [
      roc,
      { metric: "log_loss", reason: "score_outside_unit" },
      { metric: "brier", reason: "score_outside_unit" },
    ];
  const mean = (loss: (score: number, label: boolean) => number) =>
    computePairedMean(
      rows.map((row) => loss(row.first, row.label)),
      rows.map((row) => loss(row.second, row.label)),
    );
  const log = (score: number, label: boolean) => lossOf(label ? score : 1 - score);
  const brier = (score: number, label: boolean) => (score - (label ? 1 : 0)) ** 2;
  return [
    roc,
    toMetric("log_loss", "paired_t", mean(log), "too_few_rows"),
    toMetric("brier", "paired_t", mean(brier), "too_few_rows"),
  ];
};

const decidedAt = 0.5;

const compareBinary = (
  rows: readonly PairedRow[],
  classes: ClassPair,
): (Unadjusted | Lacking)[] => {
  const sideOf = (name: string) => {
    if (name === classes.positive) return true;
    return name === classes.negative ? false : null;
  };
  const namesClasses = (side: "first" | "second") =>
    rows.some((row) => sideOf(row[side].decision) !== null);
  const named = { first: namesClasses("first"), second: namesClasses("second") };
  const decisionOf = (row: PairedRow, side: "first" | "second"): boolean | null => {
    const { decision, score } = row[side];
    if (named[side]) return sideOf(decision);
    return score === null ? null : score >= decidedAt;
  };
  const decided: Decided[] = [];
  const scored: Scored[] = [];
  for (const row of rows) {
    const label = row.label === null ? null : sideOf(row.label.name);
    if (label === null) continue;
    decided.push({ first: decisionOf(row, "first"), second: decisionOf(row, "second"), label });
    const [first, second] = [row.first.score, row.second.score];
    if (first !== null && second !== null) scored.push({ first, second, label });
  }
  return [...compareDecisions(decided), ...compareScores(scored)];
};

const compareNames = (rows: readonly PairedRow[]): (Unadjusted | Lacking)[] => {
  const decided = rows.flatMap(({ first, second, label }): Decided[] =>
    label === null || first.decision === "" || second.decision === ""
      ? []
      : [
          {
            first: first.decision === label.name,
            second: second.decision === label.name,
            label: true,
          },
        ],
  );
  const probable = rows.flatMap(({ first, second }) =>
    first.labelProbability === null || second.labelProbability === null
      ? []
      : [{ first: lossOf(first.labelProbability), second: lossOf(second.labelProbability) }],
  );
  const losses = computePairedMean(
    probable.map(({ first }) => first),
    probable.map(({ second }) => second),
  );
  return [
    toMetric(
      "accuracy",
      "mcnemar",
      sharedBy(decided, (isRight) => isRight),
      "no_labels",
    ),
    toMetric("log_loss", "paired_t", losses, probable.length === 0 ? "no_scores" : "too_few_rows"),
  ];
};

const compareNumbers = (rows: readonly PairedRow[]): (Unadjusted | Lacking)[] => {
  const errors = rows.flatMap(({ first, second, label }) => {
    if (label?.number == null || first.value === null || second.value === null) return [];
    const pair = { first: first.value - label.number, second: second.value - label.number };
    return Number.isFinite(pair.first) && Number.isFinite(pair.second) ? [pair] : [];
  });
  const reason = errors.length === 0 ? "no_labels" : "too_few_rows";
  const both = (of: (error: number) => number) =>
    [errors.map(({ first }) => of(first)), errors.map(({ second }) => of(second))] as const;
  return [
    toMetric("mae", "paired_t", computePairedMean(...both(Math.abs)), reason),
    toMetric("rmse", "delta", computePairedRmse(...both((error) => error * error)), reason),
  ];
};

const agreementOf = (rows: readonly PairedRow[], task: JudgedTask | null): Agreement | null => {
  if (task !== "binary" && task !== "multiclass") return null;
  const nameBy = (side: "first" | "second") => {
    const isNamed = rows.some((row) => row[side].decision !== "");
    return (row: PairedRow): string => {
      const { decision, score } = row[side];
      if (isNamed || score === null) return decision;
      return score >= decidedAt ? "score of 0.5 and more" : "score below 0.5";
    };
  };
  const [first, second] = [nameBy("first"), nameBy("second")];
  return computeAgreement(
    rows
      .map((row) => ({ first: first(row), second: second(row), count: 1 }))
      .filter((pair) => pair.first !== "" && pair.second !== ""),
  );
};

const compareByTask = (
  rows: readonly PairedRow[],
  task: JudgedTask | null,
  classes: ClassPair | null,
): (Unadjusted | Lacking)[] => {
  switch (task) {
    case null:
    case "ranking":
      return [];
    case "binary":
      if (classes !== null) return compareBinary(rows, classes);
      return [
        ...compareNames(rows).slice(0, 1),
        ...PAIRED_METRICS.slice(1, 8).map((metric) => ({
          metric,
          reason: "positive_class_unknown" as const,
        })),
      ];
    case "multiclass":
      return compareNames(rows);
    case "regression":
      return compareNumbers(rows);
  }
};

export const comparePairs = (
  rows: readonly PairedRow[],
  task: JudgedTask | null,
  classes: ClassPair | null,
): PairedComparison => {
  return {
    pairCount: rows.length,
    labelledCount: rows.filter(({ label }) => label !== null).length,
    agreement: agreementOf(rows, task),
    ...settleMetrics(compareByTask(rows, task, classes)),
  };
};
