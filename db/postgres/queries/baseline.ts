import { and, desc, eq, sql } from "drizzle-orm";
import { baselines } from "../schema/models.ts";
import type { PostgresScope } from "../scope.ts";

export const baselinesMax = 500;

const columns = {
  id: baselines.id,
  modelId: baselines.modelId,
  version: baselines.version,
  name: baselines.name,
  state: baselines.state,
  sourceFormat: baselines.sourceFormat,
  sourceBytes: baselines.sourceBytes,
  rowCount: baselines.rowCount,
  mapping: baselines.mapping,
  error: baselines.error,
  isActive: baselines.isActive,
  createdBy: baselines.createdBy,
  createdAt: baselines.createdAt,
  readyAt: baselines.readyAt,
};

export type BaselineRow = Awaited<ReturnType<typeof listBaselineRows>>[number];

export function listBaselineRows(scope: PostgresScope, modelId: string) {
  return scope.pg
    .select(columns)
    .from(baselines)
    .where(and(eq(baselines.workspaceId, scope.workspaceId), eq(baselines.modelId, modelId)))
    .orderBy(desc(baselines.createdAt), baselines.id)
    .limit(baselinesMax);
}

export async function findBaselineRow(
  scope: PostgresScope,
  baselineId: string,
): Promise<BaselineRow | null> {
  const rows = await scope.pg
    .select(columns)
    .from(baselines)
    .where(and(eq(baselines.workspaceId, scope.workspaceId), eq(baselines.id, baselineId)))
    .limit(1);
  return rows[0] ?? null;
}

/** The one that a version is compared with: its own active baseline, else the newest active one of the model. */
export async function findActiveBaseline(
  scope: PostgresScope,
  modelId: string,
  version: string,
): Promise<BaselineRow | null> {
  const rows = await scope.pg
    .select(columns)
    .from(baselines)
    .where(
      and(
        eq(baselines.workspaceId, scope.workspaceId),
        eq(baselines.modelId, modelId),
        eq(baselines.isActive, true),
        eq(baselines.state, "ready"),
      ),
    )
    .orderBy(desc(sql`${baselines.version} = ${version}`), desc(baselines.createdAt), baselines.id)
    .limit(1);
  return rows[0] ?? null;
}
