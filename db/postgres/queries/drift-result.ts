import { lt, sql } from "drizzle-orm";
import type { DriftReference, Verdict } from "#lib/domain/health.ts";
import { evaluatedReferences } from "#lib/domain/health.ts";
import type { Postgres } from "../client.ts";
import { driftResults } from "../schema/jobs.ts";
import type { PostgresScope } from "../scope.ts";

export type DriftResultRow = typeof driftResults.$inferInsert;

const chunkRows = 500;

/** Keeps one row per evaluated window and key; an evaluation that says the same again changes nothing. */
export async function upsertDriftResults(
  pg: Postgres,
  rows: readonly DriftResultRow[],
): Promise<void> {
  const changed = sql`(drift_results.verdict, drift_results.reason, drift_results.statistics, drift_results.baseline_rows, drift_results.window_rows)
    IS DISTINCT FROM (excluded.verdict, excluded.reason, excluded.statistics, excluded.baseline_rows, excluded.window_rows)`;
  for (let from = 0; from < rows.length; from += chunkRows) {
    await pg
      .insert(driftResults)
      .values(rows.slice(from, from + chunkRows))
      .onConflictDoUpdate({
        target: [
          driftResults.modelId,
          driftResults.environment,
          driftResults.version,
          driftResults.reference,
          driftResults.windowFrom,
          driftResults.windowUntil,
          driftResults.subject,
          driftResults.feature,
        ],
        set: {
          verdict: sql`excluded.verdict`,
          reason: sql`excluded.reason`,
          statistics: sql`excluded.statistics`,
          baselineRows: sql`excluded.baseline_rows`,
          windowRows: sql`excluded.window_rows`,
          computedAt: sql`excluded.computed_at`,
        },
        setWhere: changed,
      });
  }
}

export interface NewestVerdict {
  modelId: string;
  environment: string;
  version: string;
  reference: DriftReference;
  subject: string;
  feature: string;
  verdict: Verdict;
  reason: string;
}

const verdictsMax = 100_000;

/** The newest evaluation of every version of a workspace's models, against each reference, but for their labels: of the newest day few have
 *  come. Windows are of one length, so that the
 *  one that begins last, which the key finds at once, is also the one that ends last. */
export async function listNewestVerdicts(
  { pg, workspaceId }: PostgresScope,
  since: Date,
): Promise<NewestVerdict[]> {
  const references = sql.join(
    evaluatedReferences.map((reference) => sql`(${reference})`),
    sql`, `,
  );
  const found = await pg.execute<NewestVerdict & Record<string, unknown>>(sql`
    SELECT one.model_id AS "modelId", one.environment, one.version, one.reference, one.subject, one.feature, one.verdict, one.reason
    FROM models
    JOIN model_versions AS seen ON seen.model_id = models.id
    CROSS JOIN (VALUES ${references}) AS known (reference)
    CROSS JOIN LATERAL (
      SELECT window_from, window_until FROM drift_results AS result
      WHERE result.model_id = seen.model_id AND result.environment = seen.environment AND result.version = seen.version
        AND result.reference = known.reference
      ORDER BY window_from DESC, window_until DESC LIMIT 1) AS newest
    JOIN drift_results AS one ON one.model_id = seen.model_id AND one.environment = seen.environment AND one.version = seen.version
      AND one.reference = known.reference AND one.window_from = newest.window_from AND one.window_until = newest.window_until
    WHERE models.workspace_id = ${workspaceId} AND one.workspace_id = ${workspaceId} AND one.subject <> 'label'
      AND newest.window_until > ${since.toISOString()}::timestamptz
    ORDER BY one.model_id, one.subject, one.computed_at DESC, one.feature
    LIMIT ${verdictsMax}`);
  return found.rows;
}

export async function deleteDriftResultsBefore(pg: Postgres, before: Date): Promise<void> {
  await pg.delete(driftResults).where(lt(driftResults.windowUntil, before));
}
