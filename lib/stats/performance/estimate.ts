/** Estimate: performance before labels come, with a band that has been tried, and whether it can be trusted.
 *
 *  The reference, labelled and in order of time, is cut into blocks of about the size of a window. Each block is estimated by CBPE
 *  with a calibrator of the other blocks; how far that was off is the error of the method under the change that the
 *  reference itself holds, sampling included. Windows whose labels have come are tried in the same way.
 *  Band. With r the n errors so far, s^2 = mean r^2 (the estimate should not lean to a side), the half width is t_n s, t_n the
 *  Student quantile of the level of three standard errors (99.73 %, the level of NannyML's band). Taken over the reference
 *  alone and over all, the wider holds: a few calm windows prove little. A window that is smaller than the blocks adds what
 *  its own sampling error exceeds theirs by, in squares.
 *  Trust. Not where the reference is too small to try anything on; not where more than a tenth of the window's rows lie outside
 *  what the reference ever saw, as the score means nothing known there; not while the realised metric was outside what
 *  the reference alone promises in two of the last five windows with labels: the world has changed since, and a band that has
 *  widened over its own failures would never say so.
 *  Degenerate input: no calibrator (one class, no labels): no estimate; a metric that is undefined has none. */

import { computeAveragePrecision } from "#lib/stats/performance/average-precision.ts";
import type { Calibrator } from "#lib/stats/performance/calibrator.ts";
import { fitCalibrator } from "#lib/stats/performance/calibrator.ts";
import { estimateBinaryMetrics } from "#lib/stats/performance/cbpe.ts";
import type { Confusion } from "#lib/stats/performance/confusion.ts";
import {
  addToConfusion,
  computeConfusionMetrics,
  NO_CONFUSION,
} from "#lib/stats/performance/confusion.ts";
import { numberOf } from "#lib/stats/performance/metric-value.ts";
import { computeRocAuc } from "#lib/stats/performance/roc-auc.ts";
import type { SamplingErrors } from "#lib/stats/performance/sampling-error.ts";
import { computeSamplingErrors, standardErrorOf } from "#lib/stats/performance/sampling-error.ts";
import type { ScoreCell } from "#lib/stats/performance/score-cells.ts";
import { labelledGroups, mergeScoreCells } from "#lib/stats/performance/score-cells.ts";

export const ESTIMATED_METRICS = [
  "accuracy",
  "precision",
  "recall",
  "specificity",
  "f1",
  "balanced_accuracy",
  "roc_auc",
  "average_precision",
] as const;
export type EstimatedMetric = (typeof ESTIMATED_METRICS)[number];
export type MetricNumbers = Readonly<Record<EstimatedMetric, number | null>>;

const numbersOf = (pick: (name: EstimatedMetric) => number | null): MetricNumbers =>
  Object.fromEntries(ESTIMATED_METRICS.map((name) => [name, pick(name)])) as Record<
    EstimatedMetric,
    number | null
  >;

const confusionOf = (cells: readonly ScoreCell[]): Confusion => {
  let confusion = NO_CONFUSION;
  for (const { decision, label, count } of cells) {
    if (decision !== null && label !== null)
      confusion = addToConfusion(confusion, decision, label, count);
  }
  return confusion;
};

/** What the labelled rows of some cells say. */
const realisedNumbers = (cells: readonly ScoreCell[]): MetricNumbers => {
  const groups = labelledGroups(cells);
  const metrics = computeConfusionMetrics(confusionOf(cells));
  return numbersOf((name) => {
    if (name === "roc_auc") return numberOf(computeRocAuc(groups));
    if (name === "average_precision") return numberOf(computeAveragePrecision(groups));
    return numberOf(metrics[name]);
  });
};

const estimatedNumbers = (cells: readonly ScoreCell[], calibrator: Calibrator): MetricNumbers => {
  const estimated = estimateBinaryMetrics(cells, calibrator.probabilityOf);
  return numbersOf((name) => estimated[name]);
};

export type EstimateReference = {
  readonly calibrator: Calibrator;
  readonly rowCount: number;
  readonly blockCount: number;
  readonly blockRowCount: number;
  readonly errors: Readonly<Record<EstimatedMetric, readonly number[]>>;
  readonly samplingErrors: SamplingErrors;
};

