-- The unit of statistics: one feature (or the prediction, the rows, the latency...) of one version, environment and segment in
-- one bucket. A bucket is replaced whole; keys that vanished are written again with zero rows.
CREATE TABLE IF NOT EXISTS profiles (
  workspace_id UUID,
  model_id UUID,
  environment LowCardinality(String),
  version LowCardinality(String),
  segment_key LowCardinality(String),
  segment_value LowCardinality(String),
  grain Enum8('5m' = 1, '1h' = 2, '1d' = 3),
  subject LowCardinality(String),
  feature LowCardinality(String),
  bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  row_count UInt64,
  numeric_count UInt64,
  nan_count UInt64,
  positive_infinity_count UInt64,
  negative_infinity_count UInt64,
  null_count UInt64,
  absent_count UInt64,
  string_count UInt64,
  boolean_count UInt64,
  minimum Float64,
  maximum Float64,
  mean Float64,
  m2 Float64,
  resolution UInt8,
  zero_floor Float64,
  bins Array(Float64) CODEC(ZSTD(3)),
  counts Array(UInt64) CODEC(ZSTD(3)),
  value_names Array(String) CODEC(ZSTD(3)),
  value_counts Array(UInt64) CODEC(ZSTD(3)),
  other_count UInt64,
  distinct_count UInt64,
  newest_event_at DateTime64(3, 'UTC'),
  newest_received_at DateTime64(3, 'UTC'),
  newest_feature_at DateTime64(3, 'UTC'),
  revision UInt64
) ENGINE = ReplacingMergeTree(revision)
PARTITION BY (grain, toYYYYMM(bucket))
ORDER BY (workspace_id, model_id, segment_key, segment_value, grain, environment, version, subject, feature, bucket)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512, min_bytes_for_wide_part = 67108864;

-- A baseline's rows, in the shape of predictions, kept because exact tests need them.
CREATE TABLE IF NOT EXISTS baseline_rows (
  workspace_id UUID,
  model_id UUID,
  baseline_id UUID,
  row_number UInt64,
  prediction_id String,
  timestamp Nullable(DateTime64(3, 'UTC')),
  prediction_kind Enum8('none' = 0, 'number' = 1, 'class' = 2, 'object' = 3),
  prediction_value Nullable(Float64),
  prediction_label LowCardinality(String),
  prediction_score Nullable(Float64),
  probabilities Map(LowCardinality(String), Float64),
  numeric_features Map(LowCardinality(String), Float64),
  string_features Map(LowCardinality(String), LowCardinality(String)),
  boolean_features Map(LowCardinality(String), Bool),
  null_features Array(LowCardinality(String)),
  tags Map(LowCardinality(String), LowCardinality(String)),
  label_kind Enum8('none' = 0, 'number' = 1, 'class' = 2),
  label_value Nullable(Float64),
  label_class LowCardinality(String)
) ENGINE = ReplacingMergeTree
ORDER BY (workspace_id, model_id, baseline_id, row_number)
SETTINGS non_replicated_deduplication_window = 1000, min_bytes_for_wide_part = 268435456;

CREATE TABLE IF NOT EXISTS baseline_profiles (
  workspace_id UUID,
  model_id UUID,
  baseline_id UUID,
  segment_key LowCardinality(String),
  segment_value LowCardinality(String),
  subject LowCardinality(String),
  feature LowCardinality(String),
  row_count UInt64,
  numeric_count UInt64,
  nan_count UInt64,
  positive_infinity_count UInt64,
  negative_infinity_count UInt64,
  null_count UInt64,
  absent_count UInt64,
  string_count UInt64,
  boolean_count UInt64,
  minimum Float64,
  maximum Float64,
  mean Float64,
  m2 Float64,
  resolution UInt8,
  zero_floor Float64,
  bins Array(Float64) CODEC(ZSTD(3)),
  counts Array(UInt64) CODEC(ZSTD(3)),
  value_names Array(String) CODEC(ZSTD(3)),
  value_counts Array(UInt64) CODEC(ZSTD(3)),
  other_count UInt64,
  distinct_count UInt64,
  revision UInt64
) ENGINE = ReplacingMergeTree(revision)
ORDER BY (workspace_id, model_id, baseline_id, segment_key, segment_value, subject, feature)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512;
