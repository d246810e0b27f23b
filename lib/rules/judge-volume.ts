import { partsIn } from "#lib/charts/format-time.ts";
import type { VolumeBand, VolumePoint } from "#lib/stats/volume-band.ts";
import { volumeBandOf } from "#lib/stats/volume-band.ts";

const hourMs = 3_600_000;
const dayHours = 24;

/** How far back an hour is compared. */
export const volumeWeeks = 8;

export interface HourCount {
  fromMs: number;
  /** 0 is a value; null is not known: not profiled yet. */
  rowCount: number | null;
}

export interface JudgedHour extends HourCount {
  verdict: "usual" | "low" | "high" | "cannot_say";
  band: VolumeBand;
}

/** The hour of the day and of the week on the wall clock of a zone: across a change of it, nine o'clock stays nine o'clock. */
export function seasonOf(timeMs: number, zone: string): { hourOfDay: number; hourOfWeek: number } {
  const { year, month, day, hour } = partsIn(zone, timeMs);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { hourOfDay: hour, hourOfWeek: weekday * dayHours + hour };
}

/** Judges the hours from `fromMs` on, each against the same hour of the week in the eight weeks before it; how much hours vary is
 *  learned from the same hour of all days. Hours before the first that had rows are before the model was seen, and no zeros. */
export function judgeVolume(
  hours: readonly HourCount[],
  { fromMs, zone }: { fromMs: number; zone: string },
): JudgedHour[] {
  const firstMs = hours.find(({ rowCount }) => rowCount !== null && rowCount > 0)?.fromMs;
  const known = hours.flatMap(({ fromMs: at, rowCount }) =>
    firstMs === undefined || at < firstMs || rowCount === null
      ? []
      : [{ fromMs: at, count: rowCount, ...seasonOf(at, zone) }],
  );
  const byHourOfDay = Map.groupBy(known, ({ hourOfDay }) => hourOfDay);
  return hours
    .filter((hour) => hour.fromMs >= fromMs)
    .map((hour): JudgedHour => {
      const { hourOfDay, hourOfWeek } = seasonOf(hour.fromMs, zone);
      const sinceMs = hour.fromMs - volumeWeeks * 7 * dayHours * hourMs;
      const points = (byHourOfDay.get(hourOfDay) ?? []).flatMap((past): VolumePoint[] =>
        past.fromMs >= sinceMs && past.fromMs < hour.fromMs
          ? [{ seasonClass: past.hourOfWeek, count: past.count }]
          : [],
      );
      const band = volumeBandOf(points, hourOfWeek);
      return { ...hour, band, verdict: verdictOf(hour.rowCount, band) };
    });
}

function verdictOf(rowCount: number | null, band: VolumeBand): JudgedHour["verdict"] {
  if (rowCount === null || band.kind === "cannot_say") return "cannot_say";
  if (rowCount < band.lower) return "low";
  return rowCount > band.upper ? "high" : "usual";
}

/** Why, in words. */
export function describeVolume({ rowCount, band, verdict }: JudgedHour): string {
  if (rowCount === null) return "not profiled yet";
  if (band.kind === "cannot_say") return `${band.have} of ${band.needed} past hours`;
  const usual = `${Math.round(band.expected)} rows are usual at this hour of the week, ${band.lower} to ${band.upper} in 99 of 100`;
  return verdict === "usual" ? `${rowCount} rows; ${usual}` : `${rowCount} rows, where ${usual}`;
}
