import type { ChartTable } from "./chart-table.ts";
import type { AxisMark } from "./mark-time-axis.ts";
import type { TimeAxis } from "./prepare-time-axis.ts";
import type { ValueAxis } from "./prepare-value-axis.ts";

export const seriesColorCount = 8;
export type SeriesColor = "window" | "baseline" | `series-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

export interface TimeSeries {
  id: string;
  label: string;
  color: SeriesColor;
  shape: "bar" | "line" | "dashed";
  /** How far the name at the line's end gives way to another, in px; up is negative. */
  labelShift?: number;
}

export interface TimePoint {
  /** The middle of the bucket: where the point is drawn. */
  timeMs: number;
  fromMs: number;
  untilMs: number;
  /** null is a gap, never a zero. */
  values: Record<string, number | null>;
  band: [number, number] | null;
  /** Drawn hollow: too few rows to say. */
  isSmall: boolean;
  /** The head of the read-out: "Tue 14 Nov 14:00 to 15:00 CET". */
  label: string;
  /** What the read-out says, in the order of the series. */
  lines: readonly { label: string; text: string; color: SeriesColor | null }[];
}

/** Everything that a time chart draws; the drawing adds nothing of its own. */
export interface TimeSeriesModel {
  sentence: string;
  /** Not one value to draw. */
  isEmpty: boolean;
  note: string | null;
  unit: string;
  series: readonly TimeSeries[];
  points: readonly TimePoint[];
  /** Where nothing is known; hatched. */
  gaps: readonly { fromMs: number; untilMs: number; label: string }[];
  /** Stretches that mean something, such as the impact of an incident; behind the lines. */
  spans?: readonly { fromMs: number; untilMs: number; label: string }[];
  bandLabel: string | null;
  timeAxis: TimeAxis;
  valueAxis: ValueAxis;
  table: ChartTable;
  /** What happened, on the time axis. */
  marks?: readonly AxisMark[];
}

/** Neighbouring buckets that satisfy `isGap`, as stretches. */
export function toGaps(
  buckets: readonly { fromMs: number; untilMs: number }[],
  isGap: (index: number) => boolean,
  label: string,
): { fromMs: number; untilMs: number; label: string }[] {
  const gaps: { fromMs: number; untilMs: number; label: string }[] = [];
  buckets.forEach((bucket, index) => {
    if (!isGap(index)) return;
    const last = gaps.at(-1);
    if (last !== undefined && last.untilMs === bucket.fromMs) last.untilMs = bucket.untilMs;
    else gaps.push({ fromMs: bucket.fromMs, untilMs: bucket.untilMs, label });
  });
  return gaps;
}
