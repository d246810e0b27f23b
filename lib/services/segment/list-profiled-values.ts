import type { ScopedClickHouse } from "#db/clickhouse/define-query.ts";
import { segmentValues } from "#db/clickhouse/queries/segment-values.ts";

/** Which values of a tag are profiled by name in a stretch of raw rows; everything is the one value "" of no key. */
export async function listProfiledValues(
  ch: ScopedClickHouse,
  { modelId, fromTime, untilTime }: { modelId: string; fromTime: Date; untilTime: Date },
  segmentKey: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  if (segmentKey === "") return [""];
  const rows = await ch.query(segmentValues, { modelId, fromTime, untilTime, segmentKey }, signal);
  return rows.length === 0 ? [""] : rows.map(({ value }) => value);
}
