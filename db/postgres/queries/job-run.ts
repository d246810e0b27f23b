import { and, desc, eq, isNull, lt, or, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { jobRuns } from "../schema/jobs.ts";
import type { PostgresScope } from "../scope.ts";

export interface JobRunStart {
  id: string;
  name: string;
  workspaceId: string | null;
  startedAt: Date;
  totalCount?: number | null;
}

export async function startJobRun(pg: Postgres, run: JobRunStart): Promise<void> {
  await pg.insert(jobRuns).values({ ...run, totalCount: run.totalCount ?? null, state: "running" });
}

export async function finishJobRun(
  pg: Postgres,
  id: string,
  result: {
    state: "done" | "failed" | "skipped";
    finishedAt: Date;
    doneCount?: number;
    rowsRead?: number;
    detail?: string;
  },
): Promise<void> {
  await pg.update(jobRuns).set(result).where(eq(jobRuns.id, id));
}

/** The progress of the one run of this name that a workspace has open; opened by the first step that leaves work behind, and
 *  done when nothing is left. */
export async function recordProgress(
  pg: Postgres,
  step: {
    id: string;
    name: string;
    workspaceId: string;
    doneCount: number;
    remainingCount: number;
    rowsRead: number;
    now: Date;
  },
): Promise<void> {
  const isOpen = and(
    eq(jobRuns.name, step.name),
    eq(jobRuns.workspaceId, step.workspaceId),
    eq(jobRuns.state, "running"),
  );
  const isLast = step.remainingCount === 0;
  const updated = await pg
    .update(jobRuns)
    .set({
      doneCount: sql`${jobRuns.doneCount} + ${step.doneCount}`,
      totalCount: sql`${jobRuns.doneCount} + ${step.doneCount + step.remainingCount}`,
      rowsRead: sql`${jobRuns.rowsRead} + ${step.rowsRead}`,
      ...(isLast ? { state: "done" as const, finishedAt: step.now } : {}),
    })
    .where(isOpen)
    .returning({ id: jobRuns.id });
  if (updated.length > 0 || isLast) return;
  await pg.insert(jobRuns).values({
    id: step.id,
    name: step.name,
    workspaceId: step.workspaceId,
    state: "running",
    startedAt: step.now,
    doneCount: step.doneCount,
    totalCount: step.doneCount + step.remainingCount,
    rowsRead: step.rowsRead,
  });
}

const runsMax = 50;

/** The newest runs of a workspace, and those that serve all of them. */
export function listJobRuns({ pg, workspaceId }: PostgresScope) {
  return pg
    .select({
      id: jobRuns.id,
      name: jobRuns.name,
      state: jobRuns.state,
      startedAt: jobRuns.startedAt,
      finishedAt: jobRuns.finishedAt,
      doneCount: jobRuns.doneCount,
      totalCount: jobRuns.totalCount,
      rowsRead: jobRuns.rowsRead,
      detail: jobRuns.detail,
    })
    .from(jobRuns)
    .where(eq(jobRuns.workspaceId, workspaceId))
    .orderBy(desc(jobRuns.startedAt), jobRuns.id)
    .limit(runsMax);
}

export async function deleteJobRunsBefore(pg: Postgres, before: Date): Promise<void> {
  await pg
    .delete(jobRuns)
    .where(
      and(
        lt(jobRuns.startedAt, before),
        or(isNull(jobRuns.finishedAt), lt(jobRuns.finishedAt, before)),
      ),
    );
}
