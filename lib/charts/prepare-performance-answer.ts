import type { Performance, PerformancePoint } from "#lib/api/performance.ts";
import { formatCount, formatDuration, formatNumber, formatShare } from "./format-number.ts";
import { nameMetric, sayUndefined } from "./name-metric.ts";
import { nameModelSegment } from "./name-segment.ts";
import type { Answer, Sentence } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

const rounded = (value: number) => formatNumber(Number(value.toPrecision(3)));

/** "0.81 (0.79 to 0.83)". */
export function sayInterval(value: number, lower: number | null, upper: number | null): string {
  if (lower === null || upper === null) return rounded(value);
  return `${rounded(value)} (${rounded(lower)} to ${rounded(upper)})`;
}

/** How right is the model, how sure is that, and how much of it is known? */
export function preparePerformanceAnswer(
  performance: Performance,
  metric: string | null,
  rangeText: string,
): Answer {
  const model = nameModelSegment(performance);
  const { window, task } = performance;
  if (window.rowCount === 0 && window.isWaiting)
    return {
      health: "unknown",
      headline: sentence`The performance of ${model} ${rangeText} is still being worked out.`,
      detail: sentence`Its predictions are stored, and are set against their labels one hour after another.`,
    };
  if (window.rowCount === 0)
    return {
      health: "unknown",
      headline: sentence`${model} made no predictions ${rangeText}, so there is nothing to judge.`,
      detail: sentence`Take a longer range, another version or another environment.`,
    };
  const blankShare = blankShareOf(performance);
  if (blankShare > blankShareMax)
    return {
      health: "unknown",
      headline: sentence`Cannot say yet how right ${model} is ${rangeText}: ${figure(formatShare(blankShare))} of this window is still being worked out.`,
      detail: sentence`${figure(formatCount(window.rowCount))} ${plural(window.rowCount, "prediction")} are in so far, and the figures below will change.`,
    };
  if (task === null || metric === null)
    return {
      health: "unknown",
      headline: sentence`Nobody has said what ${model} predicts, so it can't be judged.`,
      detail: sentence`Confirm its task on the page Schema; the stored rows are judged then.`,
    };
  if (window.labelledCount === 0)
    return {
      health: "unknown",
      headline: sentence`No labels have come for the ${figure(formatCount(window.rowCount))} ${plural(window.rowCount, "prediction")} of ${model} ${rangeText}.`,
      detail: sayEstimate(performance, metric),
    };
  const realised = window.metrics[metric];
  const labels = sentence`${figure(formatShare(window.coverage))} of labels are in`;
  const headline =
    realised?.value == null
      ? sentence`${capital(nameMetric(metric))} of ${model} is undefined ${rangeText}: ${sayUndefined(realised?.undefinedReason ?? null)}; ${labels}.`
      : sentence`${capital(nameMetric(metric))} of ${model} is ${figure(sayInterval(realised.value, realised.lower, realised.upper))} ${rangeText}; ${labels}.`;
  return { health: null, headline, detail: sayEstimate(performance, metric) };
}

/** Beyond this a window that is half worked out would pass for the whole. */
const blankShareMax = 0.05;

/** Of the stretches in which predictions may have been made, how many have not been looked at for the first time. */
function blankShareOf({ buckets }: Performance): number {
  const blank = buckets.filter(({ isWaiting, rowCount }) => isWaiting && rowCount === 0);
  const known = buckets.filter(({ isWaiting, rowCount }) => isWaiting || rowCount > 0);
  return known.length === 0 ? 0 : blank.length / known.length;
}

const capital = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

function sayEstimate(performance: Performance, metric: string): Sentence {
  const { labelDelay, window } = performance;
  const rows = `${formatCount(window.labelledCount)} of ${formatCount(window.rowCount)} ${plural(window.rowCount, "prediction")} labelled`;
  const delay =
    labelDelay === null
      ? sentence``
      : sentence` 95 % of labels come within ${figure(formatDuration(labelDelay.p95Ms))}.`;
  const latest = performance.buckets.findLast(({ estimates }) => estimates[metric] !== undefined);
  const estimate = latest?.estimates[metric];
  if (latest === undefined || estimate === undefined)
    return sentence`${rows}.${delay} ${sayNoEstimate(performance)}`;
  const value = figure(sayInterval(estimate.value, estimate.lower, estimate.upper));
  const doubt = estimate.distrust === null ? "" : `, not to be trusted: ${estimate.distrust}`;
  const trust = performance.estimate.trust[metric];
  const held =
    trust === undefined || trust.windowCount === 0
      ? sentence` No window has been tried yet: the band rests on the baseline alone.`
      : sentence` The band, at 99.7 %, held in ${figure(`${trust.coveredCount} of ${trust.windowCount}`)} ${plural(trust.windowCount, performance.bucket)} whose labels came${sayWidening(trust.widening)}.`;
  return sentence`${rows}.${delay} Estimated without labels, the latest ${performance.bucket} has ${value}${doubt}.${held}`;
}

const sayWidening = (widening: number): string =>
  widening < 1.05
    ? ""
    : `, which made it ${rounded(Number(widening.toPrecision(2)))} times as wide`;

function sayNoEstimate({ estimate }: Performance): string {
  switch (estimate.state) {
    case "ready":
      return "This metric has no estimate.";
    case "no_baseline":
      return "Upload a labelled baseline, and performance is estimated before labels come.";
    case "learning":
      return "The worker is still learning from the baseline; estimates follow on their own.";
    case "no_labels_in_baseline":
      return "The baseline has no labelled rows with what an estimate needs (scores of the classes, or numbers), so nothing is estimated before labels come.";
    case "no_scores":
      return "Predictions carry no score, so nothing is estimated before labels come.";
    case "not_for_task":
      return "Rankings are not estimated before labels come.";
    case "not_for_segment":
      return "This model's estimates are made of all its rows, not of one segment.";
  }
}

/** What the reader should know of a bucket beside its value. */
export function sayMaturity({ maturity, coverage }: PerformancePoint): string {
  switch (maturity) {
    case "settled":
      return `settled, ${formatShare(coverage)} labelled`;
    case "provisional":
      return `provisional, ${formatShare(coverage)} labelled so far`;
    case "no_labels":
      return "no labels yet";
    case "no_predictions":
      return "no predictions";
  }
}
