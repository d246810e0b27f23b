import type { FeatureSkewDetail } from "#lib/api/skew.ts";
import { formatCount, formatShare } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import { bucketName } from "./prepare-volume-chart.ts";
import type { TimePoint, TimeSeriesModel } from "./time-series-model.ts";
import { toGaps } from "./time-series-model.ts";

/** The share of pairs that differ over time, inside its 95 % interval. Where nothing was compared is a gap. */
export function prepareSkewSeries(detail: FeatureSkewDetail, zone: string): TimeSeriesModel {
  const { bucketMs, series, rule } = detail;
  const label = "differing";
  const points = series.map((bucket): TimePoint => {
    const fromMs = Date.parse(bucket.from);
    const untilMs = fromMs + bucketMs;
    const { rate } = bucket;
    return {
      timeMs: fromMs + bucketMs / 2,
      fromMs,
      untilMs,
      values: { rate: rate?.value ?? null },
      band: rate === null ? null : [rate.lower, rate.upper],
      isSmall: bucket.comparedCount < rule.pairsMin,
      label: formatSpan(fromMs, untilMs, zone),
      lines: [
        { label, color: "window", text: formatShare(rate?.value ?? null) },
        {
          label: "95 % interval",
          color: "baseline",
          text: rate === null ? "–" : `${formatShare(rate.lower)} to ${formatShare(rate.upper)}`,
        },
        {
          label: "pairs",
          color: null,
          text: `${formatCount(bucket.differingCount)} of ${formatCount(bucket.comparedCount)}`,
        },
      ],
    };
  });
  const known = series.filter(({ rate }) => rate !== null);
  const peak = known.reduce((largest, { rate }) => Math.max(largest, rate?.value ?? 0), 0);
  const domain: [number, number] = [
    points[0]?.fromMs ?? Date.parse(detail.from),
    points.at(-1)?.untilMs ?? Date.parse(detail.until),
  ];
  return {
    sentence:
      known.length === 0
        ? "No pairs were compared in this window."
        : `Up to ${formatShare(peak)} of the pairs of a ${bucketName(bucketMs)} differ; pairs were compared in ${known.length} of ${series.length}.`,
    isEmpty: known.length === 0,
    note: null,
    unit: `share of pairs that differ, per ${bucketName(bucketMs)}`,
    series: [{ id: "rate", label, color: "window", shape: "line" }],
    points,
    gaps: toGaps(points, (index) => series[index]?.rate === null, "no pairs"),
    bandLabel: "95 % interval",
    timeAxis: prepareTimeAxis(domain, zone, 6),
    valueAxis: prepareValueAxis(
      series.map(({ rate }) => rate?.upper ?? null),
      "share",
      3,
    ),
    table: {
      columns: ["from_utc", "differing", "compared", "rate", "lower", "upper"],
      rows: series.map(({ from, differingCount, comparedCount, rate }) => [
        formatUtc(Date.parse(from)),
        differingCount,
        comparedCount,
        rate?.value ?? null,
        rate?.lower ?? null,
        rate?.upper ?? null,
      ]),
    },
  };
}
