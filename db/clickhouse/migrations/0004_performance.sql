-- Labels that came lately are found by their place in the order of receipt.
ALTER TABLE labels ADD INDEX IF NOT EXISTS sequence_minmax sequence TYPE minmax GRANULARITY 1;

-- The unit of performance: what one version answered in one bucket of time, set against the labels that hold. Everything
-- in it adds up, so that any window follows from its buckets. A bucket is replaced whole; keys that vanished are written
-- again with zero rows. A class or a cell's class is its place in class_names, from 1; 0 is none, 65535 another one.
CREATE TABLE IF NOT EXISTS performance_profiles (
  workspace_id UUID,
  model_id UUID,
  environment LowCardinality(String),
  version LowCardinality(String),
  segment_key LowCardinality(String),
  segment_value LowCardinality(String),
  grain Enum8('1h' = 2, '1d' = 3),
  bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  task LowCardinality(String),
  row_count UInt64,
  labelled_count UInt64,
  class_names Array(String) CODEC(ZSTD(3)),
  pair_decisions Array(UInt16) CODEC(ZSTD(3)),
  pair_labels Array(UInt16) CODEC(ZSTD(3)),
  pair_counts Array(UInt64) CODEC(ZSTD(3)),
  pair_other_count UInt64,
  resolution UInt8,
  cell_classes Array(UInt16) CODEC(ZSTD(3)),
  cell_scores Array(Float64) CODEC(ZSTD(3)),
  cell_decisions Array(UInt16) CODEC(ZSTD(3)),
  cell_labels Array(UInt16) CODEC(ZSTD(3)),
  cell_counts Array(UInt64) CODEC(ZSTD(3)),
  cell_sums Array(Float64) CODEC(ZSTD(3)),
  cell_squares Array(Float64) CODEC(ZSTD(3)),
  cell_losses_positive Array(Float64) CODEC(ZSTD(3)),
  cell_losses_negative Array(Float64) CODEC(ZSTD(3)),
  moment_names Array(LowCardinality(String)),
  moment_counts Array(UInt64),
  moment_means Array(Float64),
  moment_m2s Array(Float64),
  residual_edges Array(Float64) CODEC(ZSTD(3)),
  residual_counts Array(UInt64) CODEC(ZSTD(3)),
  delay_edges Array(Float64) CODEC(ZSTD(3)),
  delay_counts Array(UInt64) CODEC(ZSTD(3)),
  newest_prediction_at DateTime64(3, 'UTC'),
  newest_label_at DateTime64(3, 'UTC'),
  revision UInt64
) ENGINE = ReplacingMergeTree(revision)
PARTITION BY (grain, toYYYYMM(bucket))
ORDER BY (workspace_id, model_id, segment_key, segment_value, grain, environment, version, bucket)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512, min_bytes_for_wide_part = 67108864;
