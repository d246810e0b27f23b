import { freshnessSlices } from "#db/clickhouse/queries/freshness-share.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import type { SloRow } from "#db/postgres/queries/slo.ts";
import type { MeasuredSlice } from "#db/postgres/queries/slo-slice.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { retentionDefaults } from "#lib/domain/limits.ts";
import type { SloIndicator } from "#lib/domain/slo.ts";
import { judgeSlices } from "#lib/rules/measure-freshness.ts";
import type { MeasureContext, MeasureSpan } from "./measure-slices.ts";
import { settleMs, timeSlice } from "./time-slice.ts";

const sliceMs = grainMs["5m"];

/** Whether the model was fresh at the end of each five minutes, as far back as profiles of five minutes are kept. */
export async function measureFreshnessSlices(
  ctx: MeasureContext,
  { modelId, environment, version }: SloRow,
  { ageMs }: Extract<SloIndicator, { kind: "freshness" }>,
  span: MeasureSpan,
): Promise<MeasuredSlice[]> {
  const fromMs = Math.max(span.fromTime.getTime(), keptFromMs(span.now));
  const untilMs = span.now.getTime() - settleMs;
  if (untilMs < fromMs + sliceMs) return [];
  const read = { fromTime: new Date(fromMs - ageMs), untilTime: new Date(untilMs) };
  const scope = { modelId, environment, version };
  const [slices, dirty] = await Promise.all([
    ctx.ch.query(freshnessSlices, { ...scope, ...read }, ctx.signal),
    listDirtyStretches(ctx, { modelId, ...read, widthMs: sliceMs, grains: ["5m"] }),
  ]);
  const waiting = new Set(dirty.map((one) => one.startMs));
  const firstMs = firstRowMs(slices[0]?.fromMs, span.firstDayMs);
  const judged = judgeSlices(slices, { fromMs, untilMs, ageMs, waiting });
  return judged.flatMap((slice) => {
    if (slice.fromMs < firstMs) return [];
    const reason = slice.isFresh === null ? "rows of it are not profiled yet" : "";
    return [timeSlice(slice.fromMs, sliceMs, { isGood: slice.isFresh, reason })];
  });
}

/** Before the first row of the first day there was nothing to be fresh. */
function firstRowMs(firstSliceMs: number | undefined, firstDayMs: number | null): number {
  if (firstDayMs === null) return firstSliceMs ?? Number.POSITIVE_INFINITY;
  const isFirst = firstSliceMs !== undefined && firstSliceMs < firstDayMs + grainMs["1d"];
  return isFirst ? firstSliceMs : firstDayMs;
}

/** Profiles of the first of the days that are kept may be gone already. */
export const keptFromMs = (now: Date): number =>
  Math.ceil((now.getTime() - (retentionDefaults.profile5mDays - 1) * grainMs["1d"]) / sliceMs) *
  sliceMs;
