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

const sayIn = (metric: string) => (value: number) =>
  signed(rounded(isShareMetric(metric) ? value * 100 : value));

/** "+0.4 to +2.6", in the unit of the difference. */
export function sayDifferenceInterval(metric: string, lower: number, upper: number): string {
  const say = sayIn(metric);
  return `${say(lower)} to ${say(upper)}`;
}

/** "+1.5 points (+0.4 to +2.6)" of shares, "−0.021 (−0.034 to −0.008)" of everything else. */
export function sayDifference(
  metric: string,
  difference: number,
  lower: number | null,
  upper: number | null,
): string {
  const said = `${sayIn(metric)(difference)}${isShareMetric(metric) ? " points" : ""}`;
  if (lower === null || upper === null) return said;
  return `${said} (${sayDifferenceInterval(metric, lower, upper)})`;
}
