import type { z } from "zod";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { insertBucketProfiles } from "#db/clickhouse/inserts/profile-rows.ts";
import { finerSizes } from "#db/clickhouse/queries/finer-profiles.ts";
import { nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Stores } from "../context.ts";
import { addUpBuckets } from "./add-up-buckets.ts";
import { clearVanished } from "./clear-vanished.ts";
import { classesMax } from "./count-rows.ts";
import { joinBuckets } from "./join-buckets.ts";
import { valueNamesMax } from "./recompute-buckets.ts";

export interface HourRange {
  workspaceId: string;
  modelId: string;
  fromTime: Date;
  untilTime: Date;
  now: Date;
  /** Rows of an hour from which on it is worth it. */
  mergedRowsMin?: number;
}

export interface MergedHours {
  /** What their five minutes don't tell. One that is over is left as it is; one that is not is as near as its five minutes say. */
  untold: Date[];
  /** Left as they are: to count their rows takes no longer. */
  small: Date[];
}

/** Five minutes of so many rows have half as many bins as values. */
const mergedRowsMinOfAll = 12 * 2_048;
const hourMs = grainMs["1h"];

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
  const sizes = await ch.query(finerSizes, { modelId, grain: "5m", fromTime, untilTime }, signal);
  const small = new Set(sizes.filter(({ rowCount }) => rowCount < mergedRowsMin).map(hourOf));
  const untold = new Set(
    sizes.filter((size) => isUntold(size) && !small.has(hourOf(size))).map(hourOf),
  );
  const isLeft = (hour: number) => small.has(hour) || (untold.has(hour) && isOver(hour, now));
  const place = { workspaceId, modelId, grain: "1h" as const, revision };
  await addUpBuckets(ch, {
    modelId,
    grain: "1h",
    sizes: sizes.filter((size) => !isLeft(hourOf(size))),
    finish: (sums) => sums.wholes(valueNamesMax["1h"]),
    async write(profiles) {
      for (const { bucketSeconds, isExact } of profiles)
        if (!isExact) untold.add(bucketSeconds * 1000);
      const told = profiles.filter(({ bucketSeconds }) => !isLeft(bucketSeconds * 1000));
      await insertBucketProfiles(stores.clickhouse, place, told, signal);
    },
    signal,
  });
  const hours = hoursOf(fromTime, untilTime).filter((hour) => !isLeft(hour));
  for (const stretch of joinBuckets(hours, hourMs)) {
    const cleared = { modelId, grain: "1h" as const, ...stretch, revision };
    await clearVanished(stores, workspaceId, cleared, signal);
  }
  return { untold: toDates(untold), small: toDates(small) };
}

const toDates = (hours: ReadonlySet<number>): Date[] =>
  [...hours].sort((a, b) => a - b).map((hour) => new Date(hour));

type MinuteSize = z.output<(typeof finerSizes)["row"]>;

const hourOf = ({ bucketSeconds }: MinuteSize): number => bucketSeconds * 1000;

export const isOver = (hour: number, now: Date): boolean => hour + hourMs <= now.getTime();

/** Names that are only a sum, values of a tag among the others of their bucket, which may be no others of the hour, and classes of
 *  which each bucket has taken those that it saw first. */
const isUntold = ({ tailCount, otherSegmentCount, classCount }: MinuteSize): boolean =>
  tailCount > 0 || otherSegmentCount > 0 || classCount >= classesMax;

function hoursOf(fromTime: Date, untilTime: Date): number[] {
  const hours: number[] = [];
  for (let hour = fromTime.getTime(); hour < untilTime.getTime(); hour += hourMs) hours.push(hour);
  return hours;
}
