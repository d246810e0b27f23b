import type { Performance } from "#lib/api/performance.ts";
import { formatCount, formatNumber, formatShare } from "./format-number.ts";
import { sayInterval } from "./prepare-performance-answer.ts";

export interface ResidualModel {
  sentence: string;
  /** Places and heights in the unit square. */
  bars: readonly { x: number; width: number; height: number; text: string }[];
  /** Where an error of 0 lies; null: beyond the picture. */
  zero: number | null;
  ticks: readonly { x: number; label: string; anchor: "start" | "middle" | "end" }[];
}

const three = (value: number) => formatNumber(Number(value.toPrecision(3)));

/** How the errors of a regression are spread; null without errors. */
export function prepareResiduals({ residuals, window }: Performance): ResidualModel | null {
  const [first, last] = [residuals[0], residuals.at(-1)];
  if (first === undefined || last === undefined) return null;
  const span = last.until - first.from || 1;
  const tallest = Math.max(...residuals.map(({ share }) => share));
  const placeOf = (value: number) => (value - first.from) / span;
  const below = residuals.reduce((sum, { from, until, share }) => {
    if (until <= 0) return sum + (until < 0 || from < 0 ? share : 0);
    return from < 0 ? sum + (share * -from) / (until - from) : sum;
  }, 0);
  const { bias } = window.metrics;
  const lean =
    bias?.value == null
      ? ""
      : ` On average predictions are ${three(Math.abs(bias.value))} too ${bias.value < 0 ? "low" : "high"}: ${sayInterval(bias.value, bias.lower, bias.upper)}.`;
  const zero = placeOf(0);
  return {
    sentence: `Prediction less label over ${formatCount(window.labelledCount)} labelled rows: 99 % of errors lie between ${three(first.from)} and ${three(last.until)}, and about ${formatShare(below)} are below 0.${lean}`,
    bars: residuals.map(({ from, until, share }) => ({
      x: placeOf(from),
      width: residuals.length === 1 ? 1 : (until - from) / span,
      height: share / tallest,
      text: `${three(from)} to ${three(until)}: ${formatShare(share)} of errors`,
    })),
    zero: zero < 0 || zero > 1 ? null : zero,
    ticks: [
      { x: 0, label: three(first.from), anchor: "start" as const },
      ...(zero > 0.15 && zero < 0.85 ? [{ x: zero, label: "0", anchor: "middle" as const }] : []),
      { x: 1, label: three(last.until), anchor: "end" as const },
    ],
  };
}
