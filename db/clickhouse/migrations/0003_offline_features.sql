-- What the offline store or the training pipeline says that the features of a prediction should have been. One row per
-- prediction and version, '' standing for every version that made the prediction; the last received wins. Sorted by id, since
-- it is only ever asked for by the ids of predictions. Partitioned by its own time, as predictions are: a row for an old
-- prediction goes to an old part, and retention deletes month by month.
CREATE TABLE IF NOT EXISTS offline_features (
  workspace_id UUID,
  model_id UUID,
  environment LowCardinality(String),
  prediction_id String CODEC(ZSTD(1)),
  version LowCardinality(String),
  timestamp DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  sequence UInt64 CODEC(Delta(8), ZSTD(1)),
  source LowCardinality(String),
  numeric_features Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
  string_features Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
  boolean_features Map(LowCardinality(String), Bool),
  null_features Array(LowCardinality(String)),
  received_at DateTime64(3, 'UTC') ALIAS fromUnixTimestamp64Milli(toInt64(bitShiftRight(sequence, 22)), 'UTC'),
  INDEX prediction_id_bloom prediction_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = ReplacingMergeTree(sequence)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (workspace_id, model_id, environment, prediction_id, version)
SETTINGS non_replicated_deduplication_window = 20000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_bytes_for_wide_part = 268435456, index_granularity_bytes = 67108864;
