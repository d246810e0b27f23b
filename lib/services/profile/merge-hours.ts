import { setImmediate } from "node:timers/promises";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import type { BucketProfile } from "#db/clickhouse/inserts/profile-rows.ts";
import { insertBucketProfiles } from "#db/clickhouse/inserts/profile-rows.ts";
import { minuteSizes, minutesOfHours } from "#db/clickhouse/queries/minutes-of-hours.ts";
import { nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Stores } from "../context.ts";
import { clearVanished } from "./clear-vanished.ts";
import { classesMax } from "./count-rows.ts";
import { HourSums } from "./hour-sums.ts";
import { valueNamesMax } from "./recompute-buckets.ts";

export interface HourRange {
  workspaceId: string;
  modelId: string;
  fromTime: Date;
  untilTime: Date;
  now: Date;
  mergedRowsMin?: number;
}

export interface MergedHours {
  /** What their five minutes don't tell. One that is over is left as it is; one that is not is as near as its five minutes say. */
  untold: Date[];
  /** Left as they are: to count their rows takes no longer. */
  small: Date[];
}

/** Five minutes of so many rows begin to have fewer bins than values. */
const mergedRowsMinOfAll = 12 * 1_024;
const hourMs = grainMs["1h"];
/** Profiles that one scan adds up: at most as many sums are held, of some 10 kB. */
const profilesMax = 12_000;
/** Sums that are finished before others may have their turn. */
const finishedAtOnce = 50;

/** Builds the profiles of hours from those of their five minutes, and answers of which hours the raw rows have to be counted. Safe to
 *  run twice. */
export async function mergeHours(
  stores: Stores,
  range: HourRange,
  signal?: AbortSignal,
): Promise<MergedHours> {
  const { workspaceId, modelId, fromTime, untilTime, now } = range;
  const { mergedRowsMin = mergedRowsMinOfAll } = range;
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  // Drawn before the first profile is read: of two runs, the one that began later has seen at least as much.
  const revision = await nextProfileRevision(stores.postgres.db);
  const sizes = await ch.query(minuteSizes, { modelId, fromTime, untilTime }, signal);
  const small = new Set(sizes.filter(({ rowCount }) => rowCount < mergedRowsMin).map(hourOf));
  const untold = new Set(
    sizes.filter((size) => isUntold(size) && !small.has(hourOf(size))).map(hourOf),
  );
  const isLeft = (hour: number) => small.has(hour) || (untold.has(hour) && isOver(hour, now));
  for (const batch of batchesOf(sizes, isLeft)) {
    const partCount = Math.ceil(batch.profileCount / profilesMax);
    for (let part = 0; part < partCount; part += 1) {
      const sums = new HourSums();
      const asked = { modelId, ...batch, part, partCount };
      for await (const rows of ch.scan(minutesOfHours, asked, signal))
        for (const row of rows) sums.add(row);
      const profiles: BucketProfile[] = [];
      for (const { isExact, ...profile } of sums.results(valueNamesMax["1h"])) {
        const hour = profile.bucketSeconds * 1000;
        if (!isExact) untold.add(hour);
        if (!isLeft(hour)) profiles.push(profile);
        if (profiles.length % finishedAtOnce === 0) await setImmediate();
      }
      const place = { workspaceId, modelId, grain: "1h" as const, revision };
      await insertBucketProfiles(stores.clickhouse, place, profiles, signal);
    }
  }
  const hours = hoursOf(fromTime, untilTime).filter((hour) => !isLeft(hour));
  for (const stretch of stretchesOf(hours)) {
    const cleared = { modelId, grain: "1h" as const, ...stretch, revision };
    await clearVanished(stores, workspaceId, cleared, signal);
  }
  return { untold: toDates(untold), small: toDates(small) };
}

const toDates = (hours: ReadonlySet<number>): Date[] =>
  [...hours].sort((a, b) => a - b).map((hour) => new Date(hour));

type MinuteSize = (typeof minuteSizes)["row"]["_output"];

const hourOf = ({ hourSeconds }: MinuteSize): number => hourSeconds * 1000;

export const isOver = (hour: number, now: Date): boolean => hour + hourMs <= now.getTime();

/** Names that are only a sum, values of a tag among the others of their bucket, which may be no others of the hour, and classes of
 *  which each bucket has taken those that it saw first. */
const isUntold = ({ tailCount, otherSegmentCount, classCount }: MinuteSize): boolean =>
  tailCount > 0 || otherSegmentCount > 0 || classCount >= classesMax;

interface Batch {
  fromTime: Date;
  untilTime: Date;
  profileCount: number;
}

/** Hours side by side, as many as one scan adds up; one that is larger stands alone. */
function batchesOf(sizes: readonly MinuteSize[], isLeft: (hour: number) => boolean): Batch[] {
  const batches: Batch[] = [];
  for (const size of sizes) {
    const hour = hourOf(size);
    if (isLeft(hour)) continue;
    const { profileCount } = size;
    const last = batches.at(-1);
    const isNext = last?.untilTime.getTime() === hour;
    const untilTime = new Date(hour + hourMs);
    if (last !== undefined && isNext && last.profileCount + profileCount <= profilesMax) {
      last.untilTime = untilTime;
      last.profileCount += profileCount;
    } else batches.push({ fromTime: new Date(hour), untilTime, profileCount });
  }
  return batches;
}

function hoursOf(fromTime: Date, untilTime: Date): number[] {
  const hours: number[] = [];
  for (let hour = fromTime.getTime(); hour < untilTime.getTime(); hour += hourMs) hours.push(hour);
  return hours;
}

/** Neighbours as one stretch, of rising hours. */
export function stretchesOf(hours: readonly number[]): { fromTime: Date; untilTime: Date }[] {
  const stretches: { fromTime: Date; untilTime: Date }[] = [];
  for (const hour of hours) {
    const last = stretches.at(-1);
    const untilTime = new Date(hour + hourMs);
    if (last?.untilTime.getTime() === hour) last.untilTime = untilTime;
    else stretches.push({ fromTime: new Date(hour), untilTime });
  }
  return stretches;
}
