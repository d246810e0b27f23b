import type { ClickHouseClient } from "../client.ts";
import type { StoredPerformance } from "../queries/performance-rows.ts";

export interface PerformanceInsert {
  workspaceId: string;
  modelId: string;
  grain: "1h" | "1d";
  revision: number;
  rows: readonly StoredPerformance[];
}

/** Writes buckets that were put together outside the store. Written twice they are there once. */
export async function insertPerformanceRows(
  client: ClickHouseClient,
  { workspaceId, modelId, grain, revision, rows }: PerformanceInsert,
): Promise<void> {
  if (rows.length === 0) return;
  await client.insert({
    table: "performance_profiles",
    values: rows.map((row) => ({
      workspace_id: workspaceId,
      model_id: modelId,
      environment: row.environment,
      version: row.version,
      segment_key: row.segmentKey,
      segment_value: row.segmentValue,
      grain,
      bucket: row.bucketSeconds,
      task: row.task,
      row_count: row.rowCount,
      labelled_count: row.labelledCount,
      class_names: row.classNames,
      pair_decisions: row.pairDecisions,
      pair_labels: row.pairLabels,
      pair_counts: row.pairCounts,
      pair_other_count: row.pairOtherCount,
      resolution: row.resolution,
      cell_classes: row.cellClasses,
      cell_scores: row.cellScores,
      cell_decisions: row.cellDecisions,
      cell_labels: row.cellLabels,
      cell_counts: row.cellCounts,
      cell_sums: row.cellSums,
      cell_squares: row.cellSquares,
      cell_losses_positive: row.cellLossesPositive,
      cell_losses_negative: row.cellLossesNegative,
      moment_names: row.momentNames,
      moment_counts: row.momentCounts,
      moment_means: row.momentMeans.map(jsonNumber),
      moment_m2s: row.momentM2s.map(jsonNumber),
      residual_edges: row.residualEdges,
      residual_counts: row.residualCounts,
      delay_edges: row.delayEdges,
      delay_counts: row.delayCounts,
      // As text: of a number the store reads whole seconds only, and refuses the rest.
      newest_prediction_at: new Date(row.newestPredictionMs).toISOString(),
      newest_label_at: new Date(row.newestLabelMs).toISOString(),
      revision,
    })),
    format: "JSONEachRow",
    clickhouse_settings: { log_comment: "insertPerformanceRows", wait_end_of_query: 1 },
  });
}

/** JSON writes null for what is no finite number, and the store would read 0 of that: the word is read as it is meant. */
function jsonNumber(value: number): number | string {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}
