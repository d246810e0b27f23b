import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import type { StoredPerformance } from "#db/clickhouse/queries/performance-rows.ts";
import { performanceRows } from "#db/clickhouse/queries/performance-rows.ts";
import type { PerformanceResultRow } from "#db/postgres/queries/performance-result.ts";
import { replacePerformanceResults } from "#db/postgres/queries/performance-result.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import type { Task } from "#lib/domain/model.ts";
import type { ClassPair } from "#lib/stats/performance/binary-view.ts";
import type { JudgedMetric } from "#lib/stats/performance/judge.ts";
import { judgeProfile } from "#lib/stats/performance/judge.ts";
import { fromStoredPerformance, readAsTask } from "#lib/stats/performance/profile.ts";
import type { ServiceContext, Stores } from "../context.ts";
import { evaluateWindows } from "../evaluation/evaluate-windows.ts";
import type { JobOutcome, JobProgress } from "../job/job-progress.ts";
import { createClassFinder } from "./find-classes.ts";

export interface EvaluatePerformanceOptions {
  workspaceId: string;
  modelId: string;
  now: Date;
  signal?: AbortSignal;
  progress?: JobProgress;
}

type Context = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;
interface Window {
  fromTime: Date;
  untilTime: Date;
}

/** Judges every day of a model whose performance was recomputed since it was last judged, oldest first, and keeps each metric of
 *  each version. Labels of any lateness make the days of their predictions due, and no other. */
export async function evaluatePerformance(
  stores: Stores,
  { workspaceId, modelId, now, signal, progress }: EvaluatePerformanceOptions,
): Promise<JobOutcome> {
  const pg = stores.postgres.db;
  const ctx = { pg, ch: scopeClickHouse(stores.clickhouse, workspaceId), workspaceId, signal };
  const task = await findModelTask(pg, modelId);
  const findClasses = createClassFinder(ctx, modelId);
  const key = { kind: "performance" as const, workspaceId, modelId };
  const count = await evaluateWindows({ stores, key, now, signal, progress }, async (window) => {
    const days = await readDay(ctx, modelId, window);
    const results: PerformanceResultRow[] = [];
    for (const day of days) {
      const classes = task === "binary" ? await findClasses(day, window) : null;
      results.push(...judgeDay({ workspaceId, modelId, window, now }, day, task, classes));
    }
    return {
      rowsRead: days.reduce((sum, { rowCount }) => sum + rowCount, 0),
      write: (tx) => replacePerformanceResults(tx, { modelId, ...window }, results),
    };
  });
  return count === 0
    ? { state: "skipped", detail: "No day changed since it was judged." }
    : { state: "done", detail: "" };
}

/** What each version answered in the window, set against the labels that hold. */
function readDay(
  ctx: Context,
  modelId: string,
  { fromTime, untilTime }: Window,
): Promise<StoredPerformance[]> {
  return ctx.ch.query(
    performanceRows,
    {
      modelId,
      environment: null,
      version: null,
      segmentKey: "",
      segmentValue: "",
      grains: ["1d"],
      fromSeconds: [fromTime.getTime() / 1000],
      untilSeconds: [untilTime.getTime() / 1000],
    },
    ctx.signal,
  );
}

function judgeDay(
  { window, now, ...key }: { workspaceId: string; modelId: string; window: Window; now: Date },
  day: StoredPerformance,
  task: Task | null,
  classes: ClassPair | null,
): PerformanceResultRow[] {
  const profile = readAsTask(fromStoredPerformance(day), day.task, task ?? "");
  const { metrics } = judgeProfile(profile, task, classes);
  return Object.entries(metrics).map(([metric, judged]) => ({
    ...key,
    environment: day.environment,
    version: day.version,
    metric,
    windowFrom: window.fromTime,
    windowUntil: window.untilTime,
    ...toKept(judged),
    rowCount: profile.rowCount,
    labelledCount: profile.labelledCount,
    computedAt: now,
  }));
}

function toKept(judged: JudgedMetric) {
  if (judged.kind === "undefined")
    return {
      value: null,
      undefinedReason: judged.reason,
      lower: null,
      upper: null,
      sampleCount: 0,
    };
  const { value, lower, upper, sampleCount } = judged;
  return { value, undefinedReason: null, lower, upper, sampleCount: Math.round(sampleCount) };
}
