import { firstProfiledDay } from "#db/clickhouse/queries/first-profiled-day.ts";
import type { SloRow } from "#db/postgres/queries/slo.ts";
import type { MeasuredSlice } from "#db/postgres/queries/slo-slice.ts";
import type { ServiceContext } from "../context.ts";
import { measureDriftSlices, measureQualitySlices } from "./measure-evaluated-slices.ts";
import { measureFreshnessSlices } from "./measure-freshness-slices.ts";
import { measureLatencySlices } from "./measure-latency-slices.ts";
import { measurePerformanceSlices } from "./measure-performance-slices.ts";

export type MeasureContext = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

export interface MeasureSpan {
  /** On the border of a slice. */
  fromTime: Date;
  now: Date;
  /** When the first day with rows begins; null where no day is profiled yet. */
  firstDayMs: number | null;
}

/** What the slices of an objective were from a time on, up to the last that can be judged now, in their order. Before the first day on
 *  which its model had rows there are none: nothing could be good or bad. */
export async function measureSlices(
  ctx: MeasureContext,
  slo: SloRow,
  { fromTime, now }: Pick<MeasureSpan, "fromTime" | "now">,
): Promise<MeasuredSlice[]> {
  const { modelId, environment, version } = slo;
  const scope = { modelId, environment, version };
  const [first] = await ctx.ch.query(firstProfiledDay, scope, ctx.signal);
  const firstDayMs = first?.fromMs ?? null;
  const fromMs = Math.max(fromTime.getTime(), firstDayMs ?? Number.NEGATIVE_INFINITY);
  return measureSpan(ctx, slo, { fromTime: new Date(fromMs), now, firstDayMs });
}

function measureSpan(
  ctx: MeasureContext,
  slo: SloRow,
  span: MeasureSpan,
): Promise<MeasuredSlice[]> {
  const { indicator } = slo;
  switch (indicator.kind) {
    case "freshness":
      return measureFreshnessSlices(ctx, slo, indicator, span);
    case "latency":
      return measureLatencySlices(ctx, slo, indicator, span);
    case "drift":
      return measureDriftSlices(ctx, slo, indicator, span);
    case "quality":
      return measureQualitySlices(ctx, slo, indicator, span);
    case "performance":
      return measurePerformanceSlices(ctx, slo, indicator, span);
  }
}
