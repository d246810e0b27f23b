import { formatShare } from "./format-number.ts";
import type { SparklineModel } from "./prepare-sparkline.ts";

/** A share of all rows over time, on an axis from nothing to everything, so that two lines compare. */
export function prepareShareline(shares: readonly (number | null)[]): SparklineModel {
  const known = shares.filter((share) => share !== null);
  const bars = shares.map((share) => (share === null ? null : { height: share }));
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined)
    return { bars, sentence: "Its share is not known in any part of this window." };
  return {
    bars,
    sentence: `Its share of rows goes from ${formatShare(first)} to ${formatShare(last)}, at most ${formatShare(Math.max(...known))}.`,
  };
}
