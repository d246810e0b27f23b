import type { ScopedClickHouse } from "#db/clickhouse/define-query.ts";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { bucketGroups } from "#db/clickhouse/queries/bucket-groups.ts";
import { bucketNames } from "#db/clickhouse/queries/bucket-names.ts";
import { coarseProfiles } from "#db/clickhouse/queries/coarse-profiles.ts";
import { valueResolutions } from "#db/clickhouse/queries/value-resolutions.ts";
import { clearVanishedProfiles } from "#db/clickhouse/statements/clear-vanished-profiles.ts";
import type { ProfileKeyParams, ValueKind } from "#db/clickhouse/statements/profile-keys.ts";
import { finestResolution, valueKinds } from "#db/clickhouse/statements/profile-keys.ts";
import { unlistedNameMessage } from "#db/clickhouse/statements/profile-select.ts";
import { recomputeProfiles } from "#db/clickhouse/statements/recompute-profiles.ts";
import { listProfiledNames, nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { segmentLimits } from "#lib/domain/limits.ts";
import type { Stores } from "../context.ts";
import { listProfiledValues } from "../segment/list-profiled-values.ts";
import type { RecomputeBatch } from "./plan-recompute.ts";
import {
  featuresPerExactStatement,
  featuresPerStatement,
  planRecompute,
  sampleRowsOf,
} from "./plan-recompute.ts";
import { keysTooCoarse, needsSample, workingKeys } from "./working-keys.ts";
import { isOutOfMemory, writeInParts } from "./write-in-parts.ts";

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
  const groups = await ch.query(bucketGroups, { modelId, grain, fromTime, untilTime }, signal);
  const { featureNames, segmentKeys } = await listProfiledNames(stores.postgres.db, modelId);
  const batches = planRecompute({
    grain,
    fromTime,
    untilTime,
    groups,
    featureCount: featureNames.length,
  });
  for (const batch of batches.filter(({ rowCount }) => rowCount > 0)) {
    for (const segmentKey of ["", ...segmentKeys.slice(0, segmentLimits.keysMax)]) {
      await recomputeBatch({
        stores,
        ch,
        range,
        batch,
        segmentKey,
        featureNames,
        revision,
        signal,
      });
    }
  }
  const cleared = { modelId, grain, fromTime, untilTime, revision };
  await runStatement(stores.clickhouse, workspaceId, clearVanishedProfiles, cleared, signal);
  return batches.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

interface BatchWork {
  stores: Stores;
  ch: ScopedClickHouse;
  range: BucketRange;
  batch: RecomputeBatch;
  segmentKey: string;
  featureNames: readonly string[];
  revision: number;
  signal: AbortSignal | undefined;
}

async function recomputeBatch(work: BatchWork): Promise<void> {
  const { ch, range, batch, segmentKey, signal } = work;
  const window = { modelId: range.modelId, fromTime: batch.fromTime, untilTime: batch.untilTime };
  const segments = await listProfiledValues(ch, window, segmentKey, signal);
  const featuresMax = featuresPerStatement(batch.groups, segments.length);
  const writeAll = async (withFeatures: boolean) => {
    const keys = await listKeys(work, withFeatures);
    const write = (part: ProfileKeyParams) => writeProfiles(work, part, segments, batch.groups);
    await (withFeatures ? writeInParts(keys, featuresMax, write) : write(keys));
    return keys;
  };
  // The registered names are at hand, and all together notice a feature that is none of them; parts need the names of the rows.
  const written = await writeAll(work.featureNames.length > featuresMax).catch((error: unknown) => {
    if (isUnlistedName(error) || isOutOfMemory(error)) return writeAll(true);
    throw error;
  });
  await refine(work, written, segments);
}

/** Rows seen by no sample, or a group that is small beside others, can leave profiles coarser than they may be. Those keys of
 *  those versions alone are counted again, value by value. */
async function refine(
  work: BatchWork,
  keys: ProfileKeyParams,
  segments: readonly string[],
): Promise<void> {
  if (keys.resolutions.every((resolution) => resolution === finestResolution)) return;
  const { ch, range, batch, segmentKey, revision, signal } = work;
  const { modelId, grain } = range;
  const { fromTime, untilTime } = batch;
  const coarse = await ch.query(
    coarseProfiles,
    { modelId, grain, segmentKey, fromTime, untilTime, revision },
    signal,
  );
  const versions = new Map(
    coarse.map(({ environment, version }) => [
      `${environment}\u0000${version}`,
      { environment, version },
    ]),
  );
  for (const { environment, version } of versions.values()) {
    const isOwn = (row: { environment: string; version: string }) =>
      row.environment === environment && row.version === version;
    const again = keysTooCoarse(keys, coarse.filter(isOwn));
    const groups = batch.groups.filter(isOwn);
    if (again === null) continue;
    await writeInParts(again, featuresPerExactStatement(groups), (part) =>
      writeProfiles(work, part, segments, groups),
    );
  }
}

async function listKeys(work: BatchWork, withFeatures: boolean): Promise<ProfileKeyParams> {
  const { ch, range, batch, featureNames, signal } = work;
  const window = { modelId: range.modelId, fromTime: batch.fromTime, untilTime: batch.untilTime };
  const [names] = await ch.query(bucketNames, { ...window, withFeatures }, signal);
  const largest = Math.max(...batch.groups.map((group) => group.rowCount));
  const sampleRows = sampleRowsOf(featureNames.length);
  const sampled = needsSample(largest)
    ? await ch.query(valueResolutions, { ...window, sampleRows }, signal)
    : [];
  const features = [...new Set([...featureNames, ...(names?.features ?? [])])];
  return workingKeys(
    {
      features,
      classes: names?.classes ?? [],
      ages: names?.ages ?? [],
      kinds: kindsOf(batch.groups),
    },
    sampled,
    largest,
  );
}

async function writeProfiles(
  work: BatchWork,
  keys: ProfileKeyParams,
  segmentValues: readonly string[],
  groups: RecomputeBatch["groups"],
): Promise<void> {
  const { stores, range, batch, segmentKey, revision, signal } = work;
  await runStatement(
    stores.clickhouse,
    range.workspaceId,
    recomputeProfiles,
    {
      ...keys,
      modelId: range.modelId,
      grain: range.grain,
      fromTime: batch.fromTime,
      untilTime: batch.untilTime,
      segmentKey,
      segmentValues: [...segmentValues],
      environments: [...new Set(groups.map((group) => group.environment))],
      versions: [...new Set(groups.map((group) => group.version))],
      revision,
      valueNamesMax: valueNamesMax[range.grain],
    },
    signal,
  );
}

function kindsOf(groups: RecomputeBatch["groups"]): ValueKind[] {
  const has: Record<ValueKind, boolean> = {
    strings: groups.some((group) => group.hasStrings === 1),
    labels: groups.some((group) => group.hasLabels === 1),
    booleans: groups.some((group) => group.hasBooleans === 1),
    nulls: groups.some((group) => group.hasNulls === 1),
  };
  return valueKinds.filter((kind) => has[kind]);
}

const isUnlistedName = (error: unknown): boolean =>
  error instanceof Error && error.message.includes(unlistedNameMessage);
