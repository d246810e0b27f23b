-- Offline rows that came lately are found by their place in the order of receipt.
ALTER TABLE offline_features ADD INDEX IF NOT EXISTS sequence_range sequence TYPE minmax GRANULARITY 1;

-- One feature of one version in one hour or day: what was served against the offline rows of the same predictions. The row of
-- feature '' counts the predictions themselves, and of how many both sides know; the other rows count the pairs of one feature. A bucket is replaced whole, as those of profiles are.
CREATE TABLE IF NOT EXISTS skew_profiles (
  workspace_id UUID,
  model_id UUID,
  environment LowCardinality(String),
  version LowCardinality(String),
  grain Enum8('1h' = 2, '1d' = 3),
  feature LowCardinality(String),
  bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
  prediction_count UInt64,
  pair_count UInt64,
  match_count UInt64,
  mismatch_count UInt64,
  type_mismatch_count UInt64,
  offline_only_count UInt64,
  served_only_count UInt64,
  first_differing_at DateTime64(3, 'UTC'),
  last_differing_at DateTime64(3, 'UTC'),
  -- Differing values that are not both numbers, spelled as JSON; the most frequent ones, and how many more pairs there were.
  confusion_offline Array(String) CODEC(ZSTD(1)),
  confusion_served Array(String) CODEC(ZSTD(1)),
  confusion_counts Array(UInt64) CODEC(ZSTD(1)),
  confusion_other UInt64,
  -- Served minus offline where both are numbers and differ, by left edges on the float grid.
  difference_resolution UInt8,
  difference_bins Array(Float64) CODEC(ZSTD(1)),
  difference_counts Array(UInt64) CODEC(ZSTD(1)),
  revision UInt64
) ENGINE = ReplacingMergeTree(revision)
PARTITION BY (grain, toYYYYMM(bucket))
ORDER BY (workspace_id, model_id, grain, environment, version, feature, bucket)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512, min_bytes_for_wide_part = 67108864;
