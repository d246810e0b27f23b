import type { Performance, PerformancePoint } from "#lib/api/performance.ts";
import { formatCount } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { nameMetric, sayUndefined } from "./name-metric.ts";
import { sayInterval, sayMaturity } from "./prepare-performance-answer.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import type { TimePoint, TimeSeriesModel } from "./time-series-model.ts";
import { toGaps } from "./time-series-model.ts";

/** Below this a value says more of chance than of the model. */
const labelsMin = 100;

const isStillComing = (one: PerformancePoint | undefined): boolean =>
  one?.maturity === "provisional" || (one?.isWaiting === true && one.rowCount === 0);

/** How far the names of two lines that end side by side are moved apart. */
const above = -6;
const below = 10;

/** What turned out beside what was estimated, bucket by bucket. A metric that is undefined is a gap. */
export function preparePerformanceChart(
  performance: Performance,
  metric: string,
  zone: string,
): TimeSeriesModel {
  const { buckets, bucket } = performance;
  const hasEstimates = buckets.some(({ estimates }) => estimates[metric] !== undefined);
  const points = buckets.map((one): TimePoint => {
    const fromMs = Date.parse(one.from);
    const untilMs = Date.parse(one.until);
    const realised = one.metrics[metric];
    const estimate = one.estimates[metric];
    const hasBand = estimate !== undefined && estimate.lower !== null && estimate.upper !== null;
    return {
      timeMs: (fromMs + untilMs) / 2,
      fromMs,
      untilMs,
      values: { realised: realised?.value ?? null, estimated: estimate?.value ?? null },
      band: hasBand ? [estimate.lower ?? 0, estimate.upper ?? 0] : null,
      isSmall: (realised?.sampleCount ?? 0) < labelsMin,
      label: formatSpan(fromMs, untilMs, zone),
      lines: [
        {
          label: "realised",
          color: "window",
          text:
            realised?.value == null
              ? sayUndefined(realised?.undefinedReason ?? null)
              : sayInterval(realised.value, realised.lower, realised.upper),
        },
        ...(estimate === undefined
          ? []
          : [
              {
                label: "estimated",
                color: "baseline" as const,
                text: `${sayInterval(estimate.value, estimate.lower, estimate.upper)}${estimate.distrust === null ? "" : ", not to be trusted"}`,
              },
            ]),
        { label: "predictions", color: null, text: formatCount(one.rowCount) },
        { label: "labels", color: null, text: sayMaturity(one) },
      ],
    };
  });
  const shown = points.flatMap(({ values, band }) => [
    values.realised ?? null,
    values.estimated ?? null,
    ...(band ?? []),
  ]);
  const [last] = points.slice(-1);
  const ends = points.findLast(
    ({ values }) => values.realised !== null && values.estimated != null,
  );
  const isBelow = (ends?.values.realised ?? 0) < (ends?.values.estimated ?? 0);
  const known = buckets.filter(({ metrics }) => metrics[metric]?.value != null).length;
  const doubted = buckets.filter(({ estimates }) => estimates[metric]?.distrust != null).length;
  return {
    sentence: `${nameMetric(metric)} is known in ${known} of ${buckets.length} ${bucket}s${hasEstimates ? ", and estimated where it is dashed" : ""}.`,
    isEmpty: shown.every((value) => value === null),
    note:
      doubted === 0
        ? null
        : `The estimate is not to be trusted in ${doubted} of ${buckets.length} ${bucket}s; point at one to read why.`,
    unit: `${nameMetric(metric)} per ${bucket}`,
    series: [
      ...(hasEstimates
        ? [
            {
              id: "estimated",
              label: "estimated",
              color: "baseline" as const,
              shape: "dashed" as const,
              labelShift: isBelow ? above : below,
            },
          ]
        : []),
      {
        id: "realised",
        label: "realised",
        color: "window",
        shape: "line",
        labelShift: isBelow ? below : above,
      },
    ],
    points,
    gaps: toGaps(points, (index) => isStillComing(buckets[index]), "labels or rows still coming"),
    bandLabel: hasEstimates ? "band of the estimate" : null,
    timeAxis: prepareTimeAxis([points[0]?.fromMs ?? 0, last?.untilMs ?? 1], zone, 8),
    valueAxis: prepareValueAxis(shown, "number"),
    table: {
      columns: [
        "from_utc",
        "predictions",
        "labels",
        "maturity",
        metric,
        "lower",
        "upper",
        "estimated",
        "estimated_lower",
        "estimated_upper",
        "estimate_distrust",
      ],
      rows: buckets.map((one) => {
        const realised = one.metrics[metric];
        const estimate = one.estimates[metric];
        return [
          formatUtc(Date.parse(one.from)),
          one.rowCount,
          one.labelledCount,
          one.maturity,
          realised?.value ?? null,
          realised?.lower ?? null,
          realised?.upper ?? null,
          estimate?.value ?? null,
          estimate?.lower ?? null,
          estimate?.upper ?? null,
          estimate?.distrust ?? null,
        ];
      }),
    },
  };
}
