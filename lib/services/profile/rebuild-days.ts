import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { hourSizes } from "#db/clickhouse/queries/hour-sizes.ts";
import { rebuildDays as rebuildDaysStatement } from "#db/clickhouse/statements/rebuild-days.ts";
import { nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import type { Stores } from "../context.ts";
import { clearVanished } from "./clear-vanished.ts";
import { valueNamesMax } from "./recompute-buckets.ts";

export interface DayRange {
  workspaceId: string;
  modelId: string;
  fromTime: Date;
  untilTime: Date;
}

/** Bins and names that one statement merges: about 24 hours of 50 features with 1,000 bins each. */
const cellsMax = 1_200_000;

/** Builds the profiles of days from those of their hours. Safe to run twice. */
export async function rebuildDays(
  stores: Stores,
  range: DayRange,
  signal?: AbortSignal,
): Promise<void> {
  const { workspaceId, modelId } = range;
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  const sizes = await ch.query(
    hourSizes,
    { modelId, fromTime: range.fromTime, untilTime: range.untilTime },
    signal,
  );
  for (const { fromTime, untilTime, cellCount } of groupDays(range, sizes)) {
    const revision = await nextProfileRevision(stores.postgres.db);
    const params = { modelId, fromTime, untilTime, revision };
    const partCount = Math.max(1, Math.ceil(cellCount / cellsMax));
    for (let part = 0; part < partCount; part += 1) {
      const merged = { ...params, part, partCount, valueNamesMax: valueNamesMax["1d"] };
      await runStatement(stores.clickhouse, workspaceId, rebuildDaysStatement, merged, signal);
    }
    await clearVanished(stores, workspaceId, { ...params, grain: "1d" }, signal);
  }
}

interface DayGroup {
  fromTime: Date;
  untilTime: Date;
  cellCount: number;
}

/** Neighbouring days, as many as one statement can take; together they cover the whole range. */
function groupDays(
  range: DayRange,
  sizes: readonly { daySeconds: number; cellCount: number }[],
): DayGroup[] {
  const groups: DayGroup[] = [];
  let fromTime = range.fromTime;
  let cellCount = 0;
  for (const day of sizes) {
    if (cellCount > 0 && cellCount + day.cellCount > cellsMax) {
      const untilTime = new Date(day.daySeconds * 1000);
      groups.push({ fromTime, untilTime, cellCount });
      fromTime = untilTime;
      cellCount = 0;
    }
    cellCount += day.cellCount;
  }
  if (fromTime.getTime() < range.untilTime.getTime())
    groups.push({ fromTime, untilTime: range.untilTime, cellCount });
  return groups;
}
