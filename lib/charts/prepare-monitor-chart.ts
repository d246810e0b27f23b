import type { MonitorPoint } from "#lib/api/monitor.ts";
import type { StatisticUnit } from "#lib/domain/monitor-definition.ts";
import { formatReading } from "./describe-reading.ts";
import { formatCount } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import type { ValueKind } from "./prepare-value-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import { plural } from "./sentence.ts";
import type { TimePoint, TimeSeriesModel } from "./time-series-model.ts";
import { toGaps } from "./time-series-model.ts";

const axisKinds: Record<StatisticUnit, ValueKind> = {
  none: "number",
  share: "share",
  ms: "duration",
  rows: "count",
  deviation: "number",
  floors: "number",
  points: "share",
};

const unitWords: Record<StatisticUnit, string> = {
  none: "per window",
  share: "share per window",
  ms: "time per window",
  rows: "rows per window",
  deviation: "standard deviations per window",
  floors: "multiples of what is negligible, per window",
  points: "difference of two shares, per window",
};

const judgedWords = {
  fire: "beyond the threshold",
  between: "neither beyond nor over",
  clear: "not beyond",
} as const;

/** The values of one series over its windows, with their intervals and the thresholds that held. */
export function prepareMonitorChart(
  {
    points: given,
    unit,
    what,
    stepMs,
  }: {
    points: readonly MonitorPoint[];
    unit: StatisticUnit;
    /** "drift of distance". */
    what: string;
    /** From one window's end to the next. */
    stepMs: number;
  },
  zone: string,
): TimeSeriesModel {
  const said = (value: number | null) => (value === null ? "no data" : formatReading(value, unit));
  const points = given.map((point): TimePoint => {
    const untilMs = Date.parse(point.until);
    const { value, lower, upper, fireThreshold, clearThreshold } = point;
    return {
      // A window is known when it ends: that is where its point stands.
      timeMs: untilMs,
      fromMs: untilMs - stepMs / 2,
      untilMs: untilMs + stepMs / 2,
      values: { value, fire: fireThreshold },
      band: lower === null || upper === null ? null : [lower, upper],
      isSmall: false,
      label: formatSpan(Date.parse(point.from), untilMs, zone),
      lines: [
        { label: what, color: "window", text: said(value) },
        ...(lower === null || upper === null
          ? []
          : [{ label: "95 %", color: null, text: `${said(lower)} to ${said(upper)}` }]),
        ...(fireThreshold === null
          ? []
          : [{ label: "fires at", color: "series-2" as const, text: said(fireThreshold) }]),
        ...(clearThreshold === null || clearThreshold === fireThreshold
          ? []
          : [{ label: "clears at", color: null, text: said(clearThreshold) }]),
        {
          label: "judged",
          color: null,
          text: point.judged === null ? point.sentence : judgedWords[point.judged],
        },
        { label: "rows", color: null, text: formatCount(point.sampleCount) },
      ],
    };
  });
  const known = given.filter(({ kind }) => kind === "value");
  const beyond = given.filter(({ judged }) => judged === "fire").length;
  const last = known.at(-1);
  const domain: [number, number] = [points[0]?.fromMs ?? 0, points.at(-1)?.untilMs ?? stepMs];
  return {
    sentence:
      last === undefined
        ? "No window has a value yet."
        : `${what}: ${beyond} of ${known.length} ${plural(known.length, "window")} beyond the threshold; the last value is ${said(last.value)}.`,
    isEmpty: known.length === 0,
    note:
      known.length === given.length
        ? null
        : `${given.length - known.length} of ${given.length} windows without a value`,
    unit: unitWords[unit],
    series: [
      { id: "value", label: "value", color: "window", shape: "line" },
      ...(given.some(({ fireThreshold }) => fireThreshold !== null)
        ? [{ id: "fire", label: "fires", color: "series-2" as const, shape: "dashed" as const }]
        : []),
    ],
    points,
    gaps: toGaps(points, (index) => given[index]?.value === null, "no data"),
    bandLabel: given.some(({ lower }) => lower !== null) ? "95 % interval" : null,
    timeAxis: prepareTimeAxis(domain, zone, 8),
    valueAxis: prepareValueAxis(
      given.flatMap(({ value, upper, lower, fireThreshold }) => [
        value,
        upper,
        lower,
        fireThreshold,
      ]),
      axisKinds[unit],
    ),
    table: {
      columns: [
        "until_utc",
        "kind",
        "value",
        "lower",
        "upper",
        "rows",
        "judged",
        "fires_at",
        "clears_at",
      ],
      rows: given.map((point) => [
        formatUtc(Date.parse(point.until)),
        point.kind,
        point.value,
        point.lower,
        point.upper,
        point.sampleCount,
        point.judged,
        point.fireThreshold,
        point.clearThreshold,
      ]),
    },
  };
}
