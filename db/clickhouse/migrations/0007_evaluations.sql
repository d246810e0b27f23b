-- What every window of every series of every monitor came out as: the values behind the charts, kept for ever. An evaluation that late
-- rows make anew replaces the one before.
CREATE TABLE IF NOT EXISTS evaluations (
  workspace_id UUID,
  monitor_id UUID,
  environment LowCardinality(String),
  version LowCardinality(String),
  subject LowCardinality(String),
  column LowCardinality(String),
  segment_key LowCardinality(String),
  segment_value String CODEC(ZSTD(3)),
  window_from DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  window_until DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  kind Enum8('value' = 1, 'no_data' = 2, 'failed' = 3),
  value Nullable(Float64) CODEC(ZSTD(1)),
  lower Nullable(Float64) CODEC(ZSTD(1)),
  upper Nullable(Float64) CODEC(ZSTD(1)),
  sample_count UInt64 CODEC(T64, ZSTD(1)),
  judged LowCardinality(String),
  fire_threshold Nullable(Float64) CODEC(ZSTD(1)),
  clear_threshold Nullable(Float64) CODEC(ZSTD(1)),
  sentence String CODEC(ZSTD(3)),
  monitor_revision UInt32,
  evaluated_at DateTime64(3, 'UTC'),
  revision UInt64
) ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(window_until)
ORDER BY (workspace_id, monitor_id, environment, version, subject, column, segment_key, segment_value, window_until)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 1024;
