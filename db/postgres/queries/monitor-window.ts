import { and, eq, lt, sql } from "drizzle-orm";
import type { MonitorSeries, SeriesResult } from "#lib/domain/monitor.ts";
import type { Postgres } from "../client.ts";
import { monitorSeries, monitorWindows } from "../schema/monitors.ts";
import type { PostgresScope } from "../scope.ts";
import type { WindowTimes } from "./evaluated-window.ts";

export interface DueMonitor {
  workspaceId: string;
  monitorId: string;
  modelId: string;
  nextWindowUntil: Date;
}

const iso = (time: Date) => time.toISOString();

/** Monitors of every workspace whose next window is to be asked; for the worker alone. Locked until the transaction ends, so
 *  that each is opened once. */
export async function lockDueMonitors(
  tx: Postgres,
  { now, countMax, modelId }: { now: Date; countMax: number; modelId?: string | undefined },
): Promise<DueMonitor[]> {
  const { rows } = await tx.execute<{
    workspace_id: string;
    id: string;
    model_id: string;
    next_ms: string;
  }>(sql`
    SELECT workspace_id, id, model_id, (extract(epoch FROM next_window_until) * 1000)::bigint AS next_ms
    FROM monitors WHERE is_enabled AND due_at <= ${iso(now)}::timestamptz
      ${modelId === undefined ? sql`` : sql`AND model_id = ${modelId}::uuid`}
    ORDER BY due_at LIMIT ${countMax} FOR UPDATE SKIP LOCKED`);
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    monitorId: row.id,
    modelId: row.model_id,
    nextWindowUntil: new Date(Number(row.next_ms)),
  }));
}

const toJson = (windows: readonly WindowTimes[]) =>
  JSON.stringify(
    windows.map(({ fromTime, untilTime }) => ({
      from_ms: fromTime.getTime(),
      until_ms: untilTime.getTime(),
    })),
  );

/** Makes windows of a monitor due at once; one that was evaluated before is evaluated again. */
export async function openMonitorWindows(
  tx: Postgres,
  {
    workspaceId,
    monitorId,
    modelId,
    now,
  }: { workspaceId: string; monitorId: string; modelId: string; now: Date },
  windows: readonly WindowTimes[],
): Promise<void> {
  if (windows.length === 0) return;
  await tx.execute(sql`
    INSERT INTO monitor_windows (workspace_id, monitor_id, model_id, window_from, window_until, due_at)
    SELECT ${workspaceId}::uuid, ${monitorId}::uuid, ${modelId}::uuid, to_timestamp(from_ms / 1000.0), to_timestamp(until_ms / 1000.0), ${iso(now)}::timestamptz
    FROM jsonb_to_recordset(${toJson(windows)}::jsonb) AS opened (from_ms bigint, until_ms bigint)
    ORDER BY until_ms
    ON CONFLICT (monitor_id, window_until) DO UPDATE SET generation = monitor_windows.generation + 1,
      window_from = excluded.window_from, due_at = excluded.due_at, evaluated_at = NULL`);
}

/** Makes those windows of a model's monitors due again that hold one of these stretches whole, as a window is read from whole
 *  buckets. One that is being evaluated is marked as well: what it read may be older. */
export async function markMonitorWindows(
  tx: Postgres,
  { modelId, kinds, now }: { modelId: string; kinds: readonly string[]; now: Date },
  stretches: readonly WindowTimes[],
): Promise<void> {
  if (stretches.length === 0) return;
  const fromMs = Math.min(...stretches.map(({ fromTime }) => fromTime.getTime()));
  await tx.execute(sql`
    WITH touched AS (
      SELECT held.monitor_id, held.window_until FROM monitor_windows AS held
      JOIN monitors ON monitors.id = held.monitor_id
      WHERE held.model_id = ${modelId}::uuid
        AND held.window_until > to_timestamp(${fromMs / 1000}::float8)
        AND monitors.is_enabled AND monitors.kind IN (${sql.join(
          kinds.map((kind) => sql`${kind}`),
          sql`, `,
        )})
        AND EXISTS (
          SELECT 1 FROM jsonb_to_recordset(${toJson(stretches)}::jsonb) AS stretch (from_ms bigint, until_ms bigint)
          WHERE held.window_from <= to_timestamp(stretch.from_ms / 1000.0) AND held.window_until >= to_timestamp(stretch.until_ms / 1000.0))
      ORDER BY held.monitor_id, held.window_until
      FOR UPDATE OF held)
    UPDATE monitor_windows AS marked SET generation = marked.generation + 1, due_at = ${iso(now)}::timestamptz, attempts = 0
    FROM touched
    WHERE marked.monitor_id = touched.monitor_id AND marked.window_until = touched.window_until`);
}

