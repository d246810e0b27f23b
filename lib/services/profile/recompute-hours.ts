import { grainMs } from "#lib/domain/grain.ts";
import { retentionDefaults } from "#lib/domain/limits.ts";
import type { Stores } from "../context.ts";
import { joinBuckets } from "./join-buckets.ts";
import type { HourRange } from "./merge-hours.ts";
import { isOver, mergeHours } from "./merge-hours.ts";
import { recomputeBuckets } from "./recompute-buckets.ts";

export interface RecomputedHours {
  rowsRead: number;
  /** Not over, and not told by their five minutes: to be recomputed once they are over. */
  unfinished: Date[];
}

const dayMs = grainMs["1d"];
const hourMs = grainMs["1h"];

/** Brings the profiles of hours to what the raw rows say: from those of their five minutes where these tell it and are less than the
 *  rows; else from the rows, and so where five minutes are too old to be kept. */
export async function recomputeHours(
  stores: Stores,
  range: HourRange,
  signal?: AbortSignal,
): Promise<RecomputedHours> {
  const { workspaceId, modelId, fromTime, untilTime, now } = range;
  const recompute = (times: { fromTime: Date; untilTime: Date }) =>
    recomputeBuckets(stores, { workspaceId, modelId, grain: "1h", ...times }, signal);
  const mergedFrom = new Date(Math.max(fromTime.getTime(), minutesKeptFrom(now)));
  let rowsRead = 0;
  if (fromTime < mergedFrom) {
    const oldUntil = mergedFrom < untilTime ? mergedFrom : untilTime;
    rowsRead += await recompute({ fromTime, untilTime: oldUntil });
  }
  if (mergedFrom >= untilTime) return { rowsRead, unfinished: [] };
  const { untold, small } = await mergeHours(stores, { ...range, fromTime: mergedFrom }, signal);
  const left = [...small, ...untold.filter((hour) => isOver(hour.getTime(), now))];
  const starts = left.map((hour) => hour.getTime()).sort((a, b) => a - b);
  for (const stretch of joinBuckets(starts, hourMs)) rowsRead += await recompute(stretch);
  return { rowsRead, unfinished: untold.filter((hour) => !isOver(hour.getTime(), now)) };
}

/** Late rows reach no five minutes that are older than they are kept. A day of grace, as where windows are covered: clocks differ, and
 *  what was claimed at the border is not yet done. */
function minutesKeptFrom(now: Date): number {
  const keptFrom = now.getTime() - (retentionDefaults.profile5mDays - 1) * dayMs;
  return Math.ceil(keptFrom / hourMs) * hourMs;
}
