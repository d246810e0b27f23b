import type { FeatureDriftDetail } from "#lib/api/drift.ts";
import type { DriftStatistic } from "#lib/domain/health.ts";
import { formatCount, formatNumber } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { statisticNames, verdictNames } from "./name-statistic.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import { bucketName } from "./prepare-volume-chart.ts";
import type { TimePoint, TimeSeriesModel } from "./time-series-model.ts";
import { toGaps } from "./time-series-model.ts";

/** One feature's statistic over time, above what sampling noise alone would give at each bucket's size. */
export function prepareDriftSeries(
  detail: FeatureDriftDetail,
  statistic: DriftStatistic,
  zone: string,
): TimeSeriesModel {
  const { bucketMs } = detail;
  const label = statisticNames[statistic];
  const points = detail.series.map((bucket): TimePoint => {
    const fromMs = Date.parse(bucket.from);
    const untilMs = fromMs + bucketMs;
    return {
      timeMs: fromMs + bucketMs / 2,
      fromMs,
      untilMs,
      values: { value: bucket.value },
      band: bucket.nullExpectation === null ? null : [0, bucket.nullExpectation],
      isSmall: bucket.verdict === "cannot_say",
      label: formatSpan(fromMs, untilMs, zone),
      lines: [
        { label, color: "window", text: formatNumber(bucket.value) },
        { label: "noise gives", color: "baseline", text: formatNumber(bucket.nullExpectation) },
        { label: "verdict", color: null, text: verdictNames[bucket.verdict] },
        { label: "rows", color: null, text: formatCount(bucket.rowCount) },
      ],
    };
  });
  const known = detail.series.filter(({ value }) => value !== null);
  const drifted = detail.series.filter(({ verdict }) => verdict === "drift").length;
  const peak = known.reduce((largest, { value }) => Math.max(largest, value ?? 0), 0);
  const domain: [number, number] = [
    points[0]?.fromMs ?? Date.parse(detail.from),
    points.at(-1)?.untilMs ?? Date.parse(detail.until),
  ];
  return {
    sentence:
      known.length === 0
        ? `${label} has no value in this window.`
        : `${label} reached ${formatNumber(peak)}; drift in ${drifted} of ${detail.series.length} buckets of ${bucketName(bucketMs)}.`,
    isEmpty: known.length === 0,
    note: null,
    unit: `${label} per ${bucketName(bucketMs)}`,
    series: [{ id: "value", label, color: "window", shape: "line" }],
    points,
    gaps: toGaps(points, (index) => detail.series[index]?.value === null, "no value"),
    bandLabel: "what noise alone gives",
    timeAxis: prepareTimeAxis(domain, zone, 6),
    valueAxis: prepareValueAxis(
      detail.series.flatMap(({ value, nullExpectation }) => [value, nullExpectation]),
      "number",
      3,
    ),
    table: {
      columns: ["from_utc", statistic, "noise_expectation", "verdict", "rows"],
      rows: detail.series.map(({ from, value, nullExpectation, verdict, rowCount }) => [
        formatUtc(Date.parse(from)),
        value,
        nullExpectation,
        verdict,
        rowCount,
      ]),
    },
  };
}