export interface ClaimedWindow extends WindowTimes {
  generation: number;
  attempts: number;
}

export interface WindowClaim {
  workspaceId: string;
  monitorId: string;
  modelId: string;
  windows: ClaimedWindow[];
}

/** Where rows and labels come in a stream, every window that they belong to changes all the time: hundreds of each monitor. One that has a value is asked
 *  again once an eighth of its age, or ten minutes, have passed since it was asked; one that could not be said as soon as it changes. */
const isRested = (now: Date) => sql`(held.evaluated_at IS NULL OR held.worst_value IS NULL
    OR held.evaluated_at + LEAST((held.evaluated_at - held.window_until) / 8, interval '10 minutes') <= ${iso(now)}::timestamptz)`;

/** Takes due windows of one monitor, that which waits longest for its turn, the oldest first; what late rows have changed of old comes
 *  last, so that what happens now waits neither behind it nor behind another monitor. A monitor of which another worker holds a window is left alone, so that its windows come in order; a claim that is never
 *  settled runs out. Null: nothing is due. */
export async function claimMonitorWindows(
  pg: Postgres,
  rule: {
    now: Date;
    /** Windows that end before and came out once come last. */
    recentFrom: Date;
    leaseMs: number;
    windowsMax: number;
    modelId?: string | undefined;
  },
): Promise<WindowClaim | null> {
  const { now, recentFrom, leaseMs, windowsMax, modelId } = rule;
  const isDue = sql`held.generation > held.evaluated_generation AND held.due_at <= ${iso(now)}::timestamptz AND ${isRested(now)}`;
  const { rows } = await pg.execute<{
    workspace_id: string;
    monitor_id: string;
    model_id: string;
    from_ms: string;
    until_ms: string;
    generation: string;
    attempts: number;
  }>(sql`
    WITH picked AS (
      SELECT monitors.id FROM monitors
      WHERE monitors.is_enabled ${modelId === undefined ? sql`` : sql`AND monitors.model_id = ${modelId}::uuid`}
        AND EXISTS (SELECT 1 FROM monitor_windows AS held WHERE held.monitor_id = monitors.id AND ${isDue})
        AND NOT EXISTS (
          SELECT 1 FROM monitor_windows AS busy
          WHERE busy.monitor_id = monitors.id AND busy.generation > busy.evaluated_generation AND busy.claimed_until > ${iso(now)}::timestamptz)
      ORDER BY monitors.evaluated_at NULLS FIRST, monitors.id LIMIT 1 FOR UPDATE OF monitors SKIP LOCKED),
    due AS (
      SELECT monitor_id, window_until FROM monitor_windows AS held
      WHERE monitor_id = (SELECT id FROM picked) AND ${isDue}
        AND (held.claimed_until IS NULL OR held.claimed_until <= ${iso(now)}::timestamptz)
      ORDER BY held.evaluated_generation > 0 AND window_until <= ${iso(recentFrom)}::timestamptz, window_until LIMIT ${windowsMax} FOR UPDATE)
    UPDATE monitor_windows AS taken SET claimed_until = ${iso(new Date(now.getTime() + leaseMs))}::timestamptz
    FROM due WHERE taken.monitor_id = due.monitor_id AND taken.window_until = due.window_until
    RETURNING taken.workspace_id, taken.monitor_id, taken.model_id, (extract(epoch FROM taken.window_from) * 1000)::bigint AS from_ms,
      (extract(epoch FROM taken.window_until) * 1000)::bigint AS until_ms, taken.generation, taken.attempts`);
  const [first] = rows;
  if (first === undefined) return null;
  return {
    workspaceId: first.workspace_id,
    monitorId: first.monitor_id,
    modelId: first.model_id,
    windows: rows
      .map((row) => ({
        fromTime: new Date(Number(row.from_ms)),
        untilTime: new Date(Number(row.until_ms)),
        generation: Number(row.generation),
        attempts: row.attempts,
      }))
      .sort((a, b) => a.untilTime.getTime() - b.untilTime.getTime()),
  };
}

/** Notes that a window's outcome has seen what was marked when it was read. False: a run that saw as much or more was first, and
 *  this outcome is not written. Belongs in one transaction with the outcomes, before them: it holds the window. */
export async function settleMonitorWindow(
  tx: Postgres,
  monitorId: string,
  { untilTime, generation }: ClaimedWindow,
  outcome: { worstValue: number | null; firingCount: number; now: Date },
): Promise<boolean> {
  const { now, ...came } = outcome;
  const settled = await tx
    .update(monitorWindows)
    .set({
      evaluatedGeneration: generation,
      evaluatedAt: now,
      claimedUntil: null,
      attempts: 0,
      ...came,
    })
    .where(
      and(
        eq(monitorWindows.monitorId, monitorId),
        eq(monitorWindows.windowUntil, untilTime),
        sql`${monitorWindows.evaluatedGeneration} < ${generation}`,
      ),
    )
    .returning({ monitorId: monitorWindows.monitorId });
  return settled.length > 0;
}

