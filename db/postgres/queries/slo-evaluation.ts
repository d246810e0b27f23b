import { sql } from "drizzle-orm";
import type { PostgresScope } from "../scope.ts";

export interface EvaluatedHour {
  untilMs: number;
  /** What it read has changed since, or it was not judged yet. */
  isOpen: boolean;
  /** Columns that were found bad, that could not be judged, and all of them. */
  badCount: number;
  cannotSayCount: number;
  columnCount: number;
}

interface Asked {
  modelId: string;
  environment: string;
  version: string | null;
  fromTime: Date;
  untilTime: Date;
}

interface HourRow extends Record<string, unknown> {
  window_until: string;
  is_open: boolean;
  bad_count: string;
  cannot_say_count: string;
  column_count: string;
}

const toHours = (rows: readonly HourRow[]): EvaluatedHour[] =>
  rows.map((row) => ({
    untilMs: new Date(row.window_until).getTime(),
    isOpen: row.is_open,
    badCount: Number(row.bad_count),
    cannotSayCount: Number(row.cannot_say_count),
    columnCount: Number(row.column_count),
  }));

const hoursMax = 2_500;

/** How many columns drifted in the day that ends with each hour, of all versions or of one. A column of two versions is two. Labels are no
 *  column: they come for weeks, and what was promised of an hour is settled long before. */
export async function listDriftHours(
  { pg, workspaceId }: PostgresScope,
  { modelId, environment, version, fromTime, untilTime, reference }: Asked & { reference: string },
): Promise<EvaluatedHour[]> {
  const found = await pg.execute<HourRow>(sql`
    SELECT windows.window_until, windows.generation > windows.evaluated_generation AS is_open,
      count(*) FILTER (WHERE results.verdict = 'drift') AS bad_count,
      count(*) FILTER (WHERE results.verdict = 'cannot_say') AS cannot_say_count, count(results.verdict) AS column_count
    FROM evaluated_windows AS windows
    LEFT JOIN drift_results AS results ON results.model_id = windows.model_id AND results.window_from = windows.window_from
      AND results.window_until = windows.window_until AND results.reference = ${reference}
      AND results.subject <> 'label' AND results.environment = ${environment} ${version === null ? sql`` : sql`AND results.version = ${version}`}
    WHERE windows.kind = 'drift' AND windows.workspace_id = ${workspaceId}::uuid AND windows.model_id = ${modelId}::uuid
      AND windows.window_until > ${fromTime.toISOString()}::timestamptz AND windows.window_until <= ${untilTime.toISOString()}::timestamptz
    GROUP BY windows.window_from, windows.window_until, is_open ORDER BY windows.window_until LIMIT ${hoursMax}`);
  return toHours(found.rows);
}

/** How many columns had values that are not as expected, in the same way. */
export async function listQualityHours(
  { pg, workspaceId }: PostgresScope,
  { modelId, environment, version, fromTime, untilTime }: Asked,
): Promise<EvaluatedHour[]> {
  const found = await pg.execute<HourRow>(sql`
    SELECT windows.window_until, windows.generation > windows.evaluated_generation AS is_open,
      count(*) FILTER (WHERE results.verdict = 'problem') AS bad_count,
      count(*) FILTER (WHERE results.verdict IN ('cannot_say', 'failed')) AS cannot_say_count, count(results.verdict) AS column_count
    FROM evaluated_windows AS windows
    LEFT JOIN quality_results AS results ON results.model_id = windows.model_id AND results.window_from = windows.window_from
      AND results.window_until = windows.window_until AND results.kind = 'quality'
      AND results.environment = ${environment} ${version === null ? sql`` : sql`AND results.version = ${version}`}
    WHERE windows.kind = 'quality' AND windows.workspace_id = ${workspaceId}::uuid AND windows.model_id = ${modelId}::uuid
      AND windows.window_until > ${fromTime.toISOString()}::timestamptz AND windows.window_until <= ${untilTime.toISOString()}::timestamptz
    GROUP BY windows.window_from, windows.window_until, is_open ORDER BY windows.window_until LIMIT ${hoursMax}`);
  return toHours(found.rows);
}
