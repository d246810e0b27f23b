import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { insertPerformanceRows } from "#db/clickhouse/inserts/performance-rows.ts";
import type { StoredPerformance } from "#db/clickhouse/queries/performance-rows.ts";
import { performanceKeys, performanceRows } from "#db/clickhouse/queries/performance-rows.ts";
import { clearVanishedPerformance } from "#db/clickhouse/statements/clear-vanished-performance.ts";
import { nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { finestResolution } from "#lib/stats/float-grid.ts";
import type { PerformanceProfile } from "#lib/stats/performance/profile.ts";
import {
  coarsenPerformance,
  fromStoredPerformance,
  mergePerformance,
  readAsTask,
  toStoredPerformance,
} from "#lib/stats/performance/profile.ts";
import type { Stores } from "../context.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import type { PerformanceRange } from "./recompute-performance.ts";

/** Distinct scores of one class in one bucket, as in an hour. */
const scoresMax = 1_024;
const dayMs = grainMs["1d"];

/** Builds the performance of days from that of their hours: by the same merge that answers a window. Safe to run twice. */
export async function rebuildPerformanceDays(
  stores: Stores,
  { workspaceId, modelId, fromTime, untilTime }: PerformanceRange,
  signal?: AbortSignal,
): Promise<void> {
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  for (let dayStart = fromTime.getTime(); dayStart < untilTime.getTime(); dayStart += dayMs) {
    const day = { fromTime: new Date(dayStart), untilTime: new Date(dayStart + dayMs) };
    const revision = await nextProfileRevision(stores.postgres.db);
    for (const key of await ch.query(performanceKeys, { modelId, ...day }, signal)) {
      const hours = await ch.query(
        performanceRows,
        {
          modelId,
          ...key,
          grains: ["1h"],
          fromSeconds: [dayStart / 1000],
          untilSeconds: [(dayStart + dayMs) / 1000],
        },
        signal,
      );
      const row = mergeHours(hours, dayStart / 1000);
      if (row === null) continue;
      const insert = { workspaceId, modelId, grain: "1d" as const, revision, rows: [row] };
      await insertPerformanceRows(stores.clickhouse, insert);
    }
    const cleared = { modelId, grain: "1d" as const, ...day, revision };
    await runStatement(stores.clickhouse, workspaceId, clearVanishedPerformance, cleared, signal);
  }
  await rebuildDays(stores, { workspaceId, modelId, fromTime, untilTime, of: "labels" }, signal);
}

/** Hours that were made for another task, before it changed, are read as the newest one's. */
function mergeHours(
  hours: readonly StoredPerformance[],
  bucketSeconds: number,
): StoredPerformance | null {
  const newest = hours.at(-1);
  if (newest === undefined) return null;
  const parts = hours.map((hour) =>
    readAsTask(fromStoredPerformance(hour), hour.task, newest.task),
  );
  const merged = fitScores(mergePerformance(parts));
  const { environment, version, segmentKey, segmentValue, task } = newest;
  const lists = toStoredPerformance(merged);
  return {
    bucketSeconds,
    environment,
    version,
    segmentKey,
    segmentValue,
    task,
    ...(lists as Omit<
      StoredPerformance,
      "bucketSeconds" | "environment" | "version" | "segmentKey" | "segmentValue" | "task"
    >),
  };
}

function fitScores(profile: PerformanceProfile): PerformanceProfile {
  const scores = new Map<string, Set<number>>();
  for (const { className, score } of profile.cells) {
    const held = scores.get(className) ?? new Set();
    scores.set(className, held.add(score));
  }
  const resolutions = [...scores.values()].map((distinct) =>
    distinct.size <= scoresMax
      ? profile.resolution
      : finestResolution(
          [...distinct].sort((a, b) => a - b),
          profile.resolution,
          scoresMax,
        ),
  );
  return coarsenPerformance(profile, Math.min(profile.resolution, ...resolutions));
}
