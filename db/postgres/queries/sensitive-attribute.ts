import { and, eq, sql } from "drizzle-orm";
import { segmentLimits } from "#lib/domain/limits.ts";
import { models, segmentKeys } from "../schema/models.ts";
import type { PostgresScope } from "../scope.ts";

/** The declared keys of a model and which of them are sensitive, in the order of their declaration. */
export function listAttributeRows(scope: PostgresScope, modelId: string) {
  return scope.pg
    .select({
      key: segmentKeys.key,
      isSensitive: segmentKeys.isSensitive,
      referenceValue: segmentKeys.referenceValue,
    })
    .from(segmentKeys)
    .innerJoin(models, eq(models.id, segmentKeys.modelId))
    .where(and(eq(segmentKeys.modelId, modelId), eq(models.workspaceId, scope.workspaceId)))
    .orderBy(segmentKeys.createdAt, segmentKeys.key)
    .limit(segmentLimits.keysMax);
}

export async function updateAttributeRow(
  scope: PostgresScope,
  modelId: string,
  key: string,
  values: { isSensitive: boolean; referenceValue: string | null },
): Promise<void> {
  const isOwn = sql`EXISTS (SELECT 1 FROM ${models} WHERE ${models.id} = ${segmentKeys.modelId} AND ${models.workspaceId} = ${scope.workspaceId})`;
  await scope.pg
    .update(segmentKeys)
    .set(values)
    .where(and(eq(segmentKeys.modelId, modelId), eq(segmentKeys.key, key), isOwn));
}
