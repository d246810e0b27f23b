import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { hourPredictions } from "#db/clickhouse/queries/hour-predictions.ts";
import { offlinePresence } from "#db/clickhouse/queries/row-presence.ts";
import { clearVanishedSkew } from "#db/clickhouse/statements/clear-vanished-skew.ts";
import { rebuildSkewDays } from "#db/clickhouse/statements/rebuild-skew-days.ts";
import { recomputeSkew, recomputeSkewTotals } from "#db/clickhouse/statements/recompute-skew.ts";
import { listProfiledNames, nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import { segmentLimits } from "#lib/domain/limits.ts";
import type { Stores } from "../context.ts";
import { listProfiledValues } from "../segment/list-profiled-values.ts";
import { readTolerances, toleranceParamsOf } from "./read-tolerances.ts";

export interface SkewRange {
  workspaceId: string;
  modelId: string;
  /** Whole hours, or whole days where days are rebuilt. */
  fromTime: Date;
  untilTime: Date;
}

/** Predictions that one statement joins in memory with their offline rows; an hour with more stands alone. */
const rowsPerStatement = 200_000;

/** Brings the skew of every hour of the range to what predictions and offline rows say now. Safe to run twice, and beside
 *  itself. A model that was never sent an offline row costs a look. Answers how many predictions it read. */
export async function recomputeSkewHours(
  stores: Stores,
  range: SkewRange,
  signal?: AbortSignal,
): Promise<number> {
  if (!(await hasOfflineRows(stores, range, signal))) return 0;
  const { workspaceId, modelId, fromTime, untilTime } = range;
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  const hours = await ch.query(hourPredictions, { modelId, fromTime, untilTime }, signal);
  const { segmentKeys } = await listProfiledNames(stores.postgres.db, modelId);
  const tolerances = await readTolerances({ pg: stores.postgres.db, workspaceId }, modelId);
  const keys = ["", ...segmentKeys.slice(0, segmentLimits.keysMax)];
  for (const stretch of cutHours(range, hours)) {
    const write = async (params: ReplaceParams) => {
      for (const segmentKey of keys) {
        const segmentValues = await listProfiledValues(ch, params, segmentKey, signal);
        const asked = { ...params, segmentKey, segmentValues };
        await runStatement(stores.clickhouse, workspaceId, recomputeSkewTotals, asked, signal);
        const compared = { ...asked, ...toleranceParamsOf(tolerances) };
        await runStatement(stores.clickhouse, workspaceId, recomputeSkew, compared, signal);
      }
    };
    await replace(stores, { ...range, ...stretch }, { grain: "1h", write, signal });
  }
  return hours.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

/** Neighbouring hours, as many as one statement can take; together they cover the whole range. */
export function cutHours(
  { fromTime, untilTime }: Pick<SkewRange, "fromTime" | "untilTime">,
  hours: readonly { hourSeconds: number; rowCount: number }[],
): Pick<SkewRange, "fromTime" | "untilTime">[] {
  const borders = [fromTime];
  let held = 0;
  for (const { hourSeconds, rowCount } of hours) {
    if (held > 0 && held + rowCount > rowsPerStatement) {
      borders.push(new Date(hourSeconds * 1000));
      held = 0;
    }
    held += rowCount;
  }
  return borders.map((from, i) => ({ fromTime: from, untilTime: borders[i + 1] ?? untilTime }));
}

/** Builds the skew of days from that of their hours. Safe to run twice. */
export async function rebuildSkewOfDays(
  stores: Stores,
  range: SkewRange,
  signal?: AbortSignal,
): Promise<void> {
  if (!(await hasOfflineRows(stores, range, signal))) return;
  const write = (params: ReplaceParams) =>
    runStatement(stores.clickhouse, range.workspaceId, rebuildSkewDays, params, signal);
  await replace(stores, range, { grain: "1d", write, signal });
}

type ReplaceParams = Omit<SkewRange, "workspaceId"> & { revision: number };

async function replace(
  stores: Stores,
  { workspaceId, modelId, fromTime, untilTime }: SkewRange,
  {
    grain,
    write,
    signal,
  }: {
    grain: "1h" | "1d";
    write: (params: ReplaceParams) => Promise<unknown>;
    signal: AbortSignal | undefined;
  },
): Promise<void> {
  // Drawn before the first raw row is read: of two runs, the one that began later has seen at least as much.
  const revision = await nextProfileRevision(stores.postgres.db);
  const params = { modelId, fromTime, untilTime, revision };
  await write(params);
  const cleared = { ...params, grain };
  await runStatement(stores.clickhouse, workspaceId, clearVanishedSkew, cleared, signal);
}

async function hasOfflineRows(
  { clickhouse }: Stores,
  { workspaceId, modelId }: SkewRange,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const ch = scopeClickHouse(clickhouse, workspaceId);
  const [found] = await ch.query(offlinePresence, { modelId }, signal);
  return found?.isPresent ?? false;
}
