import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { insertBucketProfiles } from "#db/clickhouse/inserts/profile-rows.ts";
import { finerSizes } from "#db/clickhouse/queries/finer-profiles.ts";
import { nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import type { Stores } from "../context.ts";
import { addUpBuckets } from "./add-up-buckets.ts";
import { clearVanished } from "./clear-vanished.ts";
import { valueNamesMax } from "./recompute-buckets.ts";

export interface DayRange {
  workspaceId: string;
  modelId: string;
  fromTime: Date;
  untilTime: Date;
  /** Labels are profiled apart from the rows that they came for. */
  of?: "rows" | "labels";
}

/** Builds the profiles of days from those of their hours: bins on the coarsest grid of the hours, and coarser where the day would have
 *  too many. Safe to run twice. */
export async function rebuildDays(
  stores: Stores,
  range: DayRange,
  signal?: AbortSignal,
): Promise<void> {
  const { workspaceId, modelId, fromTime, untilTime, of = "rows" } = range;
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  // Drawn before the first profile is read: of two runs, the one that began later has seen at least as much.
  const revision = await nextProfileRevision(stores.postgres.db);
  const asked = { modelId, of, fromTime, untilTime };
  const place = { workspaceId, modelId, grain: "1d" as const, revision };
  await addUpBuckets(ch, {
    modelId,
    grain: "1d",
    of,
    sizes: await ch.query(finerSizes, { ...asked, grain: "1h" }, signal),
    finish: (sums) => sums.merged(valueNamesMax["1d"]),
    write: (profiles) => insertBucketProfiles(stores.clickhouse, place, profiles, signal),
    signal,
  });
  await clearVanished(stores, workspaceId, { ...asked, grain: "1d", revision }, signal);
}
