import { and, desc, eq, gte, or, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { baselines, models, modelVersions, segmentKeys } from "../schema/models.ts";
import { workspaces } from "../schema/workspaces.ts";

const modelsMax = 10_000;

/** Models of every workspace with rows since then; for the worker alone. */
export function listModelsSeenSince(
  pg: Postgres,
  since: Date,
): Promise<{ workspaceId: string; modelId: string }[]> {
  return pg
    .selectDistinct({ workspaceId: models.workspaceId, modelId: models.id })
    .from(models)
    .innerJoin(modelVersions, eq(modelVersions.modelId, models.id))
    .where(gte(modelVersions.lastSeenAt, since))
    .limit(modelsMax);
}

export interface ModelRetention {
  workspaceId: string;
  modelId: string;
  /** Null keeps for ever. */
  rawRetentionDays: number | null;
}

/** How long every model's raw rows are kept: its own rule, else its workspace's. */
export function listModelRetentions(pg: Postgres): Promise<ModelRetention[]> {
  return pg
    .select({
      workspaceId: models.workspaceId,
      modelId: models.id,
      rawRetentionDays: sql<
        number | null
      >`coalesce(${models.rawRetentionDays}, ${workspaces.rawRetentionDays})`,
    })
    .from(models)
    .innerJoin(workspaces, eq(workspaces.id, models.workspaceId))
    .orderBy(models.id)
    .limit(modelsMax);
}

export async function findModelRetention(
  pg: Postgres,
  modelId: string,
): Promise<{ rawRetentionDays: number | null } | null> {
  const [found] = await pg
    .select({
      rawRetentionDays: sql<
        number | null
      >`coalesce(${models.rawRetentionDays}, ${workspaces.rawRetentionDays})`,
    })
    .from(models)
    .innerJoin(workspaces, eq(workspaces.id, models.workspaceId))
    .where(eq(models.id, modelId))
    .limit(1);
  return found ?? null;
}

const versionsMax = 20;

export function listVersionsSeenSince(
  pg: Postgres,
  workspaceId: string,
  modelId: string,
  since: Date,
) {
  return pg
    .select({
      model: models.name,
      environment: modelVersions.environment,
      version: modelVersions.version,
      lastSeenAt: modelVersions.lastSeenAt,
    })
    .from(modelVersions)
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .where(
      and(
        eq(models.workspaceId, workspaceId),
        eq(models.id, modelId),
        gte(modelVersions.lastSeenAt, since),
      ),
    )
    .orderBy(desc(modelVersions.lastSeenAt))
    .limit(versionsMax);
}

const baselinesMax = 100;

const lacksSegments = sql`${baselines.segmentError} IS NULL AND EXISTS (SELECT 1 FROM ${segmentKeys}
  WHERE ${segmentKeys.modelId} = ${baselines.modelId} AND ${segmentKeys.key} <> ALL (${baselines.profiledSegmentKeys}))`;

/** Baselines whose rows are in and whose profiles are not, or not by every declared tag, of every workspace; for the worker alone. */
export function listBaselinesToProfile(
  pg: Postgres,
): Promise<{ workspaceId: string; baselineId: string }[]> {
  return pg
    .select({ workspaceId: baselines.workspaceId, baselineId: baselines.id })
    .from(baselines)
    .where(or(eq(baselines.state, "profiling"), and(eq(baselines.state, "ready"), lacksSegments)))
    .orderBy(baselines.createdAt)
    .limit(baselinesMax);
}
