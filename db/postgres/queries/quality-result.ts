import { and, eq, lt, sql } from "drizzle-orm";
import type { EvaluationKind, QualityVerdict } from "#lib/domain/quality.ts";
import type { Postgres } from "../client.ts";
import { qualityResults } from "../schema/quality.ts";
import type { PostgresScope } from "../scope.ts";

export type QualityResultRow = typeof qualityResults.$inferInsert;

const chunkRows = 500;

/** Keeps one row per evaluated window and key; an evaluation that says the same again changes nothing. */
export async function upsertQualityResults(
  pg: Postgres,
  rows: readonly QualityResultRow[],
): Promise<void> {
  const changed = sql`(quality_results.verdict, quality_results.reason, quality_results.figures, quality_results.window_rows)
    IS DISTINCT FROM (excluded.verdict, excluded.reason, excluded.figures, excluded.window_rows)`;
  for (let from = 0; from < rows.length; from += chunkRows) {
    await pg
      .insert(qualityResults)
      .values(rows.slice(from, from + chunkRows))
      .onConflictDoUpdate({
        target: [
          qualityResults.modelId,
          qualityResults.environment,
          qualityResults.version,
          qualityResults.kind,
          qualityResults.windowFrom,
          qualityResults.windowUntil,
          qualityResults.subject,
          qualityResults.feature,
        ],
        set: {
          verdict: sql`excluded.verdict`,
          reason: sql`excluded.reason`,
          figures: sql`excluded.figures`,
          windowRows: sql`excluded.window_rows`,
          computedAt: sql`excluded.computed_at`,
        },
        setWhere: changed,
      });
  }
}

export interface NewestQuality {
  modelId: string;
  environment: string;
  version: string;
  kind: EvaluationKind;
  subject: string;
  feature: string;
  verdict: QualityVerdict;
  reason: string;
}

const resultsMax = 100_000;

/** What the newest evaluation of every version of a workspace's models found, where it did not find all well. */
export function listNewestProblems(
  { pg, workspaceId }: PostgresScope,
  since: Date,
): Promise<NewestQuality[]> {
  const newest = sql`(SELECT max(other.window_until) FROM quality_results AS other
    WHERE other.model_id = ${qualityResults.modelId} AND other.environment = ${qualityResults.environment}
      AND other.version = ${qualityResults.version} AND other.kind = ${qualityResults.kind})`;
  return pg
    .select({
      modelId: qualityResults.modelId,
      environment: qualityResults.environment,
      version: qualityResults.version,
      kind: qualityResults.kind,
      subject: qualityResults.subject,
      feature: qualityResults.feature,
      verdict: qualityResults.verdict,
      reason: qualityResults.reason,
    })
    .from(qualityResults)
    .where(
      and(
        eq(qualityResults.workspaceId, workspaceId),
        eq(qualityResults.verdict, "problem"),
        sql`${qualityResults.windowUntil} > ${since.toISOString()}::timestamptz`,
        sql`${qualityResults.windowUntil} = ${newest}`,
      ),
    )
    .orderBy(qualityResults.modelId, qualityResults.kind, qualityResults.feature)
    .limit(resultsMax);
}

export async function deleteQualityResultsBefore(pg: Postgres, before: Date): Promise<void> {
  await pg.delete(qualityResults).where(lt(qualityResults.windowUntil, before));
}
