import type { Volume } from "#lib/api/volume.ts";
import { formatCount } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";
import { plural } from "./sentence.ts";
import type { SeriesColor, TimePoint, TimeSeries, TimeSeriesModel } from "./time-series-model.ts";
import { seriesColorCount, toGaps } from "./time-series-model.ts";

const sum = (counts: readonly (number | null)[]): number =>
  counts.reduce<number>((total, count) => total + (count ?? 0), 0);

/** Rows per bucket, stacked by version; versions past the palette are one grey series that says how many it holds. */
export function prepareVolumeChart(volume: Volume, zone: string): TimeSeriesModel {
  const shownMax = seriesColorCount - 1;
  const byTotal = volume.versions
    .map((each) => ({ ...each, total: sum(each.rowCounts) }))
    .sort((a, b) => b.total - a.total || a.version.localeCompare(b.version));
  const shown = byTotal.slice(0, byTotal.length === seriesColorCount ? seriesColorCount : shownMax);
  const rest = byTotal.slice(shown.length);

  const series: TimeSeries[] = shown.map(({ version }, index) => ({
    id: `v${index}`,
    label: version,
    color: byTotal.length === 1 ? "window" : (`series-${index + 1}` as SeriesColor),
    shape: "bar",
  }));
  if (rest.length > 0)
    series.push({
      id: "rest",
      label: `${rest.length} more versions`,
      color: "baseline",
      shape: "bar",
    });

  const totals: (number | null)[] = [];
  const points = volume.buckets.map((bucket, index): TimePoint => {
    const fromMs = Date.parse(bucket);
    const untilMs = fromMs + volume.bucketMs;
    const values: Record<string, number | null> = {};
    shown.forEach(({ rowCounts }, at) => {
      values[`v${at}`] = rowCounts[index] ?? null;
    });
    if (rest.length > 0) {
      const counts = rest.map(({ rowCounts }) => rowCounts[index] ?? null);
      values.rest = counts.every((count) => count === null) ? null : sum(counts);
    }
    const isKnown = Object.values(values).some((value) => value !== null);
    const total = isKnown ? sum(Object.values(values)) : null;
    totals.push(total);
    const lines = series.flatMap(({ id, label, color }) => {
      const value = values[id] ?? null;
      return value === null || value === 0 ? [] : [{ label, color, text: formatCount(value) }];
    });
    const totalLine = {
      label: isKnown ? "all versions" : "rows",
      color: null,
      text: total === null ? "not profiled yet" : formatCount(total),
    };
    return {
      timeMs: fromMs + volume.bucketMs / 2,
      fromMs,
      untilMs,
      values,
      band: null,
      isSmall: false,
      label: formatSpan(fromMs, untilMs, zone),
      lines: series.length === 1 && isKnown ? lines : [...lines, totalLine],
    };
  });

  const first = points[0];
  const last = points.at(-1);
  const domain: [number, number] =
    first === undefined || last === undefined
      ? [Date.parse(volume.from), Date.parse(volume.until)]
      : [first.fromMs, last.untilMs];
  return {
    sentence: toSentence(volume, byTotal, totals),
    isEmpty: totals.every((total) => total === null),
    note:
      rest.length > 0
        ? `${shown.length} of ${byTotal.length} versions by name; the rest is one series`
        : null,
    unit: `rows per ${bucketName(volume.bucketMs)}`,
    series,
    points,
    gaps: toGaps(points, (index) => (totals[index] ?? null) === null, "not profiled yet"),
    bandLabel: null,
    timeAxis: prepareTimeAxis(domain, zone, 8),
    valueAxis: prepareValueAxis(totals, "count"),
    table: {
      columns: ["from_utc", "until_utc", ...byTotal.map(({ version }) => version)],
      rows: points.map((point, index) => [
        formatUtc(point.fromMs),
        formatUtc(point.untilMs),
        ...byTotal.map(({ rowCounts }) => rowCounts[index] ?? null),
      ]),
    },
  };
}

function toSentence(
  volume: Volume,
  byTotal: readonly { version: string; total: number }[],
  totals: readonly (number | null)[],
): string {
  if (byTotal.length === 0)
    return volume.waitingBucketCount === 0
      ? "No rows came in this window."
      : `No rows are here yet: ${volume.waitingBucketCount} of ${volume.buckets.length} buckets wait for their profile.`;
  const known = totals.filter((total) => total !== null);
  const versions = `${byTotal.length} ${plural(byTotal.length, "version")}`;
  const largest = byTotal[0];
  const most =
    byTotal.length > 1 && largest !== undefined
      ? `, most of them ${formatCount(largest.total)} by ${largest.version}`
      : "";
  if (known.length === 0) return "Rows came, but none of them is profiled yet.";
  return `${formatCount(sum(totals))} rows of ${versions}${most}; between ${formatCount(Math.min(...known))} and ${formatCount(Math.max(...known))} per ${bucketName(volume.bucketMs)}.`;
}

/** "5 min", "hour", "day", "6 hours". */
export function bucketName(bucketMs: number): string {
  const minutes = bucketMs / 60_000;
  if (minutes < 60) return minutes === 1 ? "minute" : `${minutes}\u202fminutes`;
  const hours = minutes / 60;
  if (hours < 24) return hours === 1 ? "hour" : `${hours}\u202fhours`;
  const days = hours / 24;
  return days === 1 ? "day" : `${days}\u202fdays`;
}
