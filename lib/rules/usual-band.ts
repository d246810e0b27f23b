import type { ValueBand } from "#lib/stats/value-band.ts";
import { valueBandOf } from "#lib/stats/value-band.ts";
import { volumeBandOf } from "#lib/stats/volume-band.ts";
import { seasonOf, volumeWeeks } from "./judge-volume.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The past windows that one is compared with, by their ends, each with its season: the hour of the week. */
export interface ComparedWindows {
  season: number;
  seasons: ReadonlyMap<number, number>;
}

export type UsualSeriesBand =
  | { kind: "band"; expected: number; lower: number; upper: number; pointCount: number }
  | Extract<ValueBand, { kind: "cannot_say" }>;

/** The ends of the windows that one is compared with: the same hour of the wall clock on each day of eight weeks before it. */
export function pastWindowsOf(untilMs: number, zone: string): number[] {
  const clock = seasonOf(untilMs, zone).hourOfDay;
  return Array.from({ length: volumeWeeks * 7 }, (_, i) => {
    const atMs = untilMs - (i + 1) * dayMs;
    // Across a change of the clock the same hour is an hour away.
    const near = [atMs, atMs - hourMs, atMs + hourMs];
    return near.find((one) => seasonOf(one, zone).hourOfDay === clock) ?? atMs;
  });
}

export function comparedWindowsOf(untilMs: number, zone: string): ComparedWindows {
  return {
    season: seasonOf(untilMs, zone).hourOfWeek,
    seasons: new Map(
      pastWindowsOf(untilMs, zone).map((pastMs) => [pastMs, seasonOf(pastMs, zone).hourOfWeek]),
    ),
  };
}

/** Between which values a window usually lies, from the values of a series by the ends of its windows. */
export function usualBandOf(
  history: ReadonlyMap<number, number>,
  { season, seasons }: ComparedWindows,
  { coverage, isCount }: { coverage: number; isCount: boolean },
): UsualSeriesBand {
  const points = [...seasons].flatMap(([untilMs, seasonClass]) => {
    const value = history.get(untilMs);
    return value === undefined ? [] : [{ untilMs, seasonClass, value }];
  });
  if (!isCount) return valueBandOf(points, season, { coverage });
  const firstMs = Math.min(
    ...points.filter(({ value }) => value > 0).map((point) => point.untilMs),
  );
  // Windows before the first that had rows are before the model was seen, and no zeros.
  const counts = points
    .filter((point) => point.untilMs >= firstMs)
    .map(({ seasonClass, value }) => ({ seasonClass, count: value }));
  return volumeBandOf(counts, season, { coverage });
}