/** Gives windows back, to be asked again at a later time. */
export async function postponeMonitorWindows(
  pg: Postgres,
  monitorId: string,
  windows: readonly ClaimedWindow[],
  { dueAt, isAttempt }: { dueAt: Date; isAttempt: boolean },
): Promise<void> {
  if (windows.length === 0) return;
  await pg.execute(sql`
    UPDATE monitor_windows SET due_at = ${iso(dueAt)}::timestamptz, claimed_until = NULL, attempts = attempts + ${isAttempt ? 1 : 0}
    WHERE monitor_id = ${monitorId}::uuid AND window_until IN (${sql.join(
      windows.map(({ untilTime }) => sql`${iso(untilTime)}::timestamptz`),
      sql`, `,
    )})`);
}

export async function deleteMonitorWindowsBefore(pg: Postgres, before: Date): Promise<void> {
  await pg.delete(monitorWindows).where(lt(monitorWindows.windowUntil, before));
}

export interface KeptOutcome {
  seriesKey: string;
  series: MonitorSeries;
  windowFrom: Date;
  windowUntil: Date;
  result: SeriesResult;
}

const chunkRows = 500;

/** Keeps how series came out; one that a newer window has overtaken stays as that window left it. */
export async function upsertMonitorSeries(
  tx: Postgres,
  { workspaceId, monitorId, now }: { workspaceId: string; monitorId: string; now: Date },
  outcomes: readonly KeptOutcome[],
): Promise<void> {
  for (let at = 0; at < outcomes.length; at += chunkRows) {
    await tx
      .insert(monitorSeries)
      .values(
        outcomes
          .slice(at, at + chunkRows)
          .map((outcome) => ({ ...outcome, workspaceId, monitorId, evaluatedAt: now })),
      )
      .onConflictDoUpdate({
        target: [monitorSeries.monitorId, monitorSeries.seriesKey],
        set: {
          series: sql`excluded.series`,
          windowFrom: sql`excluded.window_from`,
          windowUntil: sql`excluded.window_until`,
          result: sql`excluded.result`,
          evaluatedAt: sql`excluded.evaluated_at`,
        },
        setWhere: sql`excluded.window_until >= ${monitorSeries.windowUntil}`,
      });
  }
}

/** Forgets series that were not among the outcomes for so long: features that are gone, versions that are no longer seen. */
export async function deleteMonitorSeriesBefore(pg: Postgres, before: Date): Promise<void> {
  await pg.delete(monitorSeries).where(lt(monitorSeries.windowUntil, before));
}

/** The windows of an edited monitor were asked another question: late rows change them no more. */
export async function deleteMonitorWindows(tx: Postgres, monitorId: string): Promise<void> {
  await tx.delete(monitorWindows).where(eq(monitorWindows.monitorId, monitorId));
}

export async function deleteMonitorSeries(tx: Postgres, monitorId: string): Promise<void> {
  await tx.delete(monitorSeries).where(eq(monitorSeries.monitorId, monitorId));
}

export interface MonitorSpark {
  monitorId: string;
  windowUntil: Date;
  worstValue: number | null;
  firingCount: number;
}

const sparkWindowsMax = 48;

/** The last windows of some monitors that were asked, oldest first. */
export async function listMonitorSparks(
  { pg, workspaceId }: PostgresScope,
  monitorIds: readonly string[],
): Promise<MonitorSpark[]> {
  if (monitorIds.length === 0) return [];
  const { rows } = await pg.execute<{
    monitor_id: string;
    until_ms: string;
    worst_value: number | null;
    firing_count: number;
  }>(sql`
    SELECT held.monitor_id, (extract(epoch FROM held.window_until) * 1000)::bigint AS until_ms, held.worst_value, held.firing_count
    FROM unnest(ARRAY[${sql.join(
      monitorIds.map((id) => sql`${id}::uuid`),
      sql`, `,
    )}]) AS wanted (id)
    CROSS JOIN LATERAL (
      SELECT monitor_id, window_until, worst_value, firing_count FROM monitor_windows
      WHERE monitor_id = wanted.id AND workspace_id = ${workspaceId} AND evaluated_generation > 0
      ORDER BY window_until DESC LIMIT ${sparkWindowsMax}) AS held
    ORDER BY held.monitor_id, held.window_until`);
  return rows.map((row) => ({
    monitorId: row.monitor_id,
    windowUntil: new Date(Number(row.until_ms)),
    worstValue: row.worst_value,
    firingCount: row.firing_count,
  }));
}
