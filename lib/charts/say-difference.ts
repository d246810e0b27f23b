import { formatNumber } from "./format-number.ts";

const shares: ReadonlySet<string> = new Set([
  "accuracy",
  "precision",
  "recall",
  "specificity",
  "selection_rate",
  "true_positive_rate",
  "false_positive_rate",
]);

const isShareMetric = (metric: string): boolean => shares.has(metric);

const rounded = (value: number) => Number(value.toPrecision(3));
const signed = (value: number) => {
  const text = formatNumber(Math.abs(value));
  if (value === 0) return text;
  return value > 0 ? `+${text}` : `\u2212${text}`;
};

/** "+1.5 points (+0.4 to +2.6)" of shares, "−0.021 (−0.034 to −0.008)" of everything else. */
export function sayDifference(
  metric: string,
  difference: number,
  lower: number | null,
  upper: number | null,
): string {
  const isShare = isShareMetric(metric);
  const say = (value: number) => signed(rounded(isShare ? value * 100 : value));
  const unit = isShare ? " points" : "";
  if (lower === null || upper === null) return `${say(difference)}${unit}`;
  return `${say(difference)}${unit} (${say(lower)} to ${say(upper)})`;
}
