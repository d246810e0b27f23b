import type { TimeRangeQuery } from "#lib/domain/time-range.ts";
import { formatSpan } from "./format-time.ts";

export const rangeNames = {
  "1h": "hour",
  "6h": "6 hours",
  "24h": "24 hours",
  "7d": "7 days",
  "30d": "30 days",
  "90d": "90 days",
} as const;

/** "in the last 7 days", "from Tue 14 Nov 14:00 to 15:00 CET". */
export function formatRange(query: TimeRangeQuery, zone: string): string {
  if (query.from !== undefined && query.until !== undefined)
    return `from ${formatSpan(Date.parse(query.from), Date.parse(query.until), zone)}`;
  return `in the last ${rangeNames[query.range ?? "7d"]}`;
}

/** What a count of the window before is called: "the 7 days before". */
export function formatRangeBefore(query: TimeRangeQuery): string {
  if (query.from !== undefined && query.until !== undefined) return "the window before";
  return `the ${rangeNames[query.range ?? "7d"]} before`;
}
