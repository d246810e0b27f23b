import { and, asc, eq, gt, lt, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { evaluatedWindows, performanceResults } from "../schema/evaluations.ts";
import type { PostgresScope } from "../scope.ts";

export type PerformanceResultRow = Omit<typeof performanceResults.$inferInsert, "revision">;

const chunkRows = 500;

/** Makes the results of one window these. A row that says the same again keeps its revision; versions and metrics that are no
 *  longer there are gone. */
export async function replacePerformanceResults(
  pg: Postgres,
  { modelId, fromTime, untilTime }: { modelId: string; fromTime: Date; untilTime: Date },
  rows: readonly PerformanceResultRow[],
): Promise<void> {
  const kept = JSON.stringify(
    rows.map(({ environment, version, metric }) => ({ environment, version, metric })),
  );
  await pg.execute(sql`
    DELETE FROM performance_results AS result
    WHERE model_id = ${modelId}::uuid AND window_from = ${fromTime.toISOString()}::timestamptz AND window_until = ${untilTime.toISOString()}::timestamptz
      AND NOT EXISTS (
        SELECT 1 FROM jsonb_to_recordset(${kept}::jsonb) AS kept (environment text, version text, metric text)
        WHERE kept.environment = result.environment AND kept.version = result.version AND kept.metric = result.metric)`);
  const columns = [
    "value",
    "undefined_reason",
    "lower",
    "upper",
    "sample_count",
    "row_count",
  ].concat("labelled_count");
  const listOf = (table: string) =>
    sql.raw(columns.map((column) => `${table}.${column}`).join(", "));
  for (let from = 0; from < rows.length; from += chunkRows) {
    await pg
      .insert(performanceResults)
      .values(rows.slice(from, from + chunkRows))
      .onConflictDoUpdate({
        target: [
          performanceResults.modelId,
          performanceResults.environment,
          performanceResults.version,
          performanceResults.windowUntil,
          performanceResults.windowFrom,
          performanceResults.metric,
        ],
        set: {
          value: sql`excluded.value`,
          undefinedReason: sql`excluded.undefined_reason`,
          lower: sql`excluded.lower`,
          upper: sql`excluded.upper`,
          sampleCount: sql`excluded.sample_count`,
          rowCount: sql`excluded.row_count`,
          labelledCount: sql`excluded.labelled_count`,
          revision: sql`performance_results.revision + 1`,
          computedAt: sql`excluded.computed_at`,
        },
        setWhere: sql`(${listOf("performance_results")}) IS DISTINCT FROM (${listOf("excluded")})`,
      });
  }
}

const windowsMax = 400;
const resultsMax = 50_000;

export interface ResultScope {
  modelId: string;
  environment: string;
  version: string;
  fromTime: Date;
  untilTime: Date;
}

/** The evaluated windows of a model that begin in a stretch of time, oldest first. */
export function listEvaluatedWindows(
  { pg, workspaceId }: PostgresScope,
  { modelId, fromTime, untilTime }: Pick<ResultScope, "modelId" | "fromTime" | "untilTime">,
) {
  return pg
    .select({
      fromTime: evaluatedWindows.windowFrom,
      untilTime: evaluatedWindows.windowUntil,
      evaluatedAt: evaluatedWindows.evaluatedAt,
      isDue: sql<boolean>`${evaluatedWindows.generation} > ${evaluatedWindows.evaluatedGeneration}`,
    })
    .from(evaluatedWindows)
    .where(
      and(
        eq(evaluatedWindows.workspaceId, workspaceId),
        eq(evaluatedWindows.kind, "performance"),
        eq(evaluatedWindows.modelId, modelId),
        gt(evaluatedWindows.windowUntil, fromTime),
        lt(evaluatedWindows.windowFrom, untilTime),
      ),
    )
    .orderBy(asc(evaluatedWindows.windowUntil))
    .limit(windowsMax);
}

/** What was found in them, of one version. */
export function listPerformanceResults(
  { pg, workspaceId }: PostgresScope,
  { modelId, environment, version, fromTime, untilTime }: ResultScope,
  metric?: string,
) {
  return pg
    .select({
      metric: performanceResults.metric,
      fromTime: performanceResults.windowFrom,
      value: performanceResults.value,
      undefinedReason: performanceResults.undefinedReason,
      lower: performanceResults.lower,
      upper: performanceResults.upper,
      sampleCount: performanceResults.sampleCount,
      rowCount: performanceResults.rowCount,
      labelledCount: performanceResults.labelledCount,
      revision: performanceResults.revision,
      computedAt: performanceResults.computedAt,
    })
    .from(performanceResults)
    .where(
      and(
        eq(performanceResults.workspaceId, workspaceId),
        eq(performanceResults.modelId, modelId),
        eq(performanceResults.environment, environment),
        eq(performanceResults.version, version),
        metric === undefined ? undefined : eq(performanceResults.metric, metric),
        gt(performanceResults.windowUntil, fromTime),
        lt(performanceResults.windowFrom, untilTime),
      ),
    )
    .orderBy(asc(performanceResults.windowUntil), asc(performanceResults.metric))
    .limit(resultsMax);
}

export async function deletePerformanceResultsBefore(pg: Postgres, before: Date): Promise<void> {
  await pg.delete(performanceResults).where(lt(performanceResults.windowUntil, before));
}
