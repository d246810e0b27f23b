import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import { driftMeasureSchema } from "#lib/domain/health.ts";
import { statisticUnits } from "#lib/domain/monitor-definition.ts";
import { formatReading } from "./describe-reading.ts";
import { formatCountExact, formatNumber } from "./format-number.ts";
import { formatInstant, formatSpan, formatUtc } from "./format-time.ts";
import { statisticNames } from "./name-statistic.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import type { TimePoint, TimeSeriesModel } from "./time-series-model.ts";
import { toGaps } from "./time-series-model.ts";

export interface EvidenceFact {
  label: string;
  text: string;
}

/** The figures of the evidence, each with what it takes to believe it. */
export function prepareEvidenceFacts(evidence: FrozenEvidence, zone: string): EvidenceFact[] {
  const { value, lower, upper, fireThreshold, clearThreshold, window, reference } = evidence;
  const bare = (figure: number) => sayFigure(figure, evidence.unit).text;
  const say = (figure: number) => `${bare(figure)}${sayFigure(figure, evidence.unit).suffix}`;
  const interval =
    lower === null || upper === null ? "" : ` (95 % interval ${bare(lower)} to ${bare(upper)})`;
  const threshold = (at: number | null) => (at === null ? "none" : say(at));
  return [
    {
      label: nameOf(evidence.statistic),
      text: `${say(value)}${interval}`,
    },
    { label: "fires at", text: threshold(fireThreshold) },
    { label: "clears at", text: threshold(clearThreshold) },
    {
      label: "window",
      text: formatSpan(Date.parse(window.from), Date.parse(window.until), zone),
    },
    { label: "values in it", text: sayCount(window) },
    ...(reference === null
      ? []
      : [
          { label: "compared with", text: reference.label },
          { label: "values in that", text: sayCount(reference) },
        ]),
    { label: "frozen", text: formatInstant(Date.parse(evidence.frozenAt), zone) },
  ];
}

/** A monitor's units are said as everywhere; any other stands behind the number as it is, once. */
function sayFigure(figure: number, unit: string | null): { text: string; suffix: string } {
  const known = statisticUnits.find((one) => one === unit);
  if (known === "floors")
    return { text: formatNumber(figure), suffix: " times what is negligible" };
  if (known !== undefined) return { text: formatReading(figure, known), suffix: "" };
  return { text: formatNumber(figure), suffix: unit === null ? "" : ` ${unit}` };
}

/** A statistic of drift by its usual name, any other by its own words. */
function nameOf(statistic: string): string {
  const measure = driftMeasureSchema.safeParse(statistic);
  return measure.success ? statisticNames[measure.data] : statistic.replaceAll("_", " ");
}

function sayCount({ sampleCount, rowCount }: { sampleCount: number; rowCount: number }): string {
  const rows = sampleCount === rowCount ? "" : ` of ${formatCountExact(rowCount)} rows`;
  return `${formatCountExact(sampleCount)}${rows}`;
}

/** The monitor's values up to the finding, with the threshold that it crossed. */
export function prepareEvidenceSeries(evidence: FrozenEvidence, zone: string): TimeSeriesModel {
  const { history, fireThreshold, statistic } = evidence;
  const label = nameOf(statistic);
  const hasThreshold = fireThreshold !== null;
  const points = history.map((one): TimePoint => {
    const fromMs = Date.parse(one.from);
    const untilMs = Date.parse(one.until);
    return {
      timeMs: (fromMs + untilMs) / 2,
      fromMs,
      untilMs,
      values: { value: one.value, ...(hasThreshold && { fire: fireThreshold }) },
      band: one.lower === null || one.upper === null ? null : [one.lower, one.upper],
      isSmall: false,
      label: formatSpan(fromMs, untilMs, zone),
      lines: [
        { label, color: "window", text: formatNumber(one.value) },
        ...(hasThreshold
          ? [{ label: "fires at", color: "series-2" as const, text: formatNumber(fireThreshold) }]
          : []),
        { label: "values", color: null, text: formatCountExact(one.sampleCount) },
      ],
    };
  });
  const known = history.filter(({ value }) => value !== null);
  return {
    sentence:
      known.length === 0
        ? `No window before it had a value of ${label}.`
        : `${label} was ${formatNumber(known[0]?.value ?? null)} in the first of ${known.length} windows and ${formatNumber(known.at(-1)?.value ?? null)} in the last.`,
    isEmpty: known.length === 0,
    note: null,
    unit: label,
    series: [
      { id: "value", label, color: "window", shape: "line" },
      ...(hasThreshold
        ? [
            {
              id: "fire",
              label: "fires at",
              color: "series-2" as const,
              shape: "dashed" as const,
            },
          ]
        : []),
    ],
    points,
    gaps: toGaps(points, (index) => history[index]?.value === null, "no value"),
    bandLabel: points.some(({ band }) => band !== null) ? "95 % interval" : null,
    timeAxis: prepareTimeAxis(
      [
        points[0]?.fromMs ?? Date.parse(evidence.window.from),
        points.at(-1)?.untilMs ?? Date.parse(evidence.window.until),
      ],
      zone,
      5,
    ),
    valueAxis: prepareValueAxis(
      [fireThreshold, ...history.flatMap(({ value, upper, lower }) => [value, upper, lower])],
      "number",
      3,
    ),
    table: {
      columns: ["from_utc", "until_utc", statistic, "lower", "upper", "values"],
      rows: history.map(({ from, until, value, lower, upper, sampleCount }) => [
        formatUtc(Date.parse(from)),
        formatUtc(Date.parse(until)),
        value,
        lower,
        upper,
        sampleCount,
      ]),
    },
  };
}

/** What the evidence measures, in words. */
export const nameEvidence = ({ statistic }: Pick<FrozenEvidence, "statistic">): string =>
  nameOf(statistic);
