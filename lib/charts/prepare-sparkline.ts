import { formatCount } from "./format-number.ts";

export interface SparklineModel {
  /** Bars in a box of 1 by 1, oldest first; null where nothing is known. */
  bars: readonly ({ height: number } | null)[];
  sentence: string;
}

/** Counts over time in the space of a word; the tallest bar fills it and the sentence says how tall that is. */
export function prepareSparkline(counts: readonly (number | null)[]): SparklineModel {
  const known = counts.filter((count) => count !== null);
  const largest = known.length === 0 ? 0 : Math.max(...known);
  const bars = counts.map((count) => {
    if (count === null) return null;
    return { height: largest === 0 ? 0 : count / largest };
  });
  if (known.length === 0) return { bars, sentence: "No rows are profiled yet." };
  const gapCount = counts.length - known.length;
  const gaps = gapCount === 0 ? "" : `, ${gapCount} of ${counts.length} buckets not profiled`;
  return { bars, sentence: `At most ${formatCount(largest)} rows in a bucket${gaps}.` };
}
