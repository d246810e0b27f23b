import type { Performance } from "#lib/api/performance.ts";
import type { BusinessValue } from "#lib/domain/performance.ts";
import { computeConfusionMetrics } from "#lib/stats/performance/confusion.ts";
import type { MetricValue } from "#lib/stats/performance/metric-value.ts";
import type { ThresholdStep, ValueCurve } from "#lib/stats/performance/threshold-curve.ts";
import {
  computeValueCurve,
  stepAt,
  thresholdSteps,
} from "#lib/stats/performance/threshold-curve.ts";
import { formatCount, formatNumber } from "./format-number.ts";
import { nameMetric, sayUndefined } from "./name-metric.ts";
import { sayInterval } from "./prepare-performance-answer.ts";
import type { ValueAxis } from "./prepare-value-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";

/** Places in the unit square, from its lower left corner. */
export interface CurveModel {
  title: string;
  sentence: string;
  xLabel: string;
  yLabel: string;
  points: readonly (readonly [number, number])[];
  mark: { x: number; y: number; text: string } | null;
  /** What a score that knows nothing would draw, as two ends. */
  guess: readonly [readonly [number, number], readonly [number, number]];
}

export interface ValueModel {
  sentence: string;
  axis: ValueAxis;
  unit: string;
  from: number;
  until: number;
  fromLabel: string;
  untilLabel: string;
  /** Threshold, value per prediction, and the ends of its interval. */
  points: readonly { x: number; y: number; lower: number; upper: number }[];
  best: { x: number; y: number; from: number; until: number };
  mark: { x: number; y: number; text: string } | null;
}

export interface ThresholdModel {
  threshold: number;
  minimum: number;
  maximum: number;
  step: number;
  sentence: string;
  cells: readonly {
    decided: string;
    label: string;
    count: string;
    share: string;
    isRight: boolean;
  }[];
  metrics: readonly { name: string; text: string; isUndefined: boolean }[];
  roc: CurveModel;
  precisionRecall: CurveModel;
  note: string | null;
}

/** A line is not smoother for more points than its picture has. */
const pointsMax = 400;

const three = (value: number) => formatNumber(Number(value.toPrecision(3)));

function thin<T>(points: readonly T[]): readonly T[] {
  const every = Math.ceil(points.length / pointsMax);
  return points.filter((_, i) => i % every === 0 || i === points.length - 1);
}

/** Every step of a model's threshold; empty without scores or labels. Made once for a window, whatever is moved. */
export const stepsOf = ({ scores }: Performance): ThresholdStep[] =>
  scores === null ? [] : thresholdSteps(scores);

/** The threshold that a page begins with. */
const decidedAt = 0.5;

export function prepareThreshold(
  performance: Performance,
  steps: readonly ThresholdStep[],
  wanted: number | null,
): ThresholdModel | null {
  const { scores, classes } = performance;
  const [minimum, maximum] = [scores?.scores[0], scores?.scores.at(-1)];
  if (minimum === undefined || maximum === undefined || classes === null || scores === null)
    return null;
  const threshold = wanted ?? Math.min(maximum, Math.max(minimum, decidedAt));
  const step = stepAt(steps, threshold);
  if (step === undefined) return null;
  const c = step.confusion;
  const total = c.truePositive + c.falsePositive + c.falseNegative + c.trueNegative;
  const metrics = computeConfusionMetrics(c);
  const { positive, negative } = classes;
  const cell = (decided: string, label: string, count: number) => ({
    decided,
    label,
    count: formatCount(count),
    share: `${three((100 * count) / total)} %`,
    isRight: decided === label,
  });
  const shown = [
    "accuracy",
    "precision",
    "recall",
    "specificity",
    "f1",
    "balanced_accuracy",
  ] as const;
  return {
    threshold,
    minimum,
    maximum,
    step: stepOf(minimum, maximum),
    sentence: `At ${three(threshold)} and above, ${formatCount(c.truePositive + c.falsePositive)} of ${formatCount(total)} labelled predictions are decided ${positive}: ${formatCount(c.truePositive)} rightly, and ${formatCount(c.falseNegative)} are missed.`,
    cells: [
      cell(positive, positive, c.truePositive),
      cell(positive, negative, c.falsePositive),
      cell(negative, positive, c.falseNegative),
      cell(negative, negative, c.trueNegative),
    ],
    metrics: shown.map((name) => ({ name: nameMetric(name), ...sayMetric(metrics[name]) })),
    roc: rocOf(steps, step),
    precisionRecall: precisionRecallOf(steps, step),
    note: scores.isExact
      ? null
      : "Scores are on a grid of at most 1,000 steps here: a threshold within a step stands for the step.",
  };
}

/** Two hundred places between the ends, each a round number. */
function stepOf(minimum: number, maximum: number): number {
  const wanted = (maximum - minimum) / 200;
  return wanted > 0 ? 10 ** Math.floor(Math.log10(wanted)) * (wanted < 0.02 ? 1 : 5) : 0.01;
}

function sayMetric(metric: MetricValue) {
  return metric.kind === "value"
    ? { text: sayInterval(metric.value, metric.lower, metric.upper), isUndefined: false }
    : { text: `undefined: ${sayUndefined(metric.reason)}`, isUndefined: true };
}

