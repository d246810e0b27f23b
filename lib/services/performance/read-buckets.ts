import { performanceRows } from "#db/clickhouse/queries/performance-rows.ts";
import type { Task } from "#lib/domain/model.ts";
import type { PerformanceProfile } from "#lib/stats/performance/profile.ts";
import {
  fromStoredPerformance,
  mergePerformance,
  readAsTask,
} from "#lib/stats/performance/profile.ts";
import type { ServiceContext } from "../context.ts";
import type { WindowPiece } from "../profile/cover-window.ts";
import type { CalendarBucket } from "./calendar-buckets.ts";

export interface PerformanceKey {
  modelId: string;
  environment: string;
  version: string;
  segmentKey: string;
  segmentValue: string;
}

export const pieceLists = (pieces: readonly WindowPiece[]) => ({
  fromSeconds: pieces.map((piece) => piece.fromTime.getTime() / 1000),
  untilSeconds: pieces.map((piece) => piece.untilTime.getTime() / 1000),
});

/** What each bucket of a window holds, read as the task that the model has now. */
export async function readBuckets(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  key: PerformanceKey,
  pieces: readonly WindowPiece[],
  buckets: readonly CalendarBucket[],
  task: Task | null,
): Promise<PerformanceProfile[]> {
  const rows = await ctx.ch.query(
    performanceRows,
    {
      ...key,
      grains: pieces.map((piece) => (piece.grain === "1d" ? "1d" : "1h")),
      ...pieceLists(pieces),
    },
    ctx.signal,
  );
  const parts = buckets.map((): PerformanceProfile[] => []);
  let at = 0;
  for (const row of rows) {
    const ms = row.bucketSeconds * 1000;
    while (at < buckets.length - 1 && ms >= (buckets[at]?.untilMs ?? 0)) at += 1;
    parts[at]?.push(readAsTask(fromStoredPerformance(row), row.task, task ?? ""));
  }
  return parts.map(mergePerformance);
}
