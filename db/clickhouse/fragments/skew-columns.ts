/** What a skew profile counts, which adds up over hours. */
export const skewCounts = [
  "prediction_count",
  "pair_count",
  "match_count",
  "mismatch_count",
  "type_mismatch_count",
  "offline_only_count",
  "served_only_count",
] as const;

/** A row that was not emptied. */
export const anyCount = `${skewCounts.join(" + ")} > 0`;

/** Differing pairs of values kept by name in one bucket. */
export const confusionPairsMax = 50;

/** Mantissa bits of a difference: bins of 6 %. Where a bucket would have more bins than a profile may, powers of two. */
export const differenceResolution = 4;

export const skewColumns = [
  "workspace_id",
  "model_id",
  "environment",
  "version",
  "segment_key",
  "segment_value",
  "grain",
  "feature",
  "bucket",
  ...skewCounts,
  "first_differing_at",
  "last_differing_at",
  "confusion_offline",
  "confusion_served",
  "confusion_counts",
  "confusion_other",
  "difference_resolution",
  "difference_bins",
  "difference_counts",
  "revision",
] as const;
