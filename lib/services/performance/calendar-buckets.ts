import type { PerformanceBucket } from "#lib/domain/performance.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** 1970-01-05 was a Monday. */
const mondayMs = 4 * dayMs;

export interface CalendarBucket {
  fromMs: number;
  untilMs: number;
}

function startOf(ms: number, bucket: PerformanceBucket): number {
  switch (bucket) {
    case "hour":
      return Math.floor(ms / hourMs) * hourMs;
    case "day":
      return Math.floor(ms / dayMs) * dayMs;
    case "week":
      return Math.floor((ms - mondayMs) / (7 * dayMs)) * 7 * dayMs + mondayMs;
    case "month": {
      const date = new Date(ms);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    }
  }
}

function endOf(startMs: number, bucket: PerformanceBucket): number {
  switch (bucket) {
    case "hour":
      return startMs + hourMs;
    case "day":
      return startMs + dayMs;
    case "week":
      return startMs + 7 * dayMs;
    case "month": {
      const date = new Date(startMs);
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    }
  }
}

/** Cuts [fromMs, untilMs) at the borders of the UTC calendar; the first and the last may be shorter. */
export function cutByCalendar(
  fromMs: number,
  untilMs: number,
  bucket: PerformanceBucket,
): CalendarBucket[] {
  const buckets: CalendarBucket[] = [];
  for (let start = fromMs; start < untilMs; ) {
    const end = Math.min(endOf(startOf(start, bucket), bucket), untilMs);
    buckets.push({ fromMs: start, untilMs: end });
    start = end;
  }
  return buckets;
}

/** The finest cut that draws a window in at most 100 points or so. */
export function chooseBucket(fromMs: number, untilMs: number): PerformanceBucket {
  const days = (untilMs - fromMs) / dayMs;
  if (days <= 4) return "hour";
  if (days <= 100) return "day";
  return days <= 700 ? "week" : "month";
}

export const bucketsMax = 750;