const differences = (a: MetricNumbers, b: MetricNumbers): MetricNumbers =>
  numbersOf((name) => {
    const [x, y] = [a[name], b[name]];
    return x === null || y === null ? null : x - y;
  });

/** Learns from a reference whose labelled rows are cut into blocks, in order of time. `isCalibrationNeeded` states what
 *  else is found by a split. */
export const learnReference = (
  blocks: readonly (readonly ScoreCell[])[],
  options: { isCalibrationNeeded?: boolean | undefined } = {},
): EstimateReference | null => {
  const all = mergeScoreCells(blocks.flat());
  const groups = labelledGroups(all);
  const calibrator = fitCalibrator(groups, { isNeeded: options.isCalibrationNeeded });
  if (calibrator === null) return null;
  const errors: Record<EstimatedMetric, number[]> = {
    accuracy: [],
    precision: [],
    recall: [],
    specificity: [],
    f1: [],
    balanced_accuracy: [],
    roc_auc: [],
    average_precision: [],
  };
  blocks.forEach((block, held) => {
    const others = labelledGroups(blocks.filter((_, i) => i !== held).flat());
    const fit = fitCalibrator(others, { isNeeded: calibrator.isCalibrated });
    if (fit === null) return;
    const off = differences(estimatedNumbers(block, fit), realisedNumbers(block));
    for (const name of ESTIMATED_METRICS) {
      const error = off[name];
      if (error !== null) errors[name].push(error);
    }
  });
  const rowCount = groups.reduce((sum, group) => sum + group.count, 0);
  return {
    calibrator,
    rowCount,
    blockCount: blocks.length,
    blockRowCount: rowCount / Math.max(1, blocks.length),
    errors,
    samplingErrors: computeSamplingErrors(confusionOf(all), groups),
  };
};

/** Student's quantile at the upper 0.99865 for 5 to 40 degrees of freedom (scipy.stats.t.ppf); beyond, by its expansion. */
const STUDENT = [
  5.5071, 4.9041, 4.53, 4.2766, 4.0943, 3.9569, 3.8499, 3.7643, 3.6942, 3.6358, 3.5864, 3.5441,
  3.5075, 3.4755, 3.4472, 3.4222, 3.3997, 3.3796, 3.3613, 3.3448, 3.3296, 3.3158, 3.303, 3.2913,
  3.2804, 3.2703, 3.2609, 3.2522, 3.244, 3.2363, 3.2291, 3.2223, 3.2159, 3.2099, 3.2042, 3.1988,
];
const BLOCKS_MIN = 5;

const studentQuantile = (n: number): number => STUDENT[n - BLOCKS_MIN] ?? 3 + 30 / (4 * n);

const halfWidth = (errors: readonly number[]): number | null => {
  if (errors.length < BLOCKS_MIN) return null;
  const square = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
  return studentQuantile(errors.length) * Math.sqrt(square);
};

export type Distrust =
  | { readonly kind: "small_reference"; readonly rowCount: number; readonly blockCount: number }
  | { readonly kind: "outside_reference"; readonly feature: string; readonly share: number }
  | { readonly kind: "missed_lately"; readonly missCount: number; readonly windowCount: number };

export type Estimate = {
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Null: it can be trusted. */
  readonly distrust: Distrust | null;
};

export type EstimatedWindow = {
  readonly cells: readonly ScoreCell[];
  /** The labels of its predictions are in, as far as they will be. */
  readonly isMature: boolean;
  readonly fromMs: number;
  readonly untilMs: number;
  /** The feature most of whose rows lie outside what the reference saw. */
  readonly outside: { readonly feature: string; readonly share: number } | null;
};

export type WindowEstimates = Partial<Readonly<Record<EstimatedMetric, Estimate>>>;

const REFERENCE_ROWS_MIN = 500;
const OUTSIDE_SHARE_MAX = 0.1;
const LATELY = 5;
const MISSES_MAX = 1;
const HISTORY_MAX = 60;
/** A window with fewer labels tells more of chance than of the method. */
const LABELS_MIN = 50;

