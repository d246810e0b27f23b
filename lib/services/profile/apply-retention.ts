import { dropStaging } from "#db/clickhouse/baseline-staging.ts";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { dropExpiredProfiles } from "#db/clickhouse/drop-expired-profiles.ts";
import { expiringTables } from "#db/clickhouse/inserts/raw-rows.ts";
import { expiredPartitions } from "#db/clickhouse/queries/expired-partitions.ts";
import { deleteBaselineRows, deleteExpiredRows } from "#db/clickhouse/statements/retention.ts";
import type { ModelRetention } from "#db/postgres/queries/active-models.ts";
import { listModelRetentions } from "#db/postgres/queries/active-models.ts";
import {
  failStaleProfilings,
  listStaleUploads,
  markBaselineFailed,
} from "#db/postgres/queries/baseline.ts";
import { deleteDriftResultsBefore } from "#db/postgres/queries/drift-result.ts";
import { deleteWindowsBefore } from "#db/postgres/queries/evaluated-window.ts";
import { deleteJobRunsBefore } from "#db/postgres/queries/job-run.ts";
import { deleteJointDriftBefore } from "#db/postgres/queries/joint-drift.ts";
import {
  deleteMonitorSeriesBefore,
  deleteMonitorWindowsBefore,
} from "#db/postgres/queries/monitor-window.ts";
import { deleteDeliveriesBefore } from "#db/postgres/queries/notification.ts";
import { deletePerformanceResultsBefore } from "#db/postgres/queries/performance-result.ts";
import { deleteQualityResultsBefore } from "#db/postgres/queries/quality-result.ts";
import { deleteSurrogatesUnseenSince } from "#db/postgres/queries/surrogate.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { retentionDefaults } from "#lib/domain/limits.ts";
import type { Stores } from "../context.ts";

const dayMs = grainMs["1d"];
/** Late rows change no older window: raw rows are kept no longer unless somebody asks for it. Values stay for ever, in their history. */
const monitorWindowDays = retentionDefaults.rawDays;
const jobRunDays = 14;
/** Some 600 a day for each model. */
const usualJobRunDays = 2;
const driftResultDays = 90;
const qualityResultDays = 90;
/** As long as the hours that they are made of. */
const performanceResultDays = retentionDefaults.profile1hDays;
const deliveryDays = 180;
const threadDays = 400;
/** Longer than any sender tries again. */
const inboundEventDays = 7;
const uploadHoursMax = 6;
const profilingHoursMax = 24;

export interface RetentionResult {
  deletedMonths: number;
  droppedPartitions: string[];
  failures: { modelId: string; error: unknown }[];
}

/** Forgets what is past its time, and nothing of what is kept for ever. A model that fails does not hold up the others. */
export async function applyRetention(
  stores: Stores,
  now: Date,
  signal?: AbortSignal,
): Promise<RetentionResult> {
  const pg = stores.postgres.db;
  const failures: RetentionResult["failures"] = [];
  let deletedMonths = 0;
  for (const model of await listModelRetentions(pg)) {
    if (signal?.aborted === true) break;
    try {
      deletedMonths += await deleteExpired(stores, model, now, signal);
    } catch (error) {
      failures.push({ modelId: model.modelId, error });
    }
  }
  const droppedPartitions = await dropExpiredProfiles(
    stores.clickhouse,
    {
      "5m": retentionDefaults.profile5mDays,
      "1h": retentionDefaults.profile1hDays,
      "1d": retentionDefaults.profile1dDays,
    },
    now,
  );
  const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs);
  await deleteDeliveriesBefore(pg, {
    logBefore: daysAgo(deliveryDays),
    threadBefore: daysAgo(threadDays),
    eventBefore: daysAgo(inboundEventDays),
  });
  await deleteJobRunsBefore(pg, {
    before: daysAgo(jobRunDays),
    usualBefore: daysAgo(usualJobRunDays),
  });
  await deleteDriftResultsBefore(pg, daysAgo(driftResultDays));
  await deleteWindowsBefore(pg, "drift", daysAgo(driftResultDays));
  await deleteQualityResultsBefore(pg, daysAgo(qualityResultDays));
  await deleteWindowsBefore(pg, "quality", daysAgo(qualityResultDays));
  await deletePerformanceResultsBefore(pg, daysAgo(performanceResultDays));
  await deleteWindowsBefore(pg, "performance", daysAgo(performanceResultDays));
  await deleteMonitorWindowsBefore(pg, daysAgo(monitorWindowDays));
  await deleteMonitorSeriesBefore(pg, daysAgo(monitorWindowDays));
  await deleteJointDriftBefore(pg, daysAgo(driftResultDays));
  await deleteSurrogatesUnseenSince(pg, daysAgo(driftResultDays));
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * grainMs["1h"]);
  await failStaleProfilings(pg, hoursAgo(profilingHoursMax));
  for (const upload of await listStaleUploads(pg, hoursAgo(uploadHoursMax))) {
    if (signal?.aborted === true) break;
    try {
      await clearStaleUpload(stores, upload, signal);
    } catch (error) {
      failures.push({ modelId: upload.modelId, error });
    }
  }
  return { deletedMonths, droppedPartitions, failures };
}

/** Marked last: what fails before is found again by the next run. */
async function clearStaleUpload(
  { postgres, clickhouse }: Stores,
  {
    workspaceId,
    modelId,
    baselineId,
  }: { workspaceId: string; modelId: string; baselineId: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  await dropStaging(clickhouse, baselineId);
  for (const statement of deleteBaselineRows)
    await runStatement(clickhouse, workspaceId, statement, { modelId, baselineId }, signal);
  await markBaselineFailed(
    { pg: postgres.db, workspaceId },
    baselineId,
    "The upload was broken off; send the file again.",
  );
}

async function deleteExpired(
  { clickhouse }: Stores,
  { workspaceId, modelId, rawRetentionDays }: ModelRetention,
  now: Date,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (rawRetentionDays === null) return 0;
  // Whole days, so that an hourly run deletes once a day.
  const beforeTime = new Date((Math.floor(now.getTime() / dayMs) - rawRetentionDays) * dayMs);
  const ch = scopeClickHouse(clickhouse, workspaceId);
  let count = 0;
  for (const table of expiringTables) {
    for (const { partition } of await ch.query(
      expiredPartitions,
      { modelId, beforeTime, table },
      signal,
    )) {
      await runStatement(
        clickhouse,
        workspaceId,
        deleteExpiredRows(table),
        { modelId, partition, beforeTime },
        signal,
      );
      count += 1;
    }
  }
  return count;
}
