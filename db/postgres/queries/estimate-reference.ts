import { and, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import type { Task } from "#lib/domain/model.ts";
import type { Postgres } from "../client.ts";
import { baselines, models } from "../schema/models.ts";
import { estimateReferences } from "../schema/performance.ts";
import type { PostgresScope } from "../scope.ts";

export interface EstimateReferenceKey {
  baselineId: string;
  task: Task;
  /** A reference of another method is as good as none. */
  method: number;
}

const owned = (workspaceId: string, { baselineId, task, method }: EstimateReferenceKey) =>
  and(
    eq(estimateReferences.workspaceId, workspaceId),
    eq(estimateReferences.baselineId, baselineId),
    eq(estimateReferences.task, task),
    eq(estimateReferences.method, method),
  );

/** What was learned from a baseline, without what only the worker needs. Null: not learned yet. */
export async function findEstimateReference(
  { pg, workspaceId }: PostgresScope,
  key: EstimateReferenceKey,
): Promise<{ labelledCount: number; reference: unknown } | null> {
  const [found] = await pg
    .select({
      labelledCount: estimateReferences.labelledCount,
      reference: estimateReferences.reference,
    })
    .from(estimateReferences)
    .where(owned(workspaceId, key))
    .limit(1);
  return found ?? null;
}

/** What the worker estimates rows with. Null: nothing was learned, or nothing is needed. */
export async function findEstimateModel(
  { pg, workspaceId }: PostgresScope,
  key: EstimateReferenceKey,
): Promise<unknown> {
  const [found] = await pg
    .select({ model: estimateReferences.model })
    .from(estimateReferences)
    .where(owned(workspaceId, key))
    .limit(1);
  return found?.model ?? null;
}

export type EstimateReferenceRow = typeof estimateReferences.$inferInsert;

export async function upsertEstimateReference(
  pg: Postgres,
  row: EstimateReferenceRow,
): Promise<void> {
  await pg
    .insert(estimateReferences)
    .values(row)
    .onConflictDoUpdate({
      target: [estimateReferences.baselineId, estimateReferences.task],
      set: {
        method: sql`excluded.method`,
        labelledCount: sql`excluded.labelled_count`,
        reference: sql`excluded.reference`,
        model: sql`excluded.model`,
        learnedAt: sql`excluded.learned_at`,
      },
    });
}

const baselinesMax = 100;

/** Active baselines that nothing was learned from for their model's task yet, of every workspace; for the worker alone. */
export function listBaselinesToLearn(
  pg: Postgres,
  { tasks, method }: { tasks: readonly Task[]; method: number },
): Promise<{ workspaceId: string; baselineId: string }[]> {
  return pg
    .select({ workspaceId: baselines.workspaceId, baselineId: baselines.id })
    .from(baselines)
    .innerJoin(models, eq(models.id, baselines.modelId))
    .leftJoin(
      estimateReferences,
      and(
        eq(estimateReferences.baselineId, baselines.id),
        eq(estimateReferences.task, models.task),
        eq(estimateReferences.method, method),
      ),
    )
    .where(
      and(
        eq(baselines.isActive, true),
        eq(baselines.state, "ready"),
        inArray(models.task, [...tasks]),
        isNull(estimateReferences.baselineId),
      ),
    )
    .orderBy(baselines.createdAt)
    .limit(baselinesMax);
}

const modelsMax = 1_000;

/** Models of every workspace whose rows are estimated hour by hour; for the worker alone. */
export function listModelsToEstimate(
  pg: Postgres,
  method: number,
): Promise<{ workspaceId: string; modelId: string }[]> {
  return pg
    .selectDistinct({
      workspaceId: estimateReferences.workspaceId,
      modelId: estimateReferences.modelId,
    })
    .from(estimateReferences)
    .innerJoin(models, eq(models.id, estimateReferences.modelId))
    .where(
      and(
        eq(estimateReferences.method, method),
        eq(estimateReferences.task, models.task),
        isNotNull(estimateReferences.model),
      ),
    )
    .limit(modelsMax);
}
