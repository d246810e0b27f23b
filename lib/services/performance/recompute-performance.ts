import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { bucketGroups } from "#db/clickhouse/queries/bucket-groups.ts";
import { clearVanishedPerformance } from "#db/clickhouse/statements/clear-vanished-performance.ts";
import { recomputePerformance as recomputeStatement } from "#db/clickhouse/statements/recompute-performance.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { listProfiledNames, nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { segmentLimits } from "#lib/domain/limits.ts";
import type { Stores } from "../context.ts";
import { listProfiledValues } from "../segment/list-profiled-values.ts";
import { recomputeLabels } from "./recompute-labels.ts";

export interface PerformanceRange {
  workspaceId: string;
  modelId: string;
  /** At borders of hours. */
  fromTime: Date;
  untilTime: Date;
}

/** Predictions that one statement joins with their labels, unless a single hour has more. */
const rowsMax = 500_000;

/** Brings the performance of every hour of the range to what the raw rows and the labels say now. Safe to run twice, and
 *  beside itself. Answers how many predictions it read. */
export async function recomputePerformance(
  stores: Stores,
  range: PerformanceRange,
  signal?: AbortSignal,
): Promise<number> {
  const { workspaceId, modelId, fromTime, untilTime } = range;
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  const pg = stores.postgres.db;
  // Drawn before the first raw row is read: of two runs, the one that began later has seen at least as much.
  const revision = await nextProfileRevision(pg);
  const task = await findModelTask(pg, modelId);
  const { segmentKeys } = await listProfiledNames(pg, modelId);
  const groups = await ch.query(
    bucketGroups,
    { modelId, grain: "1h", fromTime, untilTime, looked: [] },
    signal,
  );
  const batches = cutIntoBatches(groups);
  for (const batch of batches) {
    for (const segmentKey of ["", ...segmentKeys.slice(0, segmentLimits.keysMax)]) {
      const window = { modelId, ...batch };
      const segmentValues = await listProfiledValues(ch, window, segmentKey, signal);
      const params = { ...window, task, segmentKey, segmentValues, revision };
      await runStatement(stores.clickhouse, workspaceId, recomputeStatement, params, signal);
    }
  }
  await recomputeLabels(stores, range, { batches, hours: groups, revision }, signal);
  const cleared = { modelId, grain: "1h" as const, fromTime, untilTime, revision };
  await runStatement(stores.clickhouse, workspaceId, clearVanishedPerformance, cleared, signal);
  return groups.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

/** Neighbouring hours with rows, as many as one statement may join. */
function cutIntoBatches(
  groups: readonly { bucketSeconds: number; rowCount: number }[],
): { fromTime: Date; untilTime: Date }[] {
  const hours = new Map<number, number>();
  for (const { bucketSeconds, rowCount } of groups)
    hours.set(bucketSeconds, (hours.get(bucketSeconds) ?? 0) + rowCount);
  const batches: { fromTime: Date; untilTime: Date; rowCount: number }[] = [];
  for (const [seconds, rowCount] of [...hours].sort(([a], [b]) => a - b)) {
    const last = batches.at(-1);
    const untilTime = new Date(seconds * 1000 + grainMs["1h"]);
    if (last !== undefined && last.rowCount + rowCount <= rowsMax) {
      last.untilTime = untilTime;
      last.rowCount += rowCount;
    } else batches.push({ fromTime: new Date(seconds * 1000), untilTime, rowCount });
  }
  return batches.map(({ fromTime, untilTime }) => ({ fromTime, untilTime }));
}
