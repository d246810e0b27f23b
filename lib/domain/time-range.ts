import { z } from "zod";
import { AppError } from "./errors.ts";

const minuteMs = 60_000;

/** What the range picker offers; anything else is written as two instants. */
export const relativeRanges = {
  "1h": 60 * minuteMs,
  "6h": 6 * 60 * minuteMs,
  "24h": 24 * 60 * minuteMs,
  "7d": 7 * 24 * 60 * minuteMs,
  "30d": 30 * 24 * 60 * minuteMs,
  "90d": 90 * 24 * 60 * minuteMs,
} as const;
export type RelativeRange = keyof typeof relativeRanges;
export const relativeRangeSchema = z.enum(
  Object.keys(relativeRanges) as [RelativeRange, ...RelativeRange[]],
);

/** `from` is inclusive, `until` exclusive, both UTC instants. */
export interface TimeRange {
  from: Date;
  until: Date;
}

/** As it stands in a URL: `range=7d`, or `from` and `until` as ISO 8601 instants. Two instants win over a range. */
export const timeRangeQuerySchema = z.object({
  range: relativeRangeSchema.optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
});
export type TimeRangeQuery = z.infer<typeof timeRangeQuerySchema>;

/** What the stores' times can hold. */
const instantMin = Date.UTC(1970, 0, 1);
const instantMax = Date.UTC(2106, 0, 1);

/** Throws `invalid_request` for a window that ends before it begins, or lies where no row can be. */
export function resolveTimeRange(query: TimeRangeQuery, now: Date): TimeRange {
  if (query.from !== undefined && query.until !== undefined) {
    const range = { from: new Date(query.from), until: new Date(query.until) };
    if (range.from >= range.until) refuse("until", "must be after `from`");
    if (range.from.getTime() < instantMin) refuse("from", "must be 1970 or later");
    if (range.until.getTime() > instantMax) refuse("until", "must be before 2106");
    return range;
  }
  return { from: new Date(now.getTime() - relativeRanges[query.range ?? "7d"]), until: now };
}

function refuse(path: string, message: string): never {
  throw new AppError("invalid_request", `The window can't be used: \`${path}\` ${message}.`, {
    details: [{ path, message }],
  });
}
