import type { ScopedClickHouse } from "#db/clickhouse/define-query.ts";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { baselineNames, coarseBaselineProfiles } from "#db/clickhouse/queries/baseline-names.ts";
import { baselineSegmentValues } from "#db/clickhouse/queries/segment-values.ts";
import { baselineResolutions } from "#db/clickhouse/queries/value-resolutions.ts";
import { profileBaseline } from "#db/clickhouse/statements/profile-baseline.ts";
import type { ProfileKeyParams } from "#db/clickhouse/statements/profile-keys.ts";
import { valueKinds } from "#db/clickhouse/statements/profile-keys.ts";
import { labelKeys, profileBaselineLabels } from "#db/clickhouse/statements/profile-labels.ts";
import { nextProfileRevision } from "#db/postgres/queries/profile-work.ts";
import type { Stores } from "../context.ts";
import {
  featuresPerExactStatement,
  featuresPerStatement,
  sampleRowsOf,
} from "../profile/plan-recompute.ts";
import { keysTooCoarse, needsSample, workingKeys } from "../profile/working-keys.ts";
import { writeInParts } from "../profile/write-in-parts.ts";

const valueNamesMax = 10_000;

const noGroup = {
  bucketSeconds: 0,
  environment: "",
  version: "",
  hasStrings: 0,
  hasLabels: 0,
  hasBooleans: 0,
  hasNulls: 0,
};

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
  segmentKeys: readonly string[] = [""],
): Promise<number> {
  const { workspaceId, modelId, baselineId } = key;
  const ch = scopeClickHouse(stores.clickhouse, workspaceId);
  const revision = await nextProfileRevision(stores.postgres.db);
  const [names] = await ch.query(baselineNames, { modelId, baselineId }, signal);
  if (names === undefined || names.rowCount === 0) return 0;
  const { rowCount, features, classes } = names;
  const sampled = needsSample(rowCount)
    ? await ch.query(
        baselineResolutions,
        { modelId, baselineId, sampleRows: sampleRowsOf(features.length) },
        signal,
      )
    : [];
  for (const segmentKey of segmentKeys) {
    const segments = await listSegments(ch, { modelId, baselineId, segmentKey }, signal);
    const groups = [{ ...noGroup, rowCount }];
    const segmentValues = segments.map(({ value }) => value);
    const write = (part: ProfileKeyParams) => {
      const place = { modelId, baselineId, segmentKey, segmentValues };
      const params = { ...part, ...place, valueNamesMax, revision };
      return runStatement(stores.clickhouse, workspaceId, profileBaseline, params, signal);
    };
    const keys = workingKeys({ features, classes, ages: [], kinds: valueKinds }, sampled, rowCount);
    await writeInParts(keys, featuresPerStatement(groups, segments.length), write);
    if (sampled.length > 0) {
      const coarse = await ch.query(
        coarseBaselineProfiles,
        { modelId, baselineId, segmentKey, revision },
        signal,
      );
      const again = keysTooCoarse(keys, coarse);
      if (again !== null) await writeInParts(again, featuresPerExactStatement(groups), write);
    }
  }
  const labels = { ...labelKeys(), modelId, baselineId, valueNamesMax, revision };
  await runStatement(stores.clickhouse, workspaceId, profileBaselineLabels, labels, signal);
  return rowCount;
}

/** The values of a tag that are profiled apart; of everything the one that all rows share. */
async function listSegments(
  ch: ScopedClickHouse,
  place: { modelId: string; baselineId: string; segmentKey: string },
  signal: AbortSignal | undefined,
): Promise<{ value: string }[]> {
  if (place.segmentKey === "") return [{ value: "" }];
  return ch.query(baselineSegmentValues, place, signal);
}
