import { and, asc, count, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { models } from "../schema/models.ts";
import { monitorSeries, monitors } from "../schema/monitors.ts";
import { users } from "../schema/workspaces.ts";
import type { PostgresScope } from "../scope.ts";

export type MonitorRow = typeof monitors.$inferSelect;
export type MonitorSeriesRow = typeof monitorSeries.$inferSelect;

/** What alerting needs of a monitor; null: it is gone. */
export async function findMonitorForAlerting(
  pg: Postgres,
  workspaceId: string,
  monitorId: string,
): Promise<MonitorRow | null> {
  const [found] = await pg
    .select()
    .from(monitors)
    .where(and(eq(monitors.workspaceId, workspaceId), eq(monitors.id, monitorId)))
    .limit(1);
  return found ?? null;
}

export const findMonitorRow = ({ pg, workspaceId }: PostgresScope, monitorId: string) =>
  findMonitorForAlerting(pg, workspaceId, monitorId);

const monitorsMax = 1_000;

const named = (pg: Postgres) =>
  pg
    .select({ monitor: monitors, model: models.name, ownerName: users.name })
    .from(monitors)
    .innerJoin(models, eq(models.id, monitors.modelId))
    .leftJoin(users, eq(users.id, monitors.ownerUserId));

/** One monitor, with the names of what it watches and who owns it; none if it is not there. */
export const listMonitorRow = ({ pg, workspaceId }: PostgresScope, monitorId: string) =>
  named(pg)
    .where(and(eq(monitors.workspaceId, workspaceId), eq(monitors.id, monitorId)))
    .limit(1);

/** The monitors of a workspace, or of one of its models; by model and name. */
export function listMonitorRows({ pg, workspaceId }: PostgresScope, modelId?: string) {
  return named(pg)
    .where(
      and(
        eq(monitors.workspaceId, workspaceId),
        ...(modelId === undefined ? [] : [eq(monitors.modelId, modelId)]),
      ),
    )
    .orderBy(asc(models.name), asc(monitors.name), asc(monitors.id))
    .limit(monitorsMax);
}

export async function countMonitors({ pg, workspaceId }: PostgresScope): Promise<number> {
  const [found] = await pg
    .select({ total: count() })
    .from(monitors)
    .where(eq(monitors.workspaceId, workspaceId));
  return found?.total ?? 0;
}

export async function insertMonitor(pg: Postgres, row: typeof monitors.$inferInsert) {
  await pg.insert(monitors).values(row);
}

export async function updateMonitorRow(
  { pg, workspaceId }: PostgresScope,
  monitorId: string,
  change: Partial<typeof monitors.$inferInsert>,
): Promise<void> {
  await pg
    .update(monitors)
    .set(change)
    .where(and(eq(monitors.workspaceId, workspaceId), eq(monitors.id, monitorId)));
}

export async function deleteMonitorRow(
  { pg, workspaceId }: PostgresScope,
  monitorId: string,
): Promise<void> {
  await pg
    .delete(monitors)
    .where(and(eq(monitors.workspaceId, workspaceId), eq(monitors.id, monitorId)));
}

const seriesMax = 5_000;

/** The newest outcome of every series of a monitor. */
export function listMonitorSeries(
  { pg, workspaceId }: PostgresScope,
  monitorId: string,
): Promise<MonitorSeriesRow[]> {
  return pg
    .select()
    .from(monitorSeries)
    .where(and(eq(monitorSeries.workspaceId, workspaceId), eq(monitorSeries.monitorId, monitorId)))
    .orderBy(asc(monitorSeries.seriesKey))
    .limit(seriesMax);
}

export interface MonitorSummary {
  monitorId: string;
  windowUntil: Date;
  seriesCount: number;
  firingCount: number;
  valueCount: number;
  failedCount: number;
  /** Of the worst series: beyond its threshold, or with the greatest value. */
  worst: MonitorSeriesRow;
}

/** Of each monitor the newest window: how many of its series are beyond the threshold, and which is the worst. */
export async function listMonitorSummaries(
  { pg, workspaceId }: PostgresScope,
  monitorIds: readonly string[],
): Promise<MonitorSummary[]> {
  if (monitorIds.length === 0) return [];
  const { rows } = await pg.execute<{
    monitor_id: string;
    series_count: string;
    firing_count: string;
    value_count: string;
    failed_count: string;
    series_key: string;
  }>(sql`
    WITH newest AS (
      SELECT *, max(window_until) OVER (PARTITION BY monitor_id) AS latest FROM monitor_series
      WHERE workspace_id = ${workspaceId} AND monitor_id IN (${sql.join(
        monitorIds.map((id) => sql`${id}::uuid`),
        sql`, `,
      )})),
    current AS (SELECT * FROM newest WHERE window_until = latest)
    SELECT monitor_id, count(*) AS series_count,
      count(*) FILTER (WHERE result->>'judged' = 'fire') AS firing_count,
      count(*) FILTER (WHERE result->>'kind' = 'value') AS value_count,
      count(*) FILTER (WHERE result->>'kind' = 'failed') AS failed_count,
      (array_agg(series_key ORDER BY (result->>'judged' = 'fire') DESC NULLS LAST, (result->>'kind' = 'failed') DESC,
        (result->>'value')::float8 DESC NULLS LAST, series_key))[1] AS series_key
    FROM current GROUP BY monitor_id
    LIMIT ${monitorsMax}`);
  const worst = new Map(
    (rows.length === 0
      ? []
      : await pg
          .select()
          .from(monitorSeries)
          .where(
            and(
              eq(monitorSeries.workspaceId, workspaceId),
              inArray(
                sql`(${monitorSeries.monitorId}::text || ${monitorSeries.seriesKey})`,
                rows.map((row) => row.monitor_id + row.series_key),
              ),
            ),
          )
          .limit(monitorsMax)
    ).map((row) => [row.monitorId, row]),
  );
  return rows.flatMap((row) => {
    const found = worst.get(row.monitor_id);
    if (found === undefined) return [];
    return [
      {
        monitorId: row.monitor_id,
        windowUntil: found.windowUntil,
        seriesCount: Number(row.series_count),
        firingCount: Number(row.firing_count),
        valueCount: Number(row.value_count),
        failedCount: Number(row.failed_count),
        worst: found,
      },
    ];
  });
}

/** What some monitors take, each once. */
export async function listMonitorStatistics(
  scope: PostgresScope,
  monitorIds: readonly string[],
): Promise<string[]> {
  if (monitorIds.length === 0) return [];
  const rows = await scope.pg
    .select({ definition: monitors.definition })
    .from(monitors)
    .where(and(eq(monitors.workspaceId, scope.workspaceId), inArray(monitors.id, [...monitorIds])))
    .limit(monitorIds.length);
  return [...new Set(rows.map(({ definition }) => definition.statistic))];
}
