import type { ClickHouseClient } from "../client.ts";

export interface EstimatedHour {
  bucketSeconds: number;
  rowCount: number;
  sampledCount: number;
  /** Of the performance that stood when the rows were read. */
  seenRevision: number;
  lossNames: readonly string[];
  lossMeans: readonly number[];
  classNames: readonly string[];
  cellClasses: readonly number[];
  cellScores: readonly number[];
  cellDecided: readonly number[];
  cellCounts: readonly number[];
  cellPositives: readonly number[];
}

export interface EstimateInsert {
  workspaceId: string;
  modelId: string;
  baselineId: string;
  environment: string;
  version: string;
  method: number;
  revision: number;
  hours: readonly EstimatedHour[];
}

/** Replaces the estimates of some hours. Written twice they are there once. */
export async function insertEstimatedHours(
  client: ClickHouseClient,
  {
    workspaceId,
    modelId,
    baselineId,
    environment,
    version,
    method,
    revision,
    hours,
  }: EstimateInsert,
): Promise<void> {
  if (hours.length === 0) return;
  await client.insert({
    table: "estimate_profiles",
    values: hours.map((hour) => ({
      workspace_id: workspaceId,
      model_id: modelId,
      baseline_id: baselineId,
      environment,
      version,
      bucket: hour.bucketSeconds,
      method,
      row_count: hour.rowCount,
      sampled_count: hour.sampledCount,
      loss_names: hour.lossNames,
      loss_means: hour.lossMeans,
      class_names: hour.classNames,
      cell_classes: hour.cellClasses,
      cell_scores: hour.cellScores,
      cell_decided: hour.cellDecided,
      cell_counts: hour.cellCounts,
      cell_positives: hour.cellPositives,
      seen_revision: hour.seenRevision,
      revision,
    })),
    format: "JSONEachRow",
    clickhouse_settings: { log_comment: "insertEstimatedHours", wait_end_of_query: 1 },
  });
}
