import { latencySlices } from "#db/clickhouse/queries/latency-slices.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import type { SloRow } from "#db/postgres/queries/slo.ts";
import type { MeasuredSlice } from "#db/postgres/queries/slo-slice.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { SloIndicator } from "#lib/domain/slo.ts";
import { keptFromMs } from "./measure-freshness-slices.ts";
import type { MeasureContext, MeasureSpan } from "./measure-slices.ts";
import { idleSlice, settleMs } from "./time-slice.ts";

const sliceMs = grainMs["5m"];

/** How many predictions of each five minutes were answered in time. Those whose bin of the histogram holds the limit itself may be
 *  either, and are counted as unmeasured. */
export async function measureLatencySlices(
  ctx: MeasureContext,
  { modelId, environment, version }: SloRow,
  { latencyMs }: Extract<SloIndicator, { kind: "latency" }>,
  span: MeasureSpan,
): Promise<MeasuredSlice[]> {
  const fromMs = Math.max(span.fromTime.getTime(), keptFromMs(span.now));
  const untilMs = Math.floor((span.now.getTime() - settleMs) / sliceMs) * sliceMs;
  if (untilMs <= fromMs) return [];
  const read = { fromTime: new Date(fromMs), untilTime: new Date(untilMs) };
  const [rows, dirty] = await Promise.all([
    ctx.ch.query(latencySlices, { modelId, environment, version, latencyMs, ...read }, ctx.signal),
    listDirtyStretches(ctx, { modelId, ...read, widthMs: sliceMs, grains: ["5m"] }),
  ]);
  const byStart = new Map(rows.map((row) => [row.fromMs, row]));
  const waiting = new Set(dirty.map((one) => one.startMs));
  const slices: MeasuredSlice[] = [];
  for (let start = fromMs; start < untilMs; start += sliceMs) {
    const row = byStart.get(start);
    const isOpen = waiting.has(start);
    if (row === undefined && !isOpen) {
      slices.push(idleSlice(start, sliceMs, "no predictions with a latency"));
      continue;
    }
    const { rowCount = 0, leastCount = 0, mostCount = 0 } = row ?? {};
    slices.push({
      sliceFrom: new Date(start),
      sliceUntil: new Date(start + sliceMs),
      state: isOpen ? "provisional" : "settled",
      goodCount: leastCount,
      badCount: rowCount - mostCount,
      unmeasuredCount: mostCount - leastCount,
      value: rowCount === 0 ? null : leastCount / rowCount,
      reason: isOpen ? "rows of it are not profiled yet" : "",
    });
  }
  return slices;
}
