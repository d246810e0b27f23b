import type { ScopedClickHouse } from "#db/clickhouse/define-query.ts";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { insertBucketProfiles } from "#db/clickhouse/inserts/profile-rows.ts";
import { bucketGroups } from "#db/clickhouse/queries/bucket-groups.ts";
import type { SparseColumn } from "#db/clickhouse/queries/counted-rows.ts";
import {
  countedBytes,
  predictionsToCount,
  sparseColumns,
} from "#db/clickhouse/queries/counted-rows.ts";
import type { ProfiledFeature } from "#db/postgres/queries/profile-work.ts";
import { listProfiledNames, nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { segmentLimits } from "#lib/domain/limits.ts";
import type { Stores } from "../context.ts";
import { listProfiledValues } from "../segment/list-profiled-values.ts";
import { bucketProfiles } from "./bucket-profiles.ts";
import { clearVanished } from "./clear-vanished.ts";
import type { SegmentCut } from "./count-in-parts.ts";
import { countInParts, cutParams } from "./count-in-parts.ts";
import type { RecomputeBatch } from "./plan-recompute.ts";
import { cutBatch, featureParts, planRecompute } from "./plan-recompute.ts";

/** What one scan answers: so much is written and read again before it is given up by any cache. */
const answerBytes = 96 * 2 ** 20;

export interface BucketRange {
  workspaceId: string;
  modelId: string;
  /** Days are built from hours: see rebuild-days. */
  grain: Exclude<Grain, "1d">;
  fromTime: Date;
  untilTime: Date;
}

/** Values kept by name in one bucket; the rarer ones are only a sum there. */
export const valueNamesMax: Record<Grain, number> = { "5m": 1_000, "1h": 2_000, "1d": 10_000 };

/** Brings the profiles of every bucket of the range to what the raw rows say now. Safe to run twice, and beside itself.
 *  Answers how many raw rows it read. */
export async function recomputeBuckets(
  stores: Stores,
  range: BucketRange,
  signal?: AbortSignal,
): Promise<number> {
  const { workspaceId, modelId, grain, fromTime, untilTime } = range;
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  // Drawn before the first raw row is read: of two runs, the one that began later has seen at least as much.
  const revision = await nextProfileRevision(stores.postgres.db);
  const { features, segmentKeys } = await listProfiledNames(stores.postgres.db, modelId);
  const featureCount = features.length;
  const known = columnsOfFeatures(features);
  const looked = sparseColumns.filter((column) => !known.includes(column));
  const window = { modelId, grain, fromTime, untilTime };
  const groups = await ch.query(bucketGroups, { ...window, looked }, signal);
  const batches = planRecompute({ grain, fromTime, untilTime, groups, featureCount });
  for (const batch of batches.filter(({ rowCount }) => rowCount > 0)) {
    const cuts = await listCuts(ch, { modelId, ...batch }, segmentKeys, signal);
    const present = [...new Set([...known, ...batch.groups.flatMap((group) => group.present)])];
    await recomputeBatch({
      stores,
      ch,
      range,
      batch,
      cuts,
      present,
      featureCount,
      revision,
      signal,
    });
  }
  await clearVanished(stores, workspaceId, { ...window, revision }, signal);
  return batches.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

/** What is asked for without a look whether some row has it, since to look is dear there: where features of a kind are known, their column. */
function columnsOfFeatures(features: readonly ProfiledFeature[]): SparseColumn[] {
  const columns: SparseColumn[] = [];
  if (features.some(({ type }) => type === "categorical" || type === "text"))
    columns.push("stringFeatures");
  if (features.some(({ type }) => type === "boolean")) columns.push("booleanFeatures");
  return columns;
}

async function listCuts(
  ch: ScopedClickHouse,
  { modelId, fromTime, untilTime }: { modelId: string; fromTime: Date; untilTime: Date },
  segmentKeys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<SegmentCut[]> {
  const cuts: SegmentCut[] = [];
  for (const segmentKey of segmentKeys.slice(0, segmentLimits.keysMax)) {
    const window = { modelId, fromTime, untilTime };
    cuts.push({ segmentKey, values: await listProfiledValues(ch, window, segmentKey, signal) });
  }
  return cuts;
}

interface BatchWork {
  stores: Stores;
  ch: ScopedClickHouse;
  range: BucketRange;
  batch: RecomputeBatch;
  cuts: readonly SegmentCut[];
  present: readonly SparseColumn[];
  featureCount: number;
  revision: number;
  signal: AbortSignal | undefined;
}

async function recomputeBatch(work: BatchWork): Promise<void> {
  const { stores, ch, range, batch, cuts, present, featureCount, revision, signal } = work;
  const { workspaceId, modelId, grain } = range;
  const { fromTime, groups, rowCount } = batch;
  const environments = [...new Set(groups.map((group) => group.environment))];
  const versions = [...new Set(groups.map((group) => group.version))];
  const stretches = cutBatch(
    batch,
    grain,
    Math.ceil(countedBytes({ rowCount, featureCount }) / answerBytes),
  );
  const params = {
    modelId,
    grain,
    firstTime: fromTime,
    environments,
    versions,
    present: [...present],
    featureCount,
    rowCount: Math.ceil(rowCount / stretches.length),
    ...cutParams(cuts),
  };
  const scan = async function* () {
    for (const stretch of stretches)
      yield* ch.scanColumns(predictionsToCount, { ...params, ...stretch }, signal);
  };
  const valueCounts = cuts.map(({ values }) => values.length);
  await countInParts({
    scan,
    cuts,
    partCount: featureParts(groups, featureCount, valueCounts),
    valueNamesMax: valueNamesMax[grain],
    write: (profiles) =>
      insertBucketProfiles(
        stores.clickhouse,
        { workspaceId, modelId, grain, revision },
        bucketProfiles(profiles, { grain, fromTime, environments, versions }),
        signal,
      ),
  });
}
