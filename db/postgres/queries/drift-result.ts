import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { DriftReference, Verdict } from "#lib/domain/health.ts";
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

/** The newest evaluation of every version of a workspace's models, against each reference. */
export async function listNewestVerdicts(
  { pg, workspaceId }: PostgresScope,
  since: Date,
): Promise<NewestVerdict[]> {
  const newest = sql`(SELECT max(other.window_until) FROM drift_results AS other
    WHERE other.model_id = ${driftResults.modelId} AND other.environment = ${driftResults.environment}
      AND other.version = ${driftResults.version} AND other.reference = ${driftResults.reference})`;
  return pg
    .select({
      modelId: driftResults.modelId,
      environment: driftResults.environment,
      version: driftResults.version,
      reference: driftResults.reference,
      subject: driftResults.subject,
      feature: driftResults.feature,
      verdict: driftResults.verdict,
      reason: driftResults.reason,
    })
    .from(driftResults)
    .where(
      and(
        eq(driftResults.workspaceId, workspaceId),
        sql`${driftResults.windowUntil} > ${since.toISOString()}::timestamptz`,
        sql`${driftResults.windowUntil} = ${newest}`,
      ),
    )
    .orderBy(
      driftResults.modelId,
      driftResults.subject,
      desc(driftResults.computedAt),
      driftResults.feature,
    )
    .limit(verdictsMax);
}

export async function deleteDriftResultsBefore(pg: Postgres, before: Date): Promise<void> {
  await pg.delete(driftResults).where(lt(driftResults.windowUntil, before));
}
