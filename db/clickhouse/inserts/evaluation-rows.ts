import type { SeriesOutcome } from "#lib/domain/monitor.ts";
import type { ClickHouseClient } from "../client.ts";

export interface EvaluationInsert {
  workspaceId: string;
  monitorId: string;
  monitorRevision: number;
  evaluatedAt: Date;
  outcomes: readonly SeriesOutcome[];
}

const secondsOf = (time: Date) => Math.floor(time.getTime() / 1000);

/** What a monitor's windows came out as. Written twice they are there once; the last evaluation of a window stands. */
export async function insertEvaluations(
  client: ClickHouseClient,
  { workspaceId, monitorId, monitorRevision, evaluatedAt, outcomes }: EvaluationInsert,
): Promise<void> {
  if (outcomes.length === 0) return;
  await client.insert({
    table: "evaluations",
    values: outcomes.map(({ series, windowFrom, windowUntil, result }) => ({
      workspace_id: workspaceId,
      monitor_id: monitorId,
      environment: series.environment,
      version: series.version,
      subject: series.subject,
      column: series.column,
      segment_key: series.segmentKey,
      segment_value: series.segmentValue,
      window_from: secondsOf(windowFrom),
      window_until: secondsOf(windowUntil),
      kind: result.kind,
      ...(result.kind === "value"
        ? {
            value: result.value,
            lower: result.lower,
            upper: result.upper,
            sample_count: Math.round(result.sampleCount),
            judged: result.judged,
            fire_threshold: result.fireThreshold,
            clear_threshold: result.clearThreshold,
            sentence: result.sentence,
          }
        : { sentence: result.reason }),
      monitor_revision: monitorRevision,
      evaluated_at: evaluatedAt.getTime(),
      revision: evaluatedAt.getTime(),
    })),
    format: "JSONEachRow",
    clickhouse_settings: { log_comment: "insertEvaluations", wait_end_of_query: 1 },
  });
}
