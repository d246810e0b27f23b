-- One row per accepted prediction. The sequence is the time of receipt in ms, shifted left by 22 bits, plus a counter:
-- the last received wins, and received_at costs no column of its own.
CREATE TABLE IF NOT EXISTS predictions (
  workspace_id UUID,
  model_id UUID,
  environment LowCardinality(String),
  version LowCardinality(String),
  prediction_id String CODEC(ZSTD(1)),
  timestamp DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  sequence UInt64 CODEC(Delta(8), ZSTD(1)),
  prediction_kind Enum8('none' = 0, 'number' = 1, 'class' = 2, 'object' = 3),
  prediction_value Nullable(Float64) CODEC(ZSTD(1)),
  prediction_label LowCardinality(String),
  prediction_score Nullable(Float64) CODEC(ZSTD(1)),
  probabilities Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
  numeric_features Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
  string_features Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
  boolean_features Map(LowCardinality(String), Bool),
  null_features Array(LowCardinality(String)),
  latency_ms Nullable(Float64),
  tags Map(LowCardinality(String), LowCardinality(String)) CODEC(ZSTD(1)),
  entity_id String CODEC(ZSTD(1)),
  feature_timestamps Map(LowCardinality(String), DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  explanations Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
  group_id String CODEC(ZSTD(1)),
  rank Nullable(UInt32),
  weight Nullable(Float64),
  trace_id String CODEC(ZSTD(1)),
  received_at DateTime64(3, 'UTC') ALIAS fromUnixTimestamp64Milli(toInt64(bitShiftRight(sequence, 22)), 'UTC'),
  INDEX prediction_id_bloom prediction_id TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX entity_id_bloom entity_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = ReplacingMergeTree(sequence)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (workspace_id, model_id, toStartOfFiveMinutes(timestamp), environment, version, prediction_id)
SETTINGS non_replicated_deduplication_window = 20000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_bytes_for_wide_part = 268435456, index_granularity_bytes = 67108864;

-- Every label ever sent, corrections included; the one that holds is the greatest (label_timestamp, sequence).
CREATE TABLE IF NOT EXISTS labels (
  workspace_id UUID,
  model_id UUID,
  environment LowCardinality(String),
  prediction_id String CODEC(ZSTD(1)),
  label_timestamp DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  sequence UInt64 CODEC(Delta(8), ZSTD(1)),
  label_kind Enum8('number' = 1, 'class' = 2),
  label_value Nullable(Float64),
  label_class LowCardinality(String),
  received_at DateTime64(3, 'UTC') ALIAS fromUnixTimestamp64Milli(toInt64(bitShiftRight(sequence, 22)), 'UTC'),
  INDEX prediction_id_bloom prediction_id TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = ReplacingMergeTree(sequence)
PARTITION BY toYYYYMM(label_timestamp)
ORDER BY (workspace_id, model_id, environment, prediction_id, label_timestamp)
SETTINGS non_replicated_deduplication_window = 20000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_bytes_for_wide_part = 268435456;

CREATE TABLE IF NOT EXISTS embeddings (
  workspace_id UUID,
  model_id UUID,
  environment LowCardinality(String),
  version LowCardinality(String),
  prediction_id String CODEC(ZSTD(1)),
  timestamp DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
  sequence UInt64 CODEC(Delta(8), ZSTD(1)),
  name LowCardinality(String),
  vector Array(Float32) CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree(sequence)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (workspace_id, model_id, toStartOfFiveMinutes(timestamp), environment, version, prediction_id, name)
SETTINGS non_replicated_deduplication_window = 20000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_bytes_for_wide_part = 268435456;

-- Rows that were refused, so that a person can look at them. model is the name that was sent.
CREATE TABLE IF NOT EXISTS rejections (
  workspace_id UUID,
  received_at DateTime64(3, 'UTC'),
  sequence UInt64,
  endpoint LowCardinality(String),
  model LowCardinality(String),
  prediction_id String,
  code LowCardinality(String),
  path String,
  message String,
  row String CODEC(ZSTD(3)),
  api_key_id UUID
) ENGINE = ReplacingMergeTree(sequence)
PARTITION BY toYYYYMM(received_at)
ORDER BY (workspace_id, received_at, sequence)
TTL toDateTime(received_at) + INTERVAL 30 DAY
SETTINGS non_replicated_deduplication_window = 20000, ttl_only_drop_parts = 1;
