import type { StatisticUnit } from "#lib/domain/monitor-definition.ts";
import type { QueryResult } from "#lib/domain/runbook.ts";
import { formatReading } from "./describe-reading.ts";
import { formatCountExact } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import type { ValueKind } from "./prepare-value-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import type { TimePoint, TimeSeries, TimeSeriesModel } from "./time-series-model.ts";
import { toGaps } from "./time-series-model.ts";

export const outcomeNames: Record<QueryResult["outcome"], string> = {
  in_range: "In range",
  out_of_range: "Out of range",
  cannot_say: "Cannot say",
  shown: "Shown",
};

const kinds: Record<StatisticUnit, ValueKind> = {
  share: "share",
  points: "number",
  ms: "duration",
  rows: "count",
  none: "number",
  deviation: "number",
  floors: "number",
};

/** What was asked, where and when. */
export function sayAsked({ asked }: QueryResult, zone: string): string {
  const { model, environment, version, segment, target, from, until, reference } = asked;
  return [
    `${target} of ${model}`,
    environment,
    ...(version === "" ? [] : [`version ${version}`]),
    ...(segment === null ? [] : [`${segment.key} = ${segment.value}`]),
    formatSpan(Date.parse(from), Date.parse(until), zone),
    ...(reference === null ? [] : [`against ${reference}`]),
  ].join(", ");
}

/** The worst of what was asked, over time, with the bounds that it was held against. */
export function prepareQueryResult(result: QueryResult, zone: string): TimeSeriesModel | null {
  const { points, unit, statistic, low, high } = result;
  const known = points.filter(({ value }) => value !== null);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || known.length < 2) return null;
  const said = (value: number | null) => (value === null ? "no value" : formatReading(value, unit));
  const hasReference = points.some(({ reference }) => reference !== null);
  // Of a share of the reference a bound is no line: it moves with it.
  const bounds = result.ratio !== null ? [] : boundsOf(low, high);
  const series: TimeSeries[] = [
    ...(hasReference
      ? [
          {
            id: "reference",
            label: "reference",
            color: "baseline",
            shape: "line",
            labelShift: 14,
          } as const,
        ]
      : []),
    { id: "value", label: statistic, color: "window", shape: "line" },
    ...bounds.map(({ id, label }) => ({ id, label, color: "series-2", shape: "dashed" }) as const),
  ];
  const drawn = points.map((one): TimePoint => {
    const [fromMs, untilMs] = [Date.parse(one.from), Date.parse(one.until)];
    return {
      timeMs: (fromMs + untilMs) / 2,
      fromMs,
      untilMs,
      values: {
        value: one.value,
        ...(hasReference && { reference: one.reference }),
        ...Object.fromEntries(bounds.map(({ id, at }) => [id, at])),
      },
      band: one.lower === null || one.upper === null ? null : [one.lower, one.upper],
      isSmall: false,
      label: formatSpan(fromMs, untilMs, zone),
      lines: [
        { label: statistic, color: "window", text: said(one.value) },
        ...(hasReference
          ? [{ label: "reference", color: "baseline" as const, text: said(one.reference) }]
          : []),
        ...(unit === "rows" || unit === "ms"
          ? []
          : [{ label: "values", color: null, text: formatCountExact(one.sampleCount ?? 0) }]),
      ],
    };
  });
  const name = result.rows[0]?.name ?? "";
  const of = name === "" || name === "the whole model" ? "" : ` of ${name}`;
  return {
    sentence: `${statistic}${of} was ${said(known[0]?.value ?? null)} in the first of ${known.length} windows and ${said(known.at(-1)?.value ?? null)} in the last.`,
    isEmpty: false,
    note: null,
    unit: statistic,
    series,
    points: drawn,
    gaps: toGaps(drawn, (index) => points[index]?.value === null, "no value"),
    bandLabel: drawn.some(({ band }) => band !== null) ? "95 % interval" : null,
    timeAxis: prepareTimeAxis([Date.parse(first.from), Date.parse(last.until)], zone, 5),
    valueAxis: prepareValueAxis(
      [
        ...bounds.map(({ at }) => at),
        ...points.flatMap(({ value, lower, upper, reference }) => [value, lower, upper, reference]),
      ],
      kinds[unit],
      3,
    ),
    table: {
      columns: ["from_utc", "until_utc", "value", "lower", "upper", "values", "reference"],
      rows: points.map(({ from, until, value, lower, upper, sampleCount, reference }) => [
        formatUtc(Date.parse(from)),
        formatUtc(Date.parse(until)),
        value,
        lower,
        upper,
        sampleCount,
        reference,
      ]),
    },
  };
}

function boundsOf(low: number | null, high: number | null) {
  return [
    ...(low === null ? [] : [{ id: "low", label: "expected above", at: low }]),
    ...(high === null ? [] : [{ id: "high", label: "expected below", at: high }]),
  ];
}
