-- What an hour's predictions should turn out to be, by what was learned from one baseline: mean losses of a regression, expected
-- counts of each class and score of a model with many classes. Everything adds up over hours, weighted by row_count over
-- sampled_count. An hour is estimated anew when its performance has a newer revision than the one that was seen.
CREATE TABLE IF NOT EXISTS estimate_profiles (
  workspace_id UUID,
  model_id UUID,
  baseline_id UUID,
  environment LowCardinality(String),
  version LowCardinality(String),
  bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  method UInt32,
  row_count UInt64,
  sampled_count UInt64,
  loss_names Array(LowCardinality(String)),
  loss_means Array(Float64),
  class_names Array(String) CODEC(ZSTD(3)),
  cell_classes Array(UInt16) CODEC(ZSTD(3)),
  cell_scores Array(Float64) CODEC(ZSTD(3)),
  cell_decided Array(UInt8) CODEC(ZSTD(3)),
  cell_counts Array(Float64) CODEC(ZSTD(3)),
  cell_positives Array(Float64) CODEC(ZSTD(3)),
  seen_revision UInt64,
  revision UInt64
) ENGINE = ReplacingMergeTree(revision)
PARTITION BY toYYYYMM(bucket)
ORDER BY (workspace_id, model_id, baseline_id, environment, version, bucket)
TTL bucket + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512, ttl_only_drop_parts = 1;
