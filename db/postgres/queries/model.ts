import { and, count, desc, eq, inArray, sql } from "drizzle-orm";
import type { FeatureType, Provenance, Task } from "#lib/domain/model.ts";
import { baselines, features, models, modelVersions } from "../schema/models.ts";
import type { PostgresScope } from "../scope.ts";

const modelLimits = { modelsMax: 1_000, versionsMax: 5_000, featuresMax: 5_000 } as const;

const columns = {
  id: models.id,
  name: models.name,
  description: models.description,
  task: models.task,
  taskProvenance: models.taskProvenance,
  tier: models.tier,
  firstSeenAt: models.firstSeenAt,
};

export function listModelRows(scope: PostgresScope) {
  return scope.pg
    .select({ id: models.id, name: models.name, task: models.task })
    .from(models)
    .where(eq(models.workspaceId, scope.workspaceId))
    .orderBy(models.name)
    .limit(modelLimits.modelsMax);
}

export async function countModels(scope: PostgresScope): Promise<number> {
  const rows = await scope.pg
    .select({ modelCount: count() })
    .from(models)
    .where(eq(models.workspaceId, scope.workspaceId));
  return rows[0]?.modelCount ?? 0;
}

export async function findModelRow(scope: PostgresScope, name: string) {
  const rows = await scope.pg
    .select(columns)
    .from(models)
    .where(and(eq(models.workspaceId, scope.workspaceId), eq(models.name, name)))
    .limit(1);
  return rows[0] ?? null;
}

export async function findModelName(scope: PostgresScope, modelId: string): Promise<string | null> {
  const rows = await scope.pg
    .select({ name: models.name })
    .from(models)
    .where(and(eq(models.workspaceId, scope.workspaceId), eq(models.id, modelId)))
    .limit(1);
  return rows[0]?.name ?? null;
}

/** The names of some models. */
export async function listModelNames(
  scope: PostgresScope,
  modelIds: readonly string[],
): Promise<Map<string, string>> {
  if (modelIds.length === 0) return new Map();
  const rows = await scope.pg
    .select({ id: models.id, name: models.name })
    .from(models)
    .where(and(eq(models.workspaceId, scope.workspaceId), inArray(models.id, [...modelIds])))
    .limit(modelIds.length);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Newest first. `modelId` comes from findModelRow, which is scoped; these tables have no workspace of their own. */
export function listVersionRows(scope: PostgresScope, modelId: string) {
  return scope.pg
    .select({
      environment: modelVersions.environment,
      version: modelVersions.version,
      firstSeenAt: modelVersions.firstSeenAt,
      lastSeenAt: modelVersions.lastSeenAt,
      hasBaseline: sql<boolean>`EXISTS (SELECT 1 FROM ${baselines} WHERE ${baselines.modelId} = ${modelVersions.modelId}
        AND ${baselines.version} = ${modelVersions.version} AND ${baselines.isActive} AND ${baselines.state} = 'ready')`,
    })
    .from(modelVersions)
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .where(and(eq(models.workspaceId, scope.workspaceId), eq(modelVersions.modelId, modelId)))
    .orderBy(desc(modelVersions.lastSeenAt), modelVersions.environment, modelVersions.version)
    .limit(modelLimits.versionsMax);
}

export function listFeatureRows(scope: PostgresScope, modelId: string) {
  return scope.pg
    .select({
      name: features.name,
      type: features.type,
      provenance: features.provenance,
      firstSeenAt: features.firstSeenAt,
      lastSeenAt: features.lastSeenAt,
    })
    .from(features)
    .innerJoin(models, eq(models.id, features.modelId))
    .where(and(eq(models.workspaceId, scope.workspaceId), eq(features.modelId, modelId)))
    .orderBy(features.name)
    .limit(modelLimits.featuresMax);
}

export async function findFeatureRow(scope: PostgresScope, modelId: string, name: string) {
  const rows = await scope.pg
    .select({ type: features.type, provenance: features.provenance })
    .from(features)
    .innerJoin(models, eq(models.id, features.modelId))
    .where(
      and(
        eq(models.workspaceId, scope.workspaceId),
        eq(features.modelId, modelId),
        eq(features.name, name),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

export async function updateModelRow(
  scope: PostgresScope,
  modelId: string,
  values: {
    description?: string;
    task?: Task;
    taskProvenance?: Provenance;
    tier?: number;
  },
) {
  await scope.pg
    .update(models)
    .set(values)
    .where(and(eq(models.workspaceId, scope.workspaceId), eq(models.id, modelId)));
}

export async function confirmFeatureType(
  scope: PostgresScope,
  modelId: string,
  name: string,
  type: FeatureType,
) {
  const owned = sql`EXISTS (SELECT 1 FROM ${models} WHERE ${models.id} = ${features.modelId} AND ${models.workspaceId} = ${scope.workspaceId})`;
  await scope.pg
    .update(features)
    .set({ type, provenance: "confirmed" })
    .where(and(eq(features.modelId, modelId), eq(features.name, name), owned));
}

/** Of the features named, those whose type nobody confirmed yet keep the type that was seen; the others stay as they are. */
export async function confirmInferredTypes(
  scope: PostgresScope,
  modelId: string,
  seen: readonly { feature: string; type: FeatureType }[],
): Promise<string[]> {
  const owned = sql`EXISTS (SELECT 1 FROM ${models} WHERE ${models.id} = ${features.modelId} AND ${models.workspaceId} = ${scope.workspaceId})`;
  const byType = Map.groupBy(seen, ({ type }) => type);
  const confirmed: string[] = [];
  for (const [type, own] of byType) {
    const names = own.map(({ feature }) => feature);
    const rows = await scope.pg
      .update(features)
      .set({ type, provenance: "confirmed" })
      .where(
        and(
          eq(features.modelId, modelId),
          eq(features.provenance, "inferred"),
          inArray(features.name, names),
          owned,
        ),
      )
      .returning({ name: features.name });
    confirmed.push(...rows.map(({ name }) => name));
  }
  return confirmed;
}

export async function findModelTier(scope: PostgresScope, modelId: string): Promise<number | null> {
  const [row] = await scope.pg
    .select({ tier: models.tier })
    .from(models)
    .where(and(eq(models.workspaceId, scope.workspaceId), eq(models.id, modelId)))
    .limit(1);
  return row?.tier ?? null;
}
