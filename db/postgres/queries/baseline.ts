import { and, desc, eq, lt, ne, sql } from "drizzle-orm";
import type { BaselineMapping } from "#lib/domain/baseline-mapping.ts";
import type { Postgres } from "../client.ts";
import { baselines } from "../schema/models.ts";
import type { PostgresScope } from "../scope.ts";

const baselinesMax = 500;

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
  profiledSegmentKeys: baselines.profiledSegmentKeys,
  segmentError: baselines.segmentError,
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

export interface NewBaseline {
  id: string;
  workspaceId: string;
  modelId: string;
  version: string;
  name: string;
  sourceFormat: string;
  mapping: BaselineMapping;
  createdBy: string;
  createdAt: Date;
}

export async function insertBaselineRow(pg: Postgres, baseline: NewBaseline): Promise<void> {
  await pg.insert(baselines).values({ ...baseline, state: "uploading" });
}

/** Rows are in: the worker profiles them next. */
export async function markBaselineStored(
  scope: PostgresScope,
  baselineId: string,
  stored: { rowCount: number; sourceBytes: number },
): Promise<void> {
  await scope.pg
    .update(baselines)
    .set({ ...stored, state: "profiling" })
    .where(and(owned(scope, baselineId), eq(baselines.state, "uploading")));
}

export async function markBaselineFailed(
  scope: PostgresScope,
  baselineId: string,
  error: string,
): Promise<void> {
  await scope.pg
    .update(baselines)
    .set({ state: "failed", error, isActive: false })
    .where(and(owned(scope, baselineId), ne(baselines.state, "ready")));
}

/** Ready; and active, if its version has no active one yet. */
export async function markBaselineReady(
  scope: PostgresScope,
  baseline: BaselineRow,
  profiledSegmentKeys: string[],
  readyAt: Date,
): Promise<void> {
  const others = await scope.pg
    .select({ id: baselines.id })
    .from(baselines)
    .where(
      and(
        eq(baselines.modelId, baseline.modelId),
        eq(baselines.version, baseline.version),
        eq(baselines.isActive, true),
      ),
    )
    .limit(1);
  await scope.pg
    .update(baselines)
    .set({ state: "ready", readyAt, isActive: others.length === 0, profiledSegmentKeys })
    .where(and(owned(scope, baseline.id), eq(baselines.state, "profiling")));
}

/** A ready baseline has profiles by these tags, too. */
export async function addBaselineSegments(
  scope: PostgresScope,
  baselineId: string,
  segmentKeys: readonly string[],
): Promise<void> {
  const added = sql.join(
    segmentKeys.map((key) => sql`${key}`),
    sql`, `,
  );
  await scope.pg
    .update(baselines)
    .set({
      profiledSegmentKeys: sql`ARRAY(SELECT DISTINCT unnest(${baselines.profiledSegmentKeys} || ARRAY[${added}]::text[]))`,
    })
    .where(and(owned(scope, baselineId), eq(baselines.state, "ready")));
}

/** Not tried again until the declared keys change. */
export async function setBaselineSegmentError(
  scope: PostgresScope,
  baselineId: string,
  segmentError: string,
): Promise<void> {
  await scope.pg.update(baselines).set({ segmentError }).where(owned(scope, baselineId));
}

export async function activateBaselineRow(
  scope: PostgresScope,
  baseline: BaselineRow,
): Promise<void> {
  await scope.pg
    .update(baselines)
    .set({ isActive: false })
    .where(
      and(
        eq(baselines.workspaceId, scope.workspaceId),
        eq(baselines.modelId, baseline.modelId),
        eq(baselines.version, baseline.version),
        eq(baselines.isActive, true),
      ),
    );
  await scope.pg.update(baselines).set({ isActive: true }).where(owned(scope, baseline.id));
}

/** Nothing is compared with it from now on, and it can be deleted again if that stops half-way. */
export async function markBaselineDeleting(
  scope: PostgresScope,
  baselineId: string,
): Promise<void> {
  await scope.pg
    .update(baselines)
    .set({
      state: "failed",
      error: "Its deletion was begun and not finished; delete it again.",
      isActive: false,
    })
    .where(owned(scope, baselineId));
}

export async function deleteBaselineRow(scope: PostgresScope, baselineId: string): Promise<void> {
  await scope.pg.delete(baselines).where(owned(scope, baselineId));
}

const staleMax = 1_000;

/** Uploads whose process died: nothing will ever finish them. */
export function listStaleUploads(
  pg: Postgres,
  before: Date,
): Promise<{ baselineId: string; workspaceId: string; modelId: string }[]> {
  return pg
    .select({
      baselineId: baselines.id,
      workspaceId: baselines.workspaceId,
      modelId: baselines.modelId,
    })
    .from(baselines)
    .where(and(eq(baselines.state, "uploading"), lt(baselines.createdAt, before)))
    .orderBy(baselines.createdAt)
    .limit(staleMax);
}

/** Those whose profiling takes the worker down each time: no last try ever ends to say so. */
export async function failStaleProfilings(pg: Postgres, before: Date): Promise<void> {
  await pg
    .update(baselines)
    .set({
      state: "failed",
      error: "The rows could not be profiled within a day; delete the baseline and send it again.",
    })
    .where(and(eq(baselines.state, "profiling"), lt(baselines.createdAt, before)));
}

function owned(scope: PostgresScope, baselineId: string) {
  return and(eq(baselines.workspaceId, scope.workspaceId), eq(baselines.id, baselineId));
}
