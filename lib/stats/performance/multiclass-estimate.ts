/** Estimate of a model with many classes: CBPE, one class against the rest.
 *
 *  Definition. Each class has a calibrator (calibrator.ts) of its own, learned where it helps; the calibrated probabilities p of a row
 *  are divided by their sum, and are all alike where that is 0. Expected cells hold, for a class, the rows of one score by
 *  whether the class was decided: how many, and the sum of their p. From them TP, FP and FN of each class; ROC AUC ranks by
 *  the raw score. Macro: the mean over the classes. Accuracy: the mean p of the class that was decided.
 *  As NannyML's CBPE for multiclass, but what has an empty denominator is left out of the mean, not taken for 0.
 *  Degenerate input: fewer than two classes among the labels: null. */

import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import type { StoredCalibrator } from "#lib/stats/performance/calibrator.ts";
import { fitCalibrator, probabilityBy } from "#lib/stats/performance/calibrator.ts";
import type {
  LearnedTrials,
  MetricNumbers,
  MetricTraits,
} from "#lib/stats/performance/estimate.ts";
import { countBlocks, cutsOf, errorsOf } from "#lib/stats/performance/estimate.ts";
import type { MetricValue } from "#lib/stats/performance/metric-value.ts";
import { numberOf } from "#lib/stats/performance/metric-value.ts";
import type { MulticlassMetrics } from "#lib/stats/performance/multiclass.ts";
import { computeMulticlass } from "#lib/stats/performance/multiclass.ts";
import type { ScoreGroup } from "#lib/stats/performance/score-cells.ts";
import { exactCell, labelledGroups } from "#lib/stats/performance/score-cells.ts";

export type ClassRow = {
  /** One for each class, in their order. */
  readonly scores: readonly number[];
  readonly decision: string;
};
export type LabelledClassRow = ClassRow & { readonly label: string };

export type ClassModel = {
  readonly classes: readonly string[];
  /** Null: the reference has no rows of the class, or nothing else. */
  readonly calibrators: readonly (StoredCalibrator | null)[];
};

/** Rows of one score of one class: `positives` is the sum of the probabilities that they are of it. */
export type ExpectedCell = {
  readonly className: string;
  readonly score: number;
  readonly isDecided: boolean;
  readonly count: number;
  readonly positives: number;
};

const METRICS = [
  "accuracy",
  "macro_precision",
  "macro_recall",
  "macro_f1",
  "macro_roc_auc",
] as const satisfies readonly (keyof MulticlassMetrics)[];

/** Of one row, class by class. */
const calibratedWith = ({ classes, calibrators }: ClassModel) => {
  const by = classes.map((_, i) => {
    const calibrator = calibrators[i];
    return calibrator == null
      ? (score: number) => Math.min(1, Math.max(0, score))
      : probabilityBy(calibrator);
  });
  return (scores: readonly number[]): number[] => {
    const raw = scores.map((score, i) => by[i]?.(score) ?? 0);
    const sum = raw.reduce((total, p) => total + p, 0);
    return raw.map((p) => (sum > 0 ? p / sum : 1 / classes.length));
  };
};

/** Adds up what rows should turn out to be, class by class and score by score. */
export const expectCells = (
  model: ClassModel,
  rows: readonly ClassRow[],
  edgeOf: (score: number) => number = (score) => score,
): ExpectedCell[] => {
  const calibrate = calibratedWith(model);
  return addCells(
    rows.flatMap(({ scores, decision }) => {
      const p = calibrate(scores);
      return model.classes.map((className, i) => ({
        className,
        score: edgeOf(scores[i] ?? 0),
        isDecided: decision === className,
        count: 1,
        positives: p[i] ?? 0,
      }));
    }),
  );
};

/** Cells that are the same are one. Ascending by class and score. */
export const addCells = (cells: Iterable<ExpectedCell>): ExpectedCell[] => {
  const sums = new Map<string, { -readonly [key in keyof ExpectedCell]: ExpectedCell[key] }>();
  for (const cell of cells) {
    const key = `${cell.isDecided}\u0000${cell.score}\u0000${cell.className}`;
    const held = sums.get(key);
    if (held === undefined) sums.set(key, { ...cell });
    else {
      held.count += cell.count;
      held.positives += cell.positives;
    }
  }
  return [...sums.values()].sort((a, b) => {
    if (a.className === b.className) return a.score - b.score;
    return a.className < b.className ? -1 : 1;
  });
};

const rocAucOf = (ascending: readonly ExpectedCell[]): number | null => {
  const groups = new Map<number, { positives: number; negatives: number }>();
  for (const { score, count, positives } of ascending) {
    const group = groups.get(score) ?? { positives: 0, negatives: 0 };
    group.positives += positives;
    group.negatives += count - positives;
    groups.set(score, group);
  }
  let [below, area, positives] = [0, 0, 0];
  for (const group of groups.values()) {
    area += group.positives * (below + group.negatives / 2);
    below += group.negatives;
    positives += group.positives;
  }
  return positives * below === 0 ? null : area / (positives * below);
};

const meanOf = (values: readonly (number | null)[]): number | null => {
  const defined = values.filter((value) => value !== null);
  return defined.length === 0
    ? null
    : defined.reduce((sum, value) => sum + value, 0) / defined.length;
};

const ratio = (top: number, bottom: number) => (bottom === 0 ? null : top / bottom);