type Tried = {
  readonly knownAtMs: number;
  readonly errors: MetricNumbers;
  readonly isInside: Partial<Record<EstimatedMetric, boolean>>;
};

/** Estimates windows in order of time, each with what was known when it began: labels of a window are known `labelDelayMs`
 *  after its end. */
export const estimateWindows = (
  reference: EstimateReference,
  windows: readonly EstimatedWindow[],
  labelDelayMs: number,
): WindowEstimates[] => {
  const tried: Tried[] = [];
  return windows.map((window) => {
    const known = tried.filter((one) => one.knownAtMs <= window.fromMs).slice(-HISTORY_MAX);
    const values = estimatedNumbers(window.cells, reference.calibrator);
    const found: Partial<Record<EstimatedMetric, Estimate>> = {};
    for (const name of ESTIMATED_METRICS) {
      const value = values[name];
      if (value !== null) found[name] = estimateOf(reference, window, name, value, known);
    }
    const labelled = window.cells.reduce(
      (sum, cell) => (cell.label === null ? sum : sum + cell.count),
      0,
    );
    if (window.isMature && labelled >= LABELS_MIN) {
      const realised = realisedNumbers(window.cells);
      const isInside: Partial<Record<EstimatedMetric, boolean>> = {};
      for (const name of ESTIMATED_METRICS) {
        const [value, actual] = [values[name], realised[name]];
        const half = bandOf(reference, name, reference.errors[name], window.cells);
        if (value !== null && actual !== null && half !== null)
          isInside[name] = Math.abs(actual - value) <= half;
      }
      tried.push({
        knownAtMs: window.untilMs + labelDelayMs,
        errors: differences(values, realised),
        isInside,
      });
    }
    return found;
  });
};

const estimateOf = (
  reference: EstimateReference,
  window: EstimatedWindow,
  name: EstimatedMetric,
  value: number,
  known: readonly Tried[],
): Estimate => {
  const own = reference.errors[name];
  const later = known.flatMap(({ errors }) => errors[name] ?? []);
  const distrust = distrustOf(reference, window, name, known);
  const promised = bandOf(reference, name, own, window.cells);
  if (promised === null) return { value, lower: null, upper: null, distrust };
  const tried = bandOf(reference, name, [...own, ...later], window.cells) ?? 0;
  const half = Math.max(promised, tried);
  return { value, lower: Math.max(0, value - half), upper: Math.min(1, value + half), distrust };
};

/** The half width that some errors give for a window of these rows. */
const bandOf = (
  reference: EstimateReference,
  name: EstimatedMetric,
  errors: readonly number[],
  cells: readonly ScoreCell[],
): number | null => {
  const width = halfWidth(errors);
  if (width === null) return null;
  const rows = cells.reduce((sum, cell) => sum + cell.count, 0);
  return Math.sqrt(width * width + excessSampling(reference, name, rows));
};

/** By how much three sampling errors of so many rows exceed those of a block, in squares. */
const excessSampling = (
  { samplingErrors, blockRowCount }: EstimateReference,
  name: EstimatedMetric,
  rows: number,
): number => {
  const error =
    name === "balanced_accuracy" || name === "average_precision" ? null : samplingErrors[name];
  const [own, block] = [standardErrorOf(error, rows), standardErrorOf(error, blockRowCount)];
  return own === null || block === null ? 0 : Math.max(0, 9 * (own * own - block * block));
};

const distrustOf = (
  reference: EstimateReference,
  window: EstimatedWindow,
  name: EstimatedMetric,
  known: readonly Tried[],
): Distrust | null => {
  const { rowCount, blockCount } = reference;
  if (rowCount < REFERENCE_ROWS_MIN || reference.errors[name].length < BLOCKS_MIN)
    return { kind: "small_reference", rowCount, blockCount };
  if (window.outside !== null && window.outside.share > OUTSIDE_SHARE_MAX)
    return { kind: "outside_reference", ...window.outside };
  const lately = known.flatMap(({ isInside }) => isInside[name] ?? []).slice(-LATELY);
  const missCount = lately.filter((isInside) => !isInside).length;
  if (missCount > MISSES_MAX)
    return { kind: "missed_lately", missCount, windowCount: lately.length };
  return null;
};