const shareOf = (count: number, of: number): number | null => (of === 0 ? null : count / of);

function rocOf(steps: readonly ThresholdStep[], at: ThresholdStep): CurveModel {
  const pointOf = ({ confusion: c }: ThresholdStep): [number, number] | null => {
    const x = shareOf(c.falsePositive, c.falsePositive + c.trueNegative);
    const y = shareOf(c.truePositive, c.truePositive + c.falseNegative);
    return x === null || y === null ? null : [x, y];
  };
  const points = thin(steps.map(pointOf).filter((point) => point !== null));
  const mark = pointOf(at);
  return {
    title: "ROC curve",
    sentence:
      mark === null
        ? "Labels of both classes are needed for a ROC curve."
        : `Here ${three(mark[1] * 100)} % of positives are found, and ${three(mark[0] * 100)} % of negatives raise a false alarm.`,
    xLabel: "false-positive rate",
    yLabel: "recall",
    points,
    mark: mark === null ? null : { x: mark[0], y: mark[1], text: "at the threshold" },
    guess: [
      [0, 0],
      [1, 1],
    ],
  };
}

function precisionRecallOf(steps: readonly ThresholdStep[], at: ThresholdStep): CurveModel {
  const pointOf = ({ confusion: c }: ThresholdStep): [number, number] | null => {
    const x = shareOf(c.truePositive, c.truePositive + c.falseNegative);
    const y = shareOf(c.truePositive, c.truePositive + c.falsePositive);
    return x === null || y === null ? null : [x, y];
  };
  const points = thin(steps.map(pointOf).filter((point) => point !== null));
  const mark = pointOf(at);
  const c = at.confusion;
  const base =
    shareOf(
      c.truePositive + c.falseNegative,
      c.truePositive + c.falseNegative + c.falsePositive + c.trueNegative,
    ) ?? 0;
  return {
    title: "Precision and recall",
    sentence:
      mark === null
        ? "Nothing is decided positive here, so precision is undefined."
        : `Here ${three(mark[1] * 100)} % of what is decided positive is so, and ${three(mark[0] * 100)} % of positives are found; ${three(base * 100)} % of all rows are positive.`,
    xLabel: "recall",
    yLabel: "precision",
    points,
    mark: mark === null ? null : { x: mark[0], y: mark[1], text: "at the threshold" },
    guess: [
      [0, base],
      [1, base],
    ],
  };
}

/** "12.3 EUR". */
const money = (value: number, { unit }: BusinessValue) =>
  `${three(value)}${unit === "" ? "" : ` ${unit}`}`;

const nameThreshold = (threshold: number | null) =>
  threshold === null ? "never deciding positive" : three(threshold);

/** What the outcomes are worth at every threshold, and where that is most. */
export function prepareValue(
  steps: readonly ThresholdStep[],
  worth: BusinessValue,
  threshold: number,
): ValueModel | null {
  const curve = computeValueCurve(steps, worth);
  const scored = steps.filter((step) => step.threshold !== null);
  const [from, until] = [scored.at(-1)?.threshold, scored[0]?.threshold];
  if (curve === null || from == null || until == null) return null;
  // Deciding nothing positive lies beyond the greatest score.
  const beyond = until + (until - from || 1) * 0.03;
  const placeOf = (at: number | null) => at ?? beyond;
  const points = thin(curve.steps).map(({ threshold: at, value, standardError }) => ({
    x: placeOf(at),
    y: value,
    lower: value - 1.96 * (standardError ?? 0),
    upper: value + 1.96 * (standardError ?? 0),
  }));
  const here = valueAt(curve, steps, threshold);
  const { best } = curve;
  return {
    sentence: sayBest(curve, worth, here),
    axis: prepareValueAxis(
      points.flatMap(({ lower, upper }) => [lower, upper]),
      "number",
    ),
    unit: `${worth.unit === "" ? "value" : worth.unit} per prediction`,
    from,
    until: beyond,
    fromLabel: three(from),
    untilLabel: "nothing positive",
    points,
    best: {
      x: placeOf(best.threshold),
      y: best.value,
      from: placeOf(curve.from),
      until: placeOf(curve.until),
    },
    mark: here === null ? null : { x: threshold, y: here, text: money(here, worth) },
  };
}

function valueAt(
  curve: ValueCurve,
  steps: readonly ThresholdStep[],
  threshold: number,
): number | null {
  const step = stepAt(steps, threshold);
  const index = step === undefined ? -1 : steps.indexOf(step);
  return curve.steps[index]?.value ?? null;
}

function sayBest(curve: ValueCurve, worth: BusinessValue, here: number | null): string {
  const { best, from, until, rowCount } = curve;
  const error = best.standardError;
  const range =
    error === null
      ? ""
      : ` (${money(best.value - 1.96 * error, worth)} to ${money(best.value + 1.96 * error, worth)})`;
  const alike =
    from === until
      ? "no other is as good"
      : `from ${nameThreshold(from)} to ${nameThreshold(until)} none is worse beyond chance`;
  const now = here === null ? "" : ` The threshold above is worth ${money(here, worth)}.`;
  return `The best threshold is ${nameThreshold(best.threshold)}, worth ${money(best.value, worth)}${range} a prediction over ${formatCount(rowCount)} labelled rows; ${alike}.${now}`;
}
