import { and, count, eq, sql } from "drizzle-orm";
import { sloLimits } from "#lib/domain/slo.ts";
import type { Postgres } from "../client.ts";
import { models } from "../schema/models.ts";
import { slos } from "../schema/slos.ts";
import type { PostgresScope } from "../scope.ts";

export type SloRow = typeof slos.$inferSelect;
/** With the name of its model. */
export interface NamedSlo {
  slo: SloRow;
  model: string;
}

export function listSloRows(scope: PostgresScope): Promise<NamedSlo[]> {
  return scope.pg
    .select({ slo: slos, model: models.name })
    .from(slos)
    .innerJoin(models, eq(models.id, slos.modelId))
    .where(eq(slos.workspaceId, scope.workspaceId))
    .orderBy(slos.name)
    .limit(sloLimits.slosMax);
}

export async function countSlos(scope: PostgresScope): Promise<number> {
  const rows = await scope.pg
    .select({ sloCount: count() })
    .from(slos)
    .where(eq(slos.workspaceId, scope.workspaceId));
  return rows[0]?.sloCount ?? 0;
}

export async function findSloRow(scope: PostgresScope, sloId: string): Promise<NamedSlo | null> {
  const rows = await scope.pg
    .select({ slo: slos, model: models.name })
    .from(slos)
    .innerJoin(models, eq(models.id, slos.modelId))
    .where(and(eq(slos.workspaceId, scope.workspaceId), eq(slos.id, sloId)))
    .limit(1);
  return rows[0] ?? null;
}

export async function insertSlo(
  scope: PostgresScope,
  slo: Omit<typeof slos.$inferInsert, "workspaceId">,
): Promise<void> {
  await scope.pg.insert(slos).values({ ...slo, workspaceId: scope.workspaceId });
}

export async function updateSloRow(
  scope: PostgresScope,
  sloId: string,
  values: Partial<Omit<typeof slos.$inferInsert, "id" | "workspaceId" | "modelId" | "indicator">>,
): Promise<void> {
  await scope.pg
    .update(slos)
    .set(values)
    .where(and(eq(slos.workspaceId, scope.workspaceId), eq(slos.id, sloId)));
}

export async function deleteSloRow(scope: PostgresScope, sloId: string): Promise<void> {
  await scope.pg
    .delete(slos)
    .where(and(eq(slos.workspaceId, scope.workspaceId), eq(slos.id, sloId)));
}

/** Takes one objective of any workspace that is due, and says when it is due again: whoever else asks meanwhile finds another, and one
 *  whose worker died comes back. */
export async function claimDueSlo(
  pg: Postgres,
  now: Date,
  nextDueAt: Date,
): Promise<NamedSlo | null> {
  const at = now.toISOString();
  const taken = await pg.execute<{ id: string; workspace_id: string }>(sql`
    UPDATE slos SET due_at = ${nextDueAt.toISOString()}::timestamptz
    WHERE id = (SELECT id FROM slos WHERE is_enabled AND due_at <= ${at}::timestamptz
      ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, workspace_id`);
  const [row] = taken.rows;
  return row === undefined ? null : findSloRow({ pg, workspaceId: row.workspace_id }, row.id);
}
