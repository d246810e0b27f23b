import type { Volume, VolumeHour } from "#lib/api/volume.ts";
import { formatCount } from "./format-number.ts";
import { formatInstant, formatSpan, formatUtc } from "./format-time.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import { plural } from "./sentence.ts";
import type { TimePoint, TimeSeriesModel } from "./time-series-model.ts";
import { toGaps } from "./time-series-model.ts";

const hourMs = 3_600_000;

const verdictWords: Record<VolumeHour["verdict"], string> = {
  usual: "usual",
  low: "lower than usual",
  high: "higher than usual",
  cannot_say: "cannot say",
};

/** Rows of every complete hour, in the band of what is usual at that hour of the week. */
export function prepareUsualVolume(volume: Volume, zone: string): TimeSeriesModel {
  const { series } = volume.hours;
  const points = series.map((hour): TimePoint => {
    const fromMs = Date.parse(hour.from);
    const untilMs = fromMs + hourMs;
    const usual =
      hour.lower === null || hour.upper === null
        ? hour.reason
        : `${formatCount(hour.lower)} to ${formatCount(hour.upper)}`;
    return {
      timeMs: fromMs + hourMs / 2,
      fromMs,
      untilMs,
      values: { rows: hour.rowCount, expected: hour.expected },
      band: hour.lower === null || hour.upper === null ? null : [hour.lower, hour.upper],
      isSmall: false,
      label: formatSpan(fromMs, untilMs, zone),
      lines: [
        { label: "rows", color: "window", text: formatCount(hour.rowCount) },
        { label: "expected", color: "baseline", text: formatCount(hour.expected) },
        { label: "99 % band", color: null, text: usual },
        { label: "verdict", color: null, text: verdictWords[hour.verdict] },
      ],
    };
  });
  const judged = series.filter(({ verdict }) => verdict !== "cannot_say");
  const odd = judged.filter(({ verdict }) => verdict !== "usual").length;
  const known = series.filter(({ rowCount }) => rowCount !== null);
  const domain: [number, number] = [
    points[0]?.fromMs ?? Date.parse(volume.from),
    points.at(-1)?.untilMs ?? Date.parse(volume.until),
  ];
  const blind = series.findLast(
    ({ verdict, rowCount }) => verdict === "cannot_say" && rowCount !== null,
  );
  return {
    sentence:
      judged.length === 0
        ? `Cannot say what is usual: ${blind?.reason ?? "no complete hour"}.`
        : `${odd} of ${judged.length} complete ${plural(judged.length, "hour")} ${plural(odd, "lies", "lie")} outside of what is usual at that hour of the week.`,
    isEmpty: known.length === 0,
    note:
      blind === undefined
        ? `Hours of the week in ${volume.hours.zone}. Of hours like those before, one in a hundred lies outside; holidays and weather make it more.`
        : `${series.length - judged.length} of ${series.length} hours cannot be judged: ${blind.reason}. Hours of the week in ${volume.hours.zone}.`,
    unit: "rows per hour",
    series: [
      { id: "expected", label: "", color: "baseline", shape: "dashed" },
      { id: "rows", label: "", color: "window", shape: "line" },
    ],
    points,
    gaps: toGaps(points, (index) => series[index]?.rowCount === null, "not profiled yet"),
    bandLabel: judged.length === 0 ? null : "usual, 99 of 100 hours",
    timeAxis: prepareTimeAxis(domain, zone, 8),
    valueAxis: prepareValueAxis(
      series.flatMap(({ rowCount, upper }) => [rowCount, upper]),
      "count",
    ),
    table: {
      columns: ["from_utc", "rows", "expected", "lower", "upper", "verdict", "reason"],
      rows: series.map(({ from, rowCount, expected, lower, upper, verdict, reason }) => [
        formatUtc(Date.parse(from)),
        rowCount,
        expected,
        lower,
        upper,
        verdict,
        reason,
      ]),
    },
  };
}

/** "from 14:00 to 15:00 1,204 rows came, where 5,900 to 9,400 are usual"; null where all is usual or nothing can be said. */
export function sayUnusualVolume({ hours }: Volume, zone: string): string | null {
  const { last } = hours;
  if (last === null || last.verdict === "usual" || last.verdict === "cannot_say") return null;
  return `${formatCount(last.rowCount)} rows came in the hour from ${formatInstant(Date.parse(last.from), zone)}, ${verdictWords[last.verdict]}: ${formatCount(last.lower)} to ${formatCount(last.upper)}`;
}
