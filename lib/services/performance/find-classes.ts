import { baselineClasses } from "#db/clickhouse/queries/baseline-classes.ts";
import { performanceRows } from "#db/clickhouse/queries/performance-rows.ts";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { ClassPair } from "#lib/stats/performance/binary-view.ts";
import { findClassPair } from "#lib/stats/performance/binary-view.ts";
import type { NamedCell } from "#lib/stats/performance/profile.ts";
import {
  fromStoredPerformance,
  mergePerformance,
  NO_PERFORMANCE,
  readAsTask,
} from "#lib/stats/performance/profile.ts";
import { exactCell } from "#lib/stats/performance/score-cells.ts";
import type { ServiceContext } from "../context.ts";

type Context = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

const daysBefore = 30;

/** Which class of a binary version is the positive one: as its baseline says, since a baseline never changes; else as the
 *  window and the days before it together. What one baseline says is looked up once. */
export function createClassFinder(ctx: Context, modelId: string) {
  const taught = new Map<string, Promise<ClassPair | null>>();
  return async (
    { environment, version }: { environment: string; version: string },
    window: { fromTime: Date; untilTime: Date },
  ): Promise<ClassPair | null> => {
    const known = taught.get(version) ?? findInBaseline(ctx, modelId, version);
    taught.set(version, known);
    return (await known) ?? findInDays(ctx, { modelId, environment, version }, window);
  };
}

async function findInDays(
  ctx: Context,
  version: { modelId: string; environment: string; version: string },
  window: { fromTime: Date; untilTime: Date },
): Promise<ClassPair | null> {
  const rows = await ctx.ch.query(
    performanceRows,
    {
      ...version,
      segmentKey: "",
      segmentValue: "",
      grains: ["1d"],
      fromSeconds: [(window.fromTime.getTime() - daysBefore * grainMs["1d"]) / 1000],
      untilSeconds: [window.untilTime.getTime() / 1000],
    },
    ctx.signal,
  );
  const parts = rows.map((row) => readAsTask(fromStoredPerformance(row), row.task, "binary"));
  return findClassPair(mergePerformance(parts));
}

async function findInBaseline(
  ctx: Context,
  modelId: string,
  version: string,
): Promise<ClassPair | null> {
  const baseline = await findActiveBaseline(ctx, modelId, version);
  if (baseline === null) return null;
  const key = { modelId, baselineId: baseline.id };
  const rows = await ctx.ch.query(baselineClasses, key, ctx.signal);
  const cells = rows.flatMap(({ meanScore, decision, label, count }): NamedCell[] =>
    meanScore === null
      ? []
      : [{ ...exactCell(meanScore, null, null, count), className: "", decision, label }],
  );
  return findClassPair({ ...NO_PERFORMANCE, pairs: rows, cells });
}
