import { columnRowCounts } from "#db/clickhouse/queries/row-counts.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Segment } from "#lib/domain/segment.ts";
import type { JudgedHour } from "#lib/rules/judge-volume.ts";
import { judgeVolume, volumeWeeks } from "#lib/rules/judge-volume.ts";
import type { ServiceContext } from "../context.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";

const hourMs = grainMs["1h"];
const historyMs = volumeWeeks * 7 * grainMs["1d"];

/** Complete hours of a model in an environment (of one version, where one is named), each judged against its own season on the
 *  wall clock of `zone`. */
export async function readHours(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">,
  ask: {
    modelId: string;
    environment: string;
    version: string | undefined;
    segment?: Segment | null | undefined;
    fromTime: Date;
    untilTime: Date;
    now: Date;
    zone: string;
  },
): Promise<JudgedHour[]> {
  const floor = (time: Date) => Math.floor(time.getTime() / hourMs) * hourMs;
  const untilMs = Math.min(floor(ask.now), Math.ceil(ask.untilTime.getTime() / hourMs) * hourMs);
  const fromMs = Math.min(floor(ask.fromTime), untilMs - hourMs);
  const span = { fromTime: new Date(fromMs - historyMs), untilTime: new Date(untilMs) };
  const [cells, dirty] = await Promise.all([
    ctx.ch.query(
      columnRowCounts,
      {
        modelIds: [ask.modelId],
        ...segmentParamsOf(ask),
        grain: "1h",
        ...span,
        columnSeconds: hourMs / 1000,
      },
      ctx.signal,
    ),
    listDirtyStretches(ctx, {
      modelId: ask.modelId,
      ...span,
      widthMs: hourMs,
      grains: ["5m", "1h"],
    }),
  ]);
  const waiting = new Set(dirty.map((one) => one.startMs));
  const counts = new Map<number, number>();
  for (const { environment, version, columnIndex, rowCount } of cells) {
    if (environment !== ask.environment) continue;
    if (ask.version !== undefined && version !== ask.version) continue;
    counts.set(columnIndex, (counts.get(columnIndex) ?? 0) + rowCount);
  }
  const firstMs = span.fromTime.getTime();
  const hours = Array.from({ length: (untilMs - firstMs) / hourMs }, (_, i) => {
    const at = firstMs + i * hourMs;
    // A late row that waits makes a known hour's count too small: what is dirty is not known.
    return { fromMs: at, rowCount: waiting.has(at) ? null : (counts.get(i) ?? 0) };
  });
  return judgeVolume(hours, { fromMs, zone: ask.zone });
}
