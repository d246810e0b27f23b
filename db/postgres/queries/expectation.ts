import { and, desc, eq, sql } from "drizzle-orm";
import type { DeclaredExpectation, FreshnessObjective } from "#lib/domain/quality.ts";
import type { DeclaredTolerance } from "#lib/domain/skew.ts";
import { auditLog } from "../schema/keys.ts";
import { featureExpectations, freshnessObjectives } from "../schema/quality.ts";
import type { PostgresScope } from "../scope.ts";

const expectationsMax = 5_000;

/** What people declared of a model's features. */
export function listExpectationRows(scope: PostgresScope, modelId: string) {
  return scope.pg
    .select({
      feature: featureExpectations.feature,
      declared: featureExpectations.declared,
      provenance: featureExpectations.provenance,
      updatedAt: featureExpectations.updatedAt,
    })
    .from(featureExpectations)
    .where(
      and(
        eq(featureExpectations.workspaceId, scope.workspaceId),
        eq(featureExpectations.modelId, modelId),
      ),
    )
    .orderBy(featureExpectations.feature)
    .limit(expectationsMax);
}

export async function findExpectationRow(scope: PostgresScope, modelId: string, feature: string) {
  const rows = await scope.pg
    .select({
      declared: featureExpectations.declared,
      provenance: featureExpectations.provenance,
    })
    .from(featureExpectations)
    .where(
      and(
        eq(featureExpectations.workspaceId, scope.workspaceId),
        eq(featureExpectations.modelId, modelId),
        eq(featureExpectations.feature, feature),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

/** By how much numbers of single features may differ and still match, where a person said so. */
export function listSkewTolerances(scope: PostgresScope, modelId: string) {
  const tolerance = sql<DeclaredTolerance>`${featureExpectations.declared}->'skewTolerance'`;
  return scope.pg
    .select({ feature: featureExpectations.feature, tolerance })
    .from(featureExpectations)
    .where(
      and(
        eq(featureExpectations.workspaceId, scope.workspaceId),
        eq(featureExpectations.modelId, modelId),
        sql`${featureExpectations.declared} ? 'skewTolerance'`,
      ),
    )
    .orderBy(featureExpectations.feature)
    .limit(expectationsMax);
}

export async function upsertExpectation(
  scope: PostgresScope,
  row: {
    modelId: string;
    feature: string;
    declared: DeclaredExpectation;
    provenance: "declared" | "confirmed";
    updatedAt: Date;
  },
): Promise<void> {
  await scope.pg
    .insert(featureExpectations)
    .values({ workspaceId: scope.workspaceId, ...row })
    .onConflictDoUpdate({
      target: [featureExpectations.modelId, featureExpectations.feature],
      set: {
        declared: sql`excluded.declared`,
        provenance: sql`excluded.provenance`,
        updatedAt: sql`excluded.updated_at`,
      },
      setWhere: eq(featureExpectations.workspaceId, scope.workspaceId),
    });
}

export async function deleteExpectation(
  scope: PostgresScope,
  modelId: string,
  feature: string,
): Promise<void> {
  await scope.pg
    .delete(featureExpectations)
    .where(
      and(
        eq(featureExpectations.workspaceId, scope.workspaceId),
        eq(featureExpectations.modelId, modelId),
        eq(featureExpectations.feature, feature),
      ),
    );
}

const historyMax = 20;

/** The changes of one target, newest first, as the audit log has them. */
export function listTargetHistory(scope: PostgresScope, targetKind: string, targetId: string) {
  return scope.pg
    .select({
      at: auditLog.at,
      actorKind: auditLog.actorKind,
      actorId: auditLog.actorId,
      before: auditLog.before,
      after: auditLog.after,
    })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.workspaceId, scope.workspaceId),
        eq(auditLog.targetKind, targetKind),
        eq(auditLog.targetId, targetId),
      ),
    )
    .orderBy(desc(auditLog.at))
    .limit(historyMax);
}

export async function findFreshnessObjective(
  scope: PostgresScope,
  modelId: string,
): Promise<FreshnessObjective | null> {
  const rows = await scope.pg
    .select({ ageMs: freshnessObjectives.ageMs, share: freshnessObjectives.share })
    .from(freshnessObjectives)
    .where(
      and(
        eq(freshnessObjectives.workspaceId, scope.workspaceId),
        eq(freshnessObjectives.modelId, modelId),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

/** Null takes the objective away. */
export async function putFreshnessObjective(
  scope: PostgresScope,
  modelId: string,
  objective: FreshnessObjective | null,
  updatedAt: Date,
): Promise<void> {
  if (objective === null) {
    await scope.pg
      .delete(freshnessObjectives)
      .where(
        and(
          eq(freshnessObjectives.workspaceId, scope.workspaceId),
          eq(freshnessObjectives.modelId, modelId),
        ),
      );
    return;
  }
  await scope.pg
    .insert(freshnessObjectives)
    .values({ workspaceId: scope.workspaceId, modelId, ...objective, updatedAt })
    .onConflictDoUpdate({
      target: freshnessObjectives.modelId,
      set: {
        ageMs: sql`excluded.age_ms`,
        share: sql`excluded.share`,
        updatedAt: sql`excluded.updated_at`,
      },
      setWhere: eq(freshnessObjectives.workspaceId, scope.workspaceId),
    });
}
