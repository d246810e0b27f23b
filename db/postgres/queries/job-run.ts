import { and, desc, eq, inArray, isNull, lt, or, sql } from "drizzle-orm";
import type { JobState, JobTrigger } from "#lib/domain/evaluation.ts";
import type { Postgres } from "../client.ts";
import { jobRuns } from "../schema/jobs.ts";
import { models } from "../schema/models.ts";
import type { PostgresScope } from "../scope.ts";

/** What is asked of the worker, or done by it. `modelId` is null where a job serves more than one model. */
export interface JobRunKey {
  name: string;
  /** What the job runs for but once at a time. */
  subject: string;
  workspaceId: string | null;
  modelId: string | null;
}

/** Begins a run. One that was asked for and waits is this one; so is one that a dead worker left open, since a job runs once at
 *  a time per subject: it goes on. */
export async function beginJobRun(
  pg: Postgres,
  key: JobRunKey,
  { id, now }: { id: string; now: Date },
): Promise<{ id: string; trigger: JobTrigger; attempt: number }> {
  const told = { id: jobRuns.id, trigger: jobRuns.trigger, attempt: jobRuns.attempt };
  const [held] = await pg
    .update(jobRuns)
    .set({
      state: "running",
      startedAt: sql`CASE WHEN ${jobRuns.state} = 'queued' THEN ${now.toISOString()}::timestamptz ELSE ${jobRuns.startedAt} END`,
      attempt: sql`CASE WHEN ${jobRuns.state} = 'queued' THEN ${jobRuns.attempt} ELSE ${jobRuns.attempt} + 1 END`,
      aliveAt: now,
    })
    .where(
      and(
        eq(jobRuns.name, key.name),
        eq(jobRuns.subject, key.subject),
        inArray(jobRuns.state, ["queued", "running"]),
      ),
    )
    .returning(told);
  if (held !== undefined) return held;
  const [begun] = await pg
    .insert(jobRuns)
    .values({ id, ...key, state: "running", startedAt: now, aliveAt: now })
    .onConflictDoNothing()
    .returning(told);
  // Asked for in this very moment.
  return begun ?? beginJobRun(pg, key, { id, now });
}

export interface JobRunStep {
  doneCount?: number | undefined;
  totalCount?: number | undefined;
  rowsRead?: number | undefined;
  window?: { fromTime: Date; untilTime: Date } | undefined;
}

export async function recordJobStep(
  pg: Postgres,
  id: string,
  { doneCount, totalCount, rowsRead = 0, window }: JobRunStep,
  now: Date,
): Promise<void> {
  await pg
    .update(jobRuns)
    .set({
      aliveAt: now,
      rowsRead: sql`${jobRuns.rowsRead} + ${rowsRead}`,
      ...(doneCount === undefined ? {} : { doneCount }),
      ...(totalCount === undefined ? {} : { totalCount }),
      ...(window === undefined
        ? {}
        : {
            windowCount: sql`${jobRuns.windowCount} + 1`,
            windowFrom: sql`least(${jobRuns.windowFrom}, ${window.fromTime.toISOString()}::timestamptz)`,
            windowUntil: sql`greatest(${jobRuns.windowUntil}, ${window.untilTime.toISOString()}::timestamptz)`,
          }),
    })
    .where(eq(jobRuns.id, id));
}

/** Asks for a run of a model. False: one waits or runs already. */
export async function insertQueuedRun(
  { pg, workspaceId }: PostgresScope,
  run: { id: string; name: string; modelId: string; now: Date },
): Promise<boolean> {
  const { now, ...values } = run;
  const inserted = await pg
    .insert(jobRuns)
    .values({
      ...values,
      subject: run.modelId,
      workspaceId,
      state: "queued",
      trigger: "request",
      startedAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: jobRuns.id });
  return inserted.length > 0;
}

const queuedMax = 1_000;

