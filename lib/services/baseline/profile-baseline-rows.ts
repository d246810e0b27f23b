import type { ScopedClickHouse } from "#db/clickhouse/define-query.ts";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { insertBaselineProfiles } from "#db/clickhouse/inserts/profile-rows.ts";
import { baselineSize } from "#db/clickhouse/queries/baseline-size.ts";
import { baselineLabelsToCount, baselineToCount } from "#db/clickhouse/queries/counted-rows.ts";
import { baselineSegmentValues } from "#db/clickhouse/queries/segment-values.ts";
import { nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import type { Stores } from "../context.ts";
import type { CountedProfile, SegmentCut } from "../profile/count-in-parts.ts";
import { countInParts, cutParams } from "../profile/count-in-parts.ts";
import { featureParts } from "../profile/plan-recompute.ts";

const valueNamesMax = 10_000;

export interface BaselineKey {
  workspaceId: string;
  modelId: string;
  baselineId: string;
}

/** Brings a baseline's profiles to what its rows say, on the grid that windows use: of all rows, and of every value of each of
 *  these tags. Safe to run twice. Answers the rows. */
export async function profileBaselineRows(
  stores: Stores,
  key: BaselineKey,
  signal?: AbortSignal,
  segmentKeys: readonly string[] = [],
): Promise<number> {
  const { workspaceId, modelId, baselineId } = key;
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  const revision = await nextProfileRevision(stores.postgres.db);
  const [size] = await ch.query(baselineSize, { modelId, baselineId }, signal);
  if (size === undefined || size.rowCount === 0) return 0;
  const { rowCount, featureCount } = size;
  const cuts = await listCuts(ch, { modelId, baselineId }, segmentKeys, signal);
  const params = {
    modelId,
    baselineId,
    featureCount,
    rowCount,
    ...cutParams(cuts),
  };
  const valueCounts = cuts.map(({ values }) => values.length);
  const write = (profiles: readonly CountedProfile[]) =>
    insertBaselineProfiles(stores.clickhouse, { ...key, revision }, profiles, signal);
  await countInParts({
    scan: () => ch.scanColumns(baselineToCount, params, signal),
    cuts,
    partCount: featureParts([{ rowCount }], featureCount, valueCounts),
    valueNamesMax,
    write,
  });
  await countInParts({
    scan: () => ch.scanColumns(baselineLabelsToCount, { modelId, baselineId }, signal),
    cuts: [],
    partCount: 1,
    valueNamesMax,
    subject: "label",
    write,
  });
  return rowCount;
}

async function listCuts(
  ch: ScopedClickHouse,
  place: { modelId: string; baselineId: string },
  segmentKeys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<SegmentCut[]> {
  const cuts: SegmentCut[] = [];
  for (const segmentKey of segmentKeys) {
    const values = await ch.query(baselineSegmentValues, { ...place, segmentKey }, signal);
    cuts.push({ segmentKey, values: values.map(({ value }) => value) });
  }
  return cuts;
}
