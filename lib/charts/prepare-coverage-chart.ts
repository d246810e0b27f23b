import type { Performance } from "#lib/api/performance.ts";
import { formatCount, formatDuration, formatShare } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { sayMaturity } from "./prepare-performance-answer.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import type { TimePoint, TimeSeriesModel } from "./time-series-model.ts";
import { toGaps } from "./time-series-model.ts";

/** What share of predictions has its label, bucket by bucket, and where more are to come. */
export function prepareCoverageChart(performance: Performance, zone: string): TimeSeriesModel {
  const { buckets, bucket, labelDelay, window } = performance;
  const points = buckets.map((one): TimePoint => {
    const [fromMs, untilMs] = [Date.parse(one.from), Date.parse(one.until)];
    return {
      timeMs: (fromMs + untilMs) / 2,
      fromMs,
      untilMs,
      values: { labelled: one.coverage },
      band: null,
      isSmall: false,
      label: formatSpan(fromMs, untilMs, zone),
      lines: [
        { label: "labelled", color: "window", text: formatShare(one.coverage) },
        { label: "predictions", color: null, text: formatCount(one.rowCount) },
        { label: "labels", color: null, text: sayMaturity(one) },
      ],
    };
  });
  const settled = buckets.filter(({ maturity }) => maturity === "settled").length;
  const comes =
    labelDelay === null
      ? "No label has come yet."
      : `95 % of labels come within ${formatDuration(labelDelay.p95Ms)}: ${settled} of ${buckets.length} ${bucket}s are settled.`;
  const [last] = points.slice(-1);
  return {
    sentence: `${formatShare(window.coverage)} of ${formatCount(window.rowCount)} predictions are labelled. ${comes}`,
    isEmpty: points.every(({ values }) => values.labelled === null),
    note: null,
    unit: `share labelled per ${bucket}`,
    series: [{ id: "labelled", label: "labelled", color: "window", shape: "line", labelShift: -6 }],
    points,
    gaps: toGaps(
      points,
      (i) => buckets[i]?.maturity === "provisional" || buckets[i]?.maturity === "no_labels",
      "labels still to come",
    ),
    bandLabel: null,
    timeAxis: prepareTimeAxis([points[0]?.fromMs ?? 0, last?.untilMs ?? 1], zone, 8),
    valueAxis: prepareValueAxis([1], "share"),
    table: {
      columns: ["from_utc", "predictions", "labels", "coverage", "maturity"],
      rows: buckets.map((one) => [
        formatUtc(Date.parse(one.from)),
        one.rowCount,
        one.labelledCount,
        one.coverage,
        one.maturity,
      ]),
    },
  };
}
