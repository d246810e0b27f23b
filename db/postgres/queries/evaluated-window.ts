import { and, eq, lt, sql } from "drizzle-orm";
import type { EvaluatedKind } from "#lib/domain/evaluation.ts";
import type { Postgres } from "../client.ts";
import { evaluatedWindows } from "../schema/evaluations.ts";

/** The windows of one model that one kind of evaluation asks about. Both come from the job's own work, never from a caller. */
export interface EvaluationKey {
  kind: EvaluatedKind;
  workspaceId: string;
  modelId: string;
}

export interface WindowTimes {
  fromTime: Date;
  untilTime: Date;
}

export interface DueWindow extends WindowTimes {
  /** What has been marked when the window was read. */
  generation: number;
}

const toJson = (windows: readonly WindowTimes[]) =>
  JSON.stringify(
    windows.map(({ fromTime, untilTime }) => ({
      from_ms: fromTime.getTime(),
      until_ms: untilTime.getTime(),
    })),
  );

/** Makes windows due, those included that were never evaluated. */
export async function openWindows(
  pg: Postgres,
  { kind, workspaceId, modelId }: EvaluationKey,
  windows: readonly WindowTimes[],
): Promise<void> {
  if (windows.length === 0) return;
  await pg.execute(sql`
    INSERT INTO evaluated_windows (kind, workspace_id, model_id, window_from, window_until)
    SELECT ${kind}, ${workspaceId}::uuid, ${modelId}::uuid, to_timestamp(from_ms / 1000.0), to_timestamp(until_ms / 1000.0)
    FROM jsonb_to_recordset(${toJson(windows)}::jsonb) AS opened (from_ms bigint, until_ms bigint)
    ORDER BY until_ms, from_ms
    ON CONFLICT (kind, model_id, window_until, window_from) DO UPDATE SET generation = evaluated_windows.generation + 1`);
}

/** Makes those windows due that were evaluated before and hold some of one of these stretches, or with `holds: "whole"` all of one; the others stay
 *  as they are. Where it is their labels that changed, `labelsAt` says when: they are due an hour after they were evaluated last. */
export async function markWindows(
  pg: Postgres,
  {
    kinds,
    modelId,
    labelsAt,
    holds = "some",
  }: {
    kinds: readonly EvaluatedKind[];
    modelId: string;
    labelsAt?: Date;
    holds?: "some" | "whole";
  },
  stretches: readonly WindowTimes[],
): Promise<void> {
  if (stretches.length === 0) return;
  const change =
    labelsAt === undefined
      ? sql`generation = marked.generation + 1`
      : sql`labels_at = ${labelsAt.toISOString()}::timestamptz`;
  const isHeld =
    holds === "whole"
      ? sql`window_from <= to_timestamp(stretch.from_ms / 1000.0) AND window_until >= to_timestamp(stretch.until_ms / 1000.0)`
      : sql`window_from < to_timestamp(stretch.until_ms / 1000.0) AND window_until > to_timestamp(stretch.from_ms / 1000.0)`;
  const names = sql.join(
    kinds.map((kind) => sql`${kind}`),
    sql`, `,
  );
  await pg.execute(sql`
    WITH touched AS (
      SELECT kind, model_id, window_until, window_from FROM evaluated_windows
      WHERE model_id = ${modelId}::uuid AND kind IN (${names}) AND EXISTS (
        SELECT 1 FROM jsonb_to_recordset(${toJson(stretches)}::jsonb) AS stretch (from_ms bigint, until_ms bigint)
        WHERE ${isHeld})
        AND window_until > to_timestamp(${Math.min(...stretches.map(({ fromTime }) => fromTime.getTime())) / 1000}::float8)
      ORDER BY kind, window_until, window_from
      FOR UPDATE)
    UPDATE evaluated_windows AS marked SET ${change}
    FROM touched
    WHERE marked.kind = touched.kind AND marked.model_id = touched.model_id
      AND marked.window_until = touched.window_until AND marked.window_from = touched.window_from`);
}

/** Labels come one after the other, each to a day of windows: all that came within an hour are judged together. */
const labelsWaitMs = 3_600_000;

/** Where rows come late in a stream, every window of the last hours or days changes all the time: one of drift or quality, of which there is one an hour, is
 *  due again once an eighth of its age, or twenty minutes, have passed since it was evaluated. */
