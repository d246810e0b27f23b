import { desc, eq, sql } from "drizzle-orm";
import { baselines, features, models, modelVersions } from "../schema/models.ts";
import type { PostgresScope } from "../scope.ts";

const modelsMax = 1_000;
const versionsMax = 20_000;

/** Every model of a workspace with what is known of it without looking at its rows. */
export function listFleetModels({ pg, workspaceId }: PostgresScope) {
  // In a select from one table drizzle writes columns bare, so inside the subqueries the tables are named here.
  return pg
    .select({
      id: models.id,
      name: models.name,
      task: models.task,
      tier: models.tier,
      featureCount: sql<number>`(SELECT count(*)::int FROM ${features} WHERE ${features}.model_id = ${models}.id)`,
      hasBaseline: sql<boolean>`EXISTS (SELECT 1 FROM ${baselines} WHERE ${baselines}.model_id = ${models}.id
        AND ${baselines}.is_active AND ${baselines}.state = 'ready')`,
    })
    .from(models)
    .where(eq(models.workspaceId, workspaceId))
    .orderBy(models.tier, models.name)
    .limit(modelsMax);
}

/** The versions of all models of a workspace, the newest first. */
export function listFleetVersions({ pg, workspaceId }: PostgresScope) {
  return pg
    .select({
      modelId: modelVersions.modelId,
      environment: modelVersions.environment,
      version: modelVersions.version,
      firstSeenAt: modelVersions.firstSeenAt,
      lastSeenAt: modelVersions.lastSeenAt,
    })
    .from(modelVersions)
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .where(eq(models.workspaceId, workspaceId))
    .orderBy(desc(modelVersions.lastSeenAt), modelVersions.version)
    .limit(versionsMax);
}
