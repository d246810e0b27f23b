import type { FeatureQualityDetail } from "#lib/api/quality.ts";
import { formatCount, formatShare } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { checkNames } from "./name-quality.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import { bucketName } from "./prepare-volume-chart.ts";
import type { TimePoint, TimeSeriesModel } from "./time-series-model.ts";
import { toGaps } from "./time-series-model.ts";

/** One check of one feature over time: the share of rows that are bad, with its interval, above what the baseline has. */
export function prepareCheckSeries(
  detail: FeatureQualityDetail,
  series: FeatureQualityDetail["series"][number],
  zone: string,
): TimeSeriesModel {
  const { bucketMs } = detail;
  const label = checkNames[series.check];
  const points = series.points.map((point): TimePoint => {
    const fromMs = Date.parse(point.from);
    const untilMs = fromMs + bucketMs;
    return {
      timeMs: fromMs + bucketMs / 2,
      fromMs,
      untilMs,
      values: { share: point.share, baseline: series.baselineShare },
      band: point.lower === null || point.upper === null ? null : [point.lower, point.upper],
      isSmall: point.outcome === "cannot_say",
      label: formatSpan(fromMs, untilMs, zone),
      lines: [
        { label, color: "window", text: formatShare(point.share) },
        {
          label: "95 % interval",
          color: null,
          text: `${formatShare(point.lower)} to ${formatShare(point.upper)}`,
        },
        { label: "baseline", color: "baseline", text: formatShare(series.baselineShare) },
        {
          label: "rows",
          color: null,
          text: `${formatCount(point.count)} of ${formatCount(point.rowCount)}`,
        },
      ],
    };
  });
  const known = series.points.filter(({ share }) => share !== null);
  const peak = known.reduce((largest, { share }) => Math.max(largest, share ?? 0), 0);
  const bad = series.points.filter(({ outcome }) => outcome === "problem").length;
  const domain: [number, number] = [
    points[0]?.fromMs ?? Date.parse(detail.from),
    points.at(-1)?.untilMs ?? Date.parse(detail.until),
  ];
  return {
    sentence:
      known.length === 0
        ? `No row of this window can be checked for: ${label}.`
        : `${label}: at most ${formatShare(peak)} of rows; a problem in ${bad} of ${series.points.length} buckets of ${bucketName(bucketMs)}.`,
    isEmpty: known.length === 0,
    note: null,
    unit: `share of rows per ${bucketName(bucketMs)}`,
    series: [
      ...(series.baselineShare === null
        ? []
        : [
            {
              id: "baseline",
              label: "baseline",
              color: "baseline" as const,
              shape: "dashed" as const,
            },
          ]),
      { id: "share", label: "", color: "window", shape: "line" },
    ],
    points,
    gaps: toGaps(points, (index) => series.points[index]?.share === null, "no rows"),
    bandLabel: "95 % interval",
    timeAxis: prepareTimeAxis(domain, zone, 6),
    valueAxis: prepareValueAxis(
      series.points.flatMap(({ share, upper }) => [share, upper]),
      "share",
      3,
    ),
    table: {
      columns: ["from_utc", "bad_rows", "rows", "share", "lower", "upper", "outcome"],
      rows: series.points.map(({ from, count, rowCount, share, lower, upper, outcome }) => [
        formatUtc(Date.parse(from)),
        count,
        rowCount,
        share,
        lower,
        upper,
        outcome,
      ]),
    },
  };
}
