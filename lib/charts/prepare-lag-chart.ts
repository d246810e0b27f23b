import type { Freshness } from "#lib/api/freshness.ts";
import { formatCount, formatDuration } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import { bucketName } from "./prepare-volume-chart.ts";
import type { TimePoint, TimeSeriesModel } from "./time-series-model.ts";
import { toGaps } from "./time-series-model.ts";

// Two names need a tenth of the axis between them.
const labelRoom = 0.1;

/** How late rows arrived, per bucket: the median and the slowest hundredth. */
export function prepareLagChart(freshness: Freshness, zone: string): TimeSeriesModel {
  const { bucketMs } = freshness;
  const points = freshness.series.map((bucket): TimePoint => {
    const fromMs = Date.parse(bucket.from);
    const untilMs = fromMs + bucketMs;
    return {
      timeMs: fromMs + bucketMs / 2,
      fromMs,
      untilMs,
      values: { p50: bucket.lagP50Ms, p99: bucket.lagP99Ms },
      band: null,
      isSmall: false,
      label: formatSpan(fromMs, untilMs, zone),
      lines: [
        { label: "p99", color: "series-2", text: formatDuration(bucket.lagP99Ms) },
        { label: "median", color: "series-1", text: formatDuration(bucket.lagP50Ms) },
        { label: "rows", color: null, text: formatCount(bucket.rowCount) },
      ],
    };
  });
  const lag = freshness.eventLagMs;
  const valueAxis = prepareValueAxis(
    freshness.series.flatMap(({ lagP50Ms, lagP99Ms }) => [lagP50Ms, lagP99Ms]),
    "duration",
  );
  const last = freshness.series.findLast(
    ({ lagP50Ms, lagP99Ms }) => lagP50Ms !== null && lagP99Ms !== null,
  );
  const apart = ((last?.lagP99Ms ?? 0) - (last?.lagP50Ms ?? 0)) / valueAxis.domain[1];
  const isTight = apart < labelRoom;
  const domain: [number, number] = [
    points[0]?.fromMs ?? Date.parse(freshness.from),
    points.at(-1)?.untilMs ?? Date.parse(freshness.until),
  ];
  return {
    sentence:
      lag === null
        ? sayNoLag(freshness)
        : `Rows arrived ${formatDuration(lag.p50)} after they were made (median); 99 % within ${formatDuration(lag.p99)}, the slowest after ${formatDuration(lag.maximum)}.`,
    isEmpty: freshness.series.every(({ lagP50Ms }) => lagP50Ms === null),
    note: null,
    unit: `event lag per ${bucketName(bucketMs)}`,
    series: [
      { id: "p99", label: "p99", color: "series-2", shape: "line", labelShift: isTight ? -6 : 0 },
      { id: "p50", label: "median", color: "series-1", shape: "line", labelShift: isTight ? 6 : 0 },
    ],
    points,
    gaps: toGaps(points, (index) => freshness.series[index]?.rowCount === null, "not profiled yet"),
    bandLabel: null,
    timeAxis: prepareTimeAxis(domain, zone, 8),
    valueAxis,
    table: {
      columns: ["from_utc", "rows", "lag_p50_ms", "lag_p99_ms"],
      rows: freshness.series.map(({ from, rowCount, lagP50Ms, lagP99Ms }) => [
        formatUtc(Date.parse(from)),
        rowCount,
        lagP50Ms,
        lagP99Ms,
      ]),
    },
  };
}

function sayNoLag({ series }: Freshness): string {
  const isWaiting = series.some(({ rowCount }) => rowCount === null);
  return isWaiting
    ? "Rows of this window wait for their profile, so there is no lag to show yet."
    : "No rows came in this window, so there is no lag to show.";
}
