import type { Freshness, LabelDelay } from "#lib/api/freshness.ts";
import { formatCount, formatDuration, formatShare } from "./format-number.ts";

/** Both shares of a promise, with what they are shares of. */
export function sayAttainment(attainment: NonNullable<Freshness["attainment"]>): string {
  const { rowCount, rowsWithinLeast, rowsWithinMost, sliceCount, freshSliceCount } = attainment;
  const least = formatShare(rowCount === 0 ? null : rowsWithinLeast / rowCount);
  const most = formatShare(rowCount === 0 ? null : rowsWithinMost / rowCount);
  const share = least === most ? least : `${least} to ${most}`;
  const rows =
    rowCount === 0
      ? "No rows came in this window"
      : `${share} of ${formatCount(rowCount)} rows came in time`;
  const unknown =
    attainment.unknownSliceCount === 0
      ? ""
      : `; ${formatCount(attainment.unknownSliceCount)} more are still being profiled`;
  const slices =
    sliceCount === 0
      ? "no complete five-minute slice can be judged"
      : `at the end of ${formatShare(freshSliceCount / sliceCount)} of ${formatCount(sliceCount)} five-minute slices a row that fresh was there`;
  return `${rows}; ${slices}${unknown}.`;
}

/** How long labels take, by the sample that was looked at. */
export function sayLabelDelay({ sampleCount, unmatchedCount, delayMs }: LabelDelay): string {
  if (sampleCount === 0) return "No labels came in this window.";
  const matched = sampleCount - unmatchedCount;
  if (delayMs === null)
    return `None of ${formatCount(sampleCount)} labels that were looked at belongs to a stored prediction.`;
  const orphans =
    unmatchedCount === 0 ? "" : `; ${formatCount(unmatchedCount)} more have no stored prediction`;
  return `Half of the labels come within ${formatDuration(delayMs.p50)} of their prediction, nine in ten within ${formatDuration(delayMs.p90)} (${formatCount(matched)} looked at${orphans}).`;
}
