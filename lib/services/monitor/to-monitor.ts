import type { listMonitorRows, MonitorRow } from "#db/postgres/queries/monitor.ts";
import type { Monitor, MonitorPoint, MonitorResult, MonitorState } from "#lib/api/monitor.ts";
import type { SeriesOutcome, SeriesResult } from "#lib/domain/monitor.ts";
import { unitOf } from "#lib/domain/monitor-definition.ts";

type Listed = Awaited<ReturnType<typeof listMonitorRows>>[number];

export function toMonitor({ monitor, model, ownerName }: Listed): Monitor {
  const { workspaceId, modelId, nextWindowUntil, dueAt, ...row } = monitor;
  return {
    ...row,
    model,
    ownerName,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    evaluatedAt: row.evaluatedAt?.toISOString() ?? null,
    nextAt: dueAt.toISOString(),
    skippedUntil: row.skippedUntil?.toISOString() ?? null,
    unit: unitOf(row.kind, row.definition.statistic),
  };
}

export function toResult(result: SeriesResult): MonitorResult {
  if (result.kind !== "value")
    return {
      kind: result.kind,
      value: null,
      lower: null,
      upper: null,
      sampleCount: 0,
      judged: null,
      fireThreshold: null,
      clearThreshold: null,
      sentence: result.reason,
    };
  return { ...result, sampleCount: Math.round(result.sampleCount) };
}

export const toPoint = ({ windowFrom, windowUntil, result }: SeriesOutcome): MonitorPoint => ({
  ...toResult(result),
  from: windowFrom.toISOString(),
  until: windowUntil.toISOString(),
});

/** Beyond in one series is beyond; a value in none is unknown, and so is a failure. */
export function stateOf(
  { isEnabled }: Pick<MonitorRow, "isEnabled">,
  counts: { firingCount: number; valueCount: number; failedCount: number } | undefined,
): MonitorState {
  if (!isEnabled) return "off";
  if (counts === undefined) return "unknown";
  if (counts.firingCount > 0) return "breach";
  return counts.valueCount === 0 || counts.failedCount > 0 ? "unknown" : "healthy";
}
