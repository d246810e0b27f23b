import { and, eq, sql } from "drizzle-orm";
import { segmentLimits } from "#lib/domain/limits.ts";
import { baselines, models, segmentKeys } from "../schema/models.ts";
import type { PostgresScope } from "../scope.ts";

const owned = (scope: PostgresScope, modelId: string) =>
  and(eq(segmentKeys.modelId, modelId), eq(models.workspaceId, scope.workspaceId));

/** The declared keys of a model, in the order of their declaration. */
export function listSegmentKeyRows(scope: PostgresScope, modelId: string) {
  return scope.pg
    .select({ key: segmentKeys.key, createdAt: segmentKeys.createdAt })
    .from(segmentKeys)
    .innerJoin(models, eq(models.id, segmentKeys.modelId))
    .where(owned(scope, modelId))
    .orderBy(segmentKeys.createdAt, segmentKeys.key)
    .limit(segmentLimits.keysMax);
}

/** Lets nobody else change the model's keys until the transaction ends: two that declare at once count each other. No row is
 *  locked, since rows of the model go on coming. */
export async function lockSegmentKeys(scope: PostgresScope, modelId: string): Promise<void> {
  const name = `segment keys ${scope.workspaceId} ${modelId}`;
  await scope.pg.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}

/** `modelId` comes from findModelRow, which is scoped; the table has no workspace of its own. */
export async function insertSegmentKey(
  scope: PostgresScope,
  row: { modelId: string; key: string; createdAt: Date },
): Promise<void> {
  await scope.pg.insert(segmentKeys).values(row);
}

export async function deleteSegmentKeyRow(
  scope: PostgresScope,
  modelId: string,
  key: string,
): Promise<void> {
  const isOwn = sql`EXISTS (SELECT 1 FROM ${models} WHERE ${models.id} = ${segmentKeys.modelId} AND ${models.workspaceId} = ${scope.workspaceId})`;
  await scope.pg
    .delete(segmentKeys)
    .where(and(eq(segmentKeys.modelId, modelId), eq(segmentKeys.key, key), isOwn));
}

/** The profiles of a model's baselines by this key count for nothing any more; what failed before is tried again. */
export async function forgetBaselineSegments(
  scope: PostgresScope,
  modelId: string,
  key: string,
): Promise<void> {
  await scope.pg
    .update(baselines)
    .set({
      profiledSegmentKeys: sql`array_remove(${baselines.profiledSegmentKeys}, ${key})`,
      segmentError: null,
    })
    .where(and(eq(baselines.workspaceId, scope.workspaceId), eq(baselines.modelId, modelId)));
}