export const metricsOfCells = (cells: readonly ExpectedCell[]): MetricNumbers => {
  const byClass = Map.groupBy(cells, ({ className }) => className);
  const sides = [...byClass.values()].map((own) => {
    let [tp, fp, fn] = [0, 0, 0];
    for (const { isDecided, count, positives } of own) {
      if (isDecided) {
        tp += positives;
        fp += count - positives;
      } else fn += positives;
    }
    return { tp, fp, fn, auc: rocAucOf(own) };
  });
  const hits = sides.reduce((sum, { tp }) => sum + tp, 0);
  const decided = sides.reduce((sum, { tp, fp }) => sum + tp + fp, 0);
  return {
    accuracy: ratio(hits, decided),
    macro_precision: meanOf(sides.map(({ tp, fp }) => ratio(tp, tp + fp))),
    macro_recall: meanOf(sides.map(({ tp, fn }) => ratio(tp, tp + fn))),
    macro_f1: meanOf(sides.map(({ tp, fp, fn }) => ratio(2 * tp, 2 * tp + fp + fn))),
    macro_roc_auc: meanOf(sides.map(({ auc }) => auc)),
  };
};

const realisedOf = (
  classes: readonly string[],
  rows: readonly LabelledClassRow[],
): MulticlassMetrics => {
  const pairs = rows.map(({ decision, label }) => ({ decision, label, count: 1 }));
  const cells = new Map(
    classes.map((name, i) => [
      name,
      rows.map(({ scores, decision, label }) =>
        exactCell(scores[i] ?? 0, decision === name, label === name, 1),
      ),
    ]),
  );
  return computeMulticlass(pairs, cells).metrics;
};

const numbersOf = (metrics: MulticlassMetrics): MetricNumbers =>
  Object.fromEntries(METRICS.map((name) => [name, numberOf(metrics[name])]));

const groupsOf = (rows: readonly LabelledClassRow[], name: string, i: number): ScoreGroup[] =>
  labelledGroups(
    rows.map(({ scores, label }) => exactCell(scores[i] ?? 0, null, label === name, 1)),
  );

const fitModel = (
  classes: readonly string[],
  rows: readonly LabelledClassRow[],
  needed?: readonly (boolean | undefined)[],
): ClassModel => ({
  classes,
  calibrators: classes.map((name, i) =>
    fitCalibrator(groupsOf(rows, name, i), { isNeeded: needed?.[i] }),
  ),
});

/** The standard error that an interval was made with, per row. */
const deviationOf = (metric: MetricValue, rowCount: number): MetricTraits["samplingError"] => {
  if (metric.kind === "undefined" || metric.lower === null || metric.upper === null) return null;
  const error = (metric.upper - metric.lower) / (2 * NORMAL_QUANTILE_975);
  return { deviation: error * Math.sqrt(rowCount), share: 1 };
};

const traitsOf = (
  classes: readonly string[],
  rows: readonly LabelledClassRow[],
): Record<string, MetricTraits> => {
  const n = rows.length;
  const metrics = realisedOf(classes, rows);
  const counts = (key: "label" | "decision") =>
    classes.map((name) => rows.filter((row) => row[key] === name).length);
  const [labelled, decided] = [counts("label"), counts("decision")];
  const per = (of: readonly number[]) => meanOf(of.map((count) => ratio(n, count))) ?? 1;
  const rocAuc = labelled.map((count) => n / Math.max(1, count) + n / Math.max(1, n - count));
  const reaches = {
    accuracy: 1,
    macro_precision: per(decided),
    macro_recall: per(labelled),
    macro_f1: per(labelled.map((count, i) => Math.max(count, decided[i] ?? 0))),
    macro_roc_auc: meanOf(rocAuc) ?? 1,
  };
  return Object.fromEntries(
    METRICS.map((name) => [
      name,
      {
        samplingError: deviationOf(metrics[name], n),
        reach: reaches[name],
        minimum: 0,
        maximum: 1,
        isRelative: false,
      },
    ]),
  );
};

export type MulticlassReference = { readonly model: ClassModel; readonly trials: LearnedTrials };

const FOLDS = 5;

/** Learns from labelled rows in order of time, each with the scores of `classes`. */
export const learnMulticlass = (
  classes: readonly string[],
  rows: readonly LabelledClassRow[],
): MulticlassReference | null => {
  if (new Set(rows.map(({ label }) => label)).size < 2) return null;
  const n = rows.length;
  const model = fitModel(classes, rows);
  const needed = model.calibrators.map((one) => one?.isCalibrated);
  const blockCount = countBlocks(n);
  const foldOf = (i: number) => Math.floor((i * FOLDS) / n);
  const folds = Array.from({ length: FOLDS }, (_, fold) =>
    fitModel(
      classes,
      rows.filter((_row, i) => foldOf(i) !== fold),
      needed,
    ),
  );
  const blocks = Array.from({ length: blockCount }, (_, block) => {
    const from = Math.floor((block * n) / blockCount);
    const own = rows.slice(from, Math.floor(((block + 1) * n) / blockCount));
    const cells = folds.flatMap((fold, k) =>
      expectCells(
        fold,
        own.filter((_row, i) => foldOf(from + i) === k),
      ),
    );
    return { rows: own, cells };
  });
  const cuts = cutsOf(blocks).map((cut) => ({
    blockCount: cut.length,
    errors: errorsOf(
      METRICS,
      cut.map((parts) => ({
        estimated: metricsOfCells(addCells(parts.flatMap(({ cells }) => cells))),
        realised: numbersOf(
          realisedOf(
            classes,
            parts.flatMap((part) => part.rows),
          ),
        ),
      })),
    ),
  }));
  return { model, trials: { rowCount: n, traits: traitsOf(classes, rows), cuts } };
};
