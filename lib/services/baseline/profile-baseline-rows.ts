import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { baselineNames, coarseBaselineProfiles } from "#db/clickhouse/queries/baseline-names.ts";
import { baselineResolutions } from "#db/clickhouse/queries/value-resolutions.ts";
import { profileBaseline } from "#db/clickhouse/statements/profile-baseline.ts";
import type { ProfileKeyParams } from "#db/clickhouse/statements/profile-keys.ts";
import { nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import type { Stores } from "../context.ts";
import { keysTooCoarse, needsSample, workingKeys } from "../profile/working-keys.ts";

const valueNamesMax = 10_000;

export interface BaselineKey {
  workspaceId: string;
  modelId: string;
  baselineId: string;
}

/** Brings a baseline's profiles to what its rows say, on the grid that windows use. Safe to run twice. Answers the rows. */
export async function profileBaselineRows(
  stores: Stores,
  key: BaselineKey,
  signal?: AbortSignal,
): Promise<number> {
  const { workspaceId, modelId, baselineId } = key;
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  const revision = await nextProfileRevision(stores.postgres.db);
  const [names] = await ch.query(baselineNames, { modelId, baselineId }, signal);
  if (names === undefined || names.rowCount === 0) return 0;
  const { rowCount, features, classes } = names;
  const sampled = needsSample(rowCount)
    ? await ch.query(baselineResolutions, { modelId, baselineId }, signal)
    : [];
  const write = (keys: ProfileKeyParams) =>
    runStatement(
      stores.clickhouse,
      workspaceId,
      profileBaseline,
      { ...keys, modelId, baselineId, valueNamesMax, revision },
      signal,
    );
  const keys = workingKeys({ features, classes, ages: [] }, sampled, rowCount);
  await write(keys);
  if (sampled.length > 0) {
    const coarse = await ch.query(
      coarseBaselineProfiles,
      { modelId, baselineId, revision },
      signal,
    );
    const again = keysTooCoarse(keys, coarse);
    if (again !== null) await write(again);
  }
  return rowCount;
}