const isDue = (now: Date) => {
  const at = sql`${now.toISOString()}::timestamptz`;
  const waited = new Date(now.getTime() - labelsWaitMs).toISOString();
  const { kind, generation, evaluatedGeneration, evaluatedAt, windowUntil, labelsAt } =
    evaluatedWindows;
  return sql`((${generation} > ${evaluatedGeneration}
      AND (${kind} = 'performance' OR ${evaluatedAt} IS NULL OR ${evaluatedAt} + LEAST((${evaluatedAt} - ${windowUntil}) / 8, interval '20 minutes') <= ${at}))
    OR (${labelsAt} IS NOT NULL AND ${evaluatedAt} <= ${waited}::timestamptz))`;
};

/** What is due of one model: what ended lately, oldest first, and then what ended before. */
export function listDueWindows(
  pg: Postgres,
  { kind, modelId }: EvaluationKey,
  { recentFrom, countMax, now }: { recentFrom: Date; countMax: number; now: Date },
): Promise<DueWindow[]> {
  return pg
    .select({
      fromTime: evaluatedWindows.windowFrom,
      untilTime: evaluatedWindows.windowUntil,
      generation: evaluatedWindows.generation,
    })
    .from(evaluatedWindows)
    .where(and(eq(evaluatedWindows.kind, kind), eq(evaluatedWindows.modelId, modelId), isDue(now)))
    .orderBy(
      sql`${evaluatedWindows.windowUntil} < ${recentFrom.toISOString()}::timestamptz`,
      evaluatedWindows.windowUntil,
      evaluatedWindows.windowFrom,
    )
    .limit(countMax);
}

/** The end of the newest window of a model; null when there is none. */
export async function findNewestWindowEnd(
  pg: Postgres,
  { kind, modelId }: EvaluationKey,
): Promise<Date | null> {
  const [found] = await pg
    .select({ untilTime: evaluatedWindows.windowUntil })
    .from(evaluatedWindows)
    .where(and(eq(evaluatedWindows.kind, kind), eq(evaluatedWindows.modelId, modelId)))
    .orderBy(sql`${evaluatedWindows.windowUntil} DESC`)
    .limit(1);
  return found?.untilTime ?? null;
}

/** Notes that a window's values have seen what was marked when it was read. False: a run that saw more was first, and what
 *  this one found is older. Belongs in one transaction with the values, before them: it holds the window. */
export async function settleWindow(
  pg: Postgres,
  { kind, modelId }: EvaluationKey,
  { fromTime, untilTime, generation }: DueWindow,
  now: Date,
): Promise<boolean> {
  const settled = await pg
    .update(evaluatedWindows)
    .set({
      evaluatedGeneration: generation,
      evaluatedAt: now,
      // Labels that came while the window was read are still to be seen.
      labelsAt: sql`CASE WHEN ${evaluatedWindows.labelsAt} >= ${now.toISOString()}::timestamptz THEN ${evaluatedWindows.labelsAt} END`,
    })
    .where(
      and(
        eq(evaluatedWindows.kind, kind),
        eq(evaluatedWindows.modelId, modelId),
        eq(evaluatedWindows.windowUntil, untilTime),
        eq(evaluatedWindows.windowFrom, fromTime),
        sql`${evaluatedWindows.evaluatedGeneration} <= ${generation}`,
      ),
    )
    .returning({ kind: evaluatedWindows.kind });
  return settled.length > 0;
}

const modelsMax = 10_000;

/** Models of every workspace with windows that are due; for the worker alone. */
export function listModelsWithDueWindows(
  pg: Postgres,
  kind: EvaluatedKind,
  now: Date,
): Promise<{ workspaceId: string; modelId: string }[]> {
  return pg
    .selectDistinct({
      workspaceId: evaluatedWindows.workspaceId,
      modelId: evaluatedWindows.modelId,
    })
    .from(evaluatedWindows)
    .where(and(eq(evaluatedWindows.kind, kind), isDue(now)))
    .limit(modelsMax);
}

export async function deleteWindowsBefore(
  pg: Postgres,
  kind: EvaluatedKind,
  before: Date,
): Promise<void> {
  await pg
    .delete(evaluatedWindows)
    .where(and(eq(evaluatedWindows.kind, kind), lt(evaluatedWindows.windowUntil, before)));
}
