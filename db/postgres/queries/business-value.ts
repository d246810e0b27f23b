import { and, eq, sql } from "drizzle-orm";
import type { BusinessValue } from "#lib/domain/performance.ts";
import { businessValues } from "../schema/performance.ts";
import type { PostgresScope } from "../scope.ts";

const owned = (workspaceId: string, modelId: string) =>
  and(eq(businessValues.workspaceId, workspaceId), eq(businessValues.modelId, modelId));

/** What the outcomes of a model are worth; null where nobody said. */
export async function findBusinessValue(
  { pg, workspaceId }: PostgresScope,
  modelId: string,
): Promise<BusinessValue | null> {
  const [found] = await pg
    .select({
      truePositive: businessValues.truePositive,
      falsePositive: businessValues.falsePositive,
      falseNegative: businessValues.falseNegative,
      trueNegative: businessValues.trueNegative,
      unit: businessValues.unit,
    })
    .from(businessValues)
    .where(owned(workspaceId, modelId))
    .limit(1);
  return found ?? null;
}

export async function putBusinessValue(
  { pg, workspaceId }: PostgresScope,
  modelId: string,
  value: BusinessValue | null,
  updatedAt: Date,
): Promise<void> {
  if (value === null) {
    await pg.delete(businessValues).where(owned(workspaceId, modelId));
    return;
  }
  await pg
    .insert(businessValues)
    .values({ modelId, workspaceId, ...value, updatedAt })
    .onConflictDoUpdate({
      target: businessValues.modelId,
      set: {
        truePositive: sql`excluded.true_positive`,
        falsePositive: sql`excluded.false_positive`,
        falseNegative: sql`excluded.false_negative`,
        trueNegative: sql`excluded.true_negative`,
        unit: sql`excluded.unit`,
        updatedAt: sql`excluded.updated_at`,
      },
    });
}
