import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { retentionDefaults } from "#lib/domain/limits.ts";

/** A stretch of time that buckets of one grain cover exactly. */
export interface WindowPiece {
  grain: Grain;
  fromTime: Date;
  untilTime: Date;
}

export interface CoveredWindow {
  fromTime: Date;
  untilTime: Date;
  pieces: readonly WindowPiece[];
}

const dayMs = grainMs["1d"];
/** An hour is built of its five minutes once these have been, and a day of its hours: within this of its end, unless the worker is behind. Until then the
 *  finer ones say more. */
const builtWithinMs = { "1h": 5 * 60_000, "1d": 15 * 60_000 } as const;

/** The end of the newest bucket of a grain that can have been built. */
export const builtUntilMs = (grain: "1h" | "1d", now: Date): number =>
  floorTo(now.getTime() - builtWithinMs[grain], grain);

/** Cuts a window into the coarsest buckets that tile it and have been built: days inside, hours and then five minutes at its ends. The window
 *  is widened to the finest buckets that still exist where its ends lie, and comes back as it was answered. `finest`: of what is kept by the
 *  hour, whose windows are whole hours. */
export function coverWindow(
  from: Date,
  until: Date,
  now: Date,
  finest: "5m" | "1h" = "5m",
): CoveredWindow {
  const fromGrain = finestKept(from, now);
  const fromMs = floorTo(from.getTime(), fromGrain);
  // The end uses buckets that begin before it.
  const untilGrain = finestKept(new Date(until.getTime() - 1), now);
  const untilMs = Math.max(ceilTo(until.getTime(), untilGrain), fromMs + grainMs[fromGrain]);
  return {
    fromTime: new Date(fromMs),
    untilTime: new Date(untilMs),
    pieces: tile(fromMs, untilMs, "1d", { now, finest }),
  };
}

/** Whether a window can be told from what is still kept: of old ones the fine buckets are gone. */
export function isKept(
  { fromTime, untilTime }: { fromTime: Date; untilTime: Date },
  now: Date,
): boolean {
  const covered = coverWindow(fromTime, untilTime, now);
  return (
    covered.fromTime.getTime() === fromTime.getTime() &&
    covered.untilTime.getTime() === untilTime.getTime()
  );
}

/** Profiles of a grain are kept for a time; its buckets exist from this grain upwards. */
function finestKept(time: Date, now: Date): Grain {
  const ageDays = (now.getTime() - time.getTime()) / dayMs;
  // A day of grace: the bucket at the border is about to be dropped.
  if (ageDays < retentionDefaults.profile5mDays - 1) return "5m";
  return ageDays < retentionDefaults.profile1hDays - 1 ? "1h" : "1d";
}

const finer = { "1d": "1h", "1h": "5m" } as const;

function tile(
  fromMs: number,
  untilMs: number,
  grain: Grain,
  given: { now: Date; finest: Grain },
): WindowPiece[] {
  if (fromMs >= untilMs) return [];
  if (grain === "5m" || grain === given.finest) return [piece(grain, fromMs, untilMs)];
  const innerFrom = ceilTo(fromMs, grain);
  const innerUntil = floorTo(Math.min(untilMs, builtUntilMs(grain, given.now)), grain);
  const next = finer[grain];
  if (innerFrom >= innerUntil) return tile(fromMs, untilMs, next, given);
  return [
    ...tile(fromMs, innerFrom, next, given),
    piece(grain, innerFrom, innerUntil),
    ...tile(innerUntil, untilMs, next, given),
  ];
}

function piece(grain: Grain, fromMs: number, untilMs: number): WindowPiece {
  return { grain, fromTime: new Date(fromMs), untilTime: new Date(untilMs) };
}

function floorTo(ms: number, grain: Grain): number {
  return Math.floor(ms / grainMs[grain]) * grainMs[grain];
}

function ceilTo(ms: number, grain: Grain): number {
  return Math.ceil(ms / grainMs[grain]) * grainMs[grain];
}

export interface Columns {
  grain: Grain;
  bucketMs: number;
  /** Starts, oldest first. */
  starts: readonly Date[];
}

const minuteMs = 60_000;
const widths = [5, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 20_160, 43_200].map(
  (minutes) => minutes * minuteMs,
);

/** The columns of a chart over a window: the narrowest of a fixed set of widths that needs at most `columnsMax`, and where
 *  reading is dear at most `bucketsMax` stored buckets a key. */
export function chooseColumns(
  { fromTime, untilTime }: { fromTime: Date; untilTime: Date },
  now: Date,
  columnsMax: number,
  bucketsMax = Number.POSITIVE_INFINITY,
): Columns {
  const widthMin = grainMs[finestKept(fromTime, now)];
  const startOf = (width: number) => Math.floor(fromTime.getTime() / width) * width;
  const countOf = (width: number) => Math.ceil((untilTime.getTime() - startOf(width)) / width);
  const spanMs = untilTime.getTime() - fromTime.getTime();
  const isLight = (width: number) =>
    width >= dayMs || spanMs / grainMs[grainOfWidth(width)] <= bucketsMax;
  const fitting = widths.find(
    (width) => width >= widthMin && countOf(width) <= columnsMax && isLight(width),
  );
  const bucketMs =
    fitting ?? Math.ceil((untilTime.getTime() - fromTime.getTime()) / columnsMax / dayMs) * dayMs;
  const starts = Array.from(
    { length: countOf(bucketMs) },
    (_, i) => new Date(startOf(bucketMs) + i * bucketMs),
  );
  return { grain: grainOfWidth(bucketMs), bucketMs, starts };
}

function grainOfWidth(widthMs: number): Grain {
  if (widthMs >= dayMs) return "1d";
  return widthMs >= grainMs["1h"] ? "1h" : "5m";
}

/** From the first column's start to the last one's end. */
export function columnWindow({ starts, bucketMs }: Columns): { fromTime: Date; untilTime: Date } {
  const [first = new Date(0)] = starts;
  const last = starts.at(-1) ?? first;
  return { fromTime: first, untilTime: new Date(last.getTime() + bucketMs) };
}