/** What waits to be taken up, of every workspace; for the worker alone. */
export async function listQueuedRuns(
  pg: Postgres,
): Promise<{ name: string; workspaceId: string; modelId: string }[]> {
  const found = await pg
    .select({ name: jobRuns.name, workspaceId: jobRuns.workspaceId, modelId: jobRuns.modelId })
    .from(jobRuns)
    .where(eq(jobRuns.state, "queued"))
    .orderBy(jobRuns.startedAt, jobRuns.id)
    .limit(queuedMax);
  return found.flatMap(({ name, workspaceId, modelId }) =>
    workspaceId === null || modelId === null ? [] : [{ name, workspaceId, modelId }],
  );
}

export interface JobRunStart {
  id: string;
  name: string;
  workspaceId: string | null;
  modelId?: string | null;
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
    error?: string;
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

const statusRunsMax = 50;

const runColumns = {
  id: jobRuns.id,
  name: jobRuns.name,
  model: models.name,
  state: jobRuns.state,
  trigger: jobRuns.trigger,
  attempt: jobRuns.attempt,
  startedAt: jobRuns.startedAt,
  aliveAt: jobRuns.aliveAt,
  finishedAt: jobRuns.finishedAt,
  doneCount: jobRuns.doneCount,
  totalCount: jobRuns.totalCount,
  rowsRead: jobRuns.rowsRead,
  windowCount: jobRuns.windowCount,
  windowFrom: jobRuns.windowFrom,
  windowUntil: jobRuns.windowUntil,
  detail: jobRuns.detail,
  error: jobRuns.error,
};

/** The runs of a workspace that are open, and then its newest. */
export async function listJobRuns(scope: PostgresScope) {
  const { pg, workspaceId } = scope;
  const [open, newest] = await Promise.all([
    pg
      .select(runColumns)
      .from(jobRuns)
      .leftJoin(models, eq(models.id, jobRuns.modelId))
      .where(
        and(eq(jobRuns.workspaceId, workspaceId), inArray(jobRuns.state, ["queued", "running"])),
      )
      .orderBy(desc(jobRuns.startedAt), jobRuns.id)
      .limit(statusRunsMax),
    findJobRuns(scope, { countMax: statusRunsMax }),
  ]);
  const seen = new Set(open.map(({ id }) => id));
  return [...open, ...newest.filter(({ id }) => !seen.has(id))].slice(0, statusRunsMax);
}

export interface JobRunFilter {
  modelId?: string | undefined;
  names?: readonly string[] | undefined;
  state?: JobState | undefined;
  /** Only what began before this one. */
  after?: { startedAt: Date; id: string } | undefined;
  countMax: number;
}

/** The runs of a workspace, newest first. */
export function findJobRuns(
  { pg, workspaceId }: PostgresScope,
  { modelId, names, state, after, countMax }: JobRunFilter,
) {
  return pg
    .select(runColumns)
    .from(jobRuns)
    .leftJoin(models, eq(models.id, jobRuns.modelId))
    .where(
      and(
        eq(jobRuns.workspaceId, workspaceId),
        modelId === undefined ? undefined : eq(jobRuns.modelId, modelId),
        names === undefined ? undefined : inArray(jobRuns.name, [...names]),
        state === undefined ? undefined : eq(jobRuns.state, state),
        after === undefined
          ? undefined
          : sql`(${jobRuns.startedAt}, ${jobRuns.id}) < (${after.startedAt.toISOString()}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(jobRuns.startedAt), desc(jobRuns.id))
    .limit(countMax);
}

/** What went as it does every few minutes is forgotten sooner than what failed or what somebody asked for. */
export async function deleteJobRunsBefore(
  pg: Postgres,
  { before, usualBefore }: { before: Date; usualBefore: Date },
): Promise<void> {
  const isUsual = and(
    eq(jobRuns.trigger, "schedule"),
    inArray(jobRuns.state, ["done", "skipped"]),
    lt(jobRuns.startedAt, usualBefore),
  );
  await pg
    .delete(jobRuns)
    .where(
      or(
        isUsual,
        and(
          lt(jobRuns.startedAt, before),
          or(isNull(jobRuns.finishedAt), lt(jobRuns.finishedAt, before)),
        ),
      ),
    );
}
