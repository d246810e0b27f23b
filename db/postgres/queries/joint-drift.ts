import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { jointDriftResults } from "../schema/joint-drift.ts";
import type { PostgresScope } from "../scope.ts";

export type JointDriftRow = typeof jointDriftResults.$inferInsert;

export async function upsertJointDrift(pg: Postgres, row: JointDriftRow): Promise<void> {
  await pg
    .insert(jointDriftResults)
    .values(row)
    .onConflictDoUpdate({
      target: [
        jointDriftResults.modelId,
        jointDriftResults.environment,
        jointDriftResults.version,
        jointDriftResults.windowUntil,
      ],
      set: {
        baselineId: sql`excluded.baseline_id`,
        result: sql`excluded.result`,
        computedAt: sql`excluded.computed_at`,
      },
    });
}

/** The newest evaluation of a version, however old. */
export async function findNewestJointDrift(
  { pg, workspaceId }: PostgresScope,
  { modelId, environment, version }: { modelId: string; environment: string; version: string },
): Promise<Omit<JointDriftRow, "workspaceId" | "modelId"> | null> {
  const rows = await pg
    .select({
      environment: jointDriftResults.environment,
      version: jointDriftResults.version,
      windowFrom: jointDriftResults.windowFrom,
      windowUntil: jointDriftResults.windowUntil,
      baselineId: jointDriftResults.baselineId,
      result: jointDriftResults.result,
      computedAt: jointDriftResults.computedAt,
    })
    .from(jointDriftResults)
    .where(
      and(
        eq(jointDriftResults.workspaceId, workspaceId),
        eq(jointDriftResults.modelId, modelId),
        eq(jointDriftResults.environment, environment),
        eq(jointDriftResults.version, version),
      ),
    )
    .orderBy(desc(jointDriftResults.windowUntil))
    .limit(1);
  return rows[0] ?? null;
}

export async function deleteJointDriftBefore(pg: Postgres, before: Date): Promise<void> {
  await pg.delete(jointDriftResults).where(lt(jointDriftResults.windowUntil, before));
}
