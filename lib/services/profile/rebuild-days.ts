import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { clearVanishedProfiles } from "#db/clickhouse/statements/clear-vanished-profiles.ts";
import { rebuildDays as rebuildDaysStatement } from "#db/clickhouse/statements/rebuild-days.ts";
import { nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Stores } from "../context.ts";
import { valueNamesMax } from "./recompute-buckets.ts";

export interface DayRange {
  workspaceId: string;
  modelId: string;
  fromTime: Date;
  untilTime: Date;
}

/** Days that one statement merges: about 24 hours x 100 features x 1,000 bins each. */
const daysMax = 7;

/** Builds the profiles of days from those of their hours. Safe to run twice. */
export async function rebuildDays(
  stores: Stores,
  range: DayRange,
  signal?: AbortSignal,
): Promise<void> {
  const { workspaceId, modelId } = range;
  scopeClickHouse(stores.clickhouse, workspaceId);
  const stepMs = daysMax * grainMs["1d"];
  for (let from = range.fromTime.getTime(); from < range.untilTime.getTime(); from += stepMs) {
    const fromTime = new Date(from);
    const untilTime = new Date(Math.min(from + stepMs, range.untilTime.getTime()));
    const revision = await nextProfileRevision(stores.postgres.db);
    const params = { modelId, fromTime, untilTime, revision };
    await runStatement(
      stores.clickhouse,
      workspaceId,
      rebuildDaysStatement,
      { ...params, valueNamesMax: valueNamesMax["1d"] },
      signal,
    );
    await runStatement(
      stores.clickhouse,
      workspaceId,
      clearVanishedProfiles,
      { ...params, grain: "1d" },
      signal,
    );
  }
}
