/** What a row of performance_profiles says beside its key, its counts and its revision, in the order in which it is written. */
export const performanceArrays = [
  "class_names",
  "pair_decisions",
  "pair_labels",
  "pair_counts",
  "cell_classes",
  "cell_scores",
  "cell_decisions",
  "cell_labels",
  "cell_counts",
  "cell_sums",
  "cell_squares",
  "cell_losses_positive",
  "cell_losses_negative",
  "moment_names",
  "moment_counts",
  "moment_means",
  "moment_m2s",
  "residual_edges",
  "residual_counts",
  "delay_edges",
  "delay_counts",
] as const;

export const performanceKey = [
  "workspace_id",
  "model_id",
  "environment",
  "version",
  "segment_key",
  "segment_value",
  "grain",
  "bucket",
] as const;

/** Stands for a class of cells, or a decision or label of a cell, that is some other class than the cell's own. */
export const anotherClass = 65_535;
