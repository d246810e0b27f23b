-- The profiles of buckets, as 0002 to 0010 have them, in another order: the buckets of one time lie side by side, and within that those of one feature.
-- By feature alone, the hours of one day lay in as many places as there are features, and were read with the whole month.
-- A period is two hours of five minutes, a day of hours, thirty days of days, numbered from 1970.
CREATE TABLE IF NOT EXISTS bucket_profiles (
  workspace_id UUID,
  model_id UUID,
  environment LowCardinality(String),
  version LowCardinality(String),
  segment_key LowCardinality(String),
  segment_value LowCardinality(String),
  grain Enum8('5m' = 1, '1h' = 2, '1d' = 3),
  subject LowCardinality(String),
  period UInt32 MATERIALIZED intDiv(toUnixTimestamp(bucket), multiIf(grain = '5m', 7200, grain = '1h', 86400, 2592000)) CODEC(Delta(4), ZSTD(1)),
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
  bins Array(Float64) CODEC(Delta(8), ZSTD(1)),
  counts Array(UInt64) CODEC(T64, ZSTD(1)),
  value_names Array(String) CODEC(ZSTD(3)),
  value_counts Array(UInt64) CODEC(ZSTD(3)),
  other_count UInt64,
  distinct_count UInt64,
  newest_event_at DateTime64(3, 'UTC'),
  newest_received_at DateTime64(3, 'UTC'),
  newest_feature_at DateTime64(3, 'UTC'),
  revision UInt64,
  bin_base UInt32 MATERIALIZED greatest(arrayMin(arrayFilter(d -> d > 0, arrayMap(e -> bitShiftRight(bitAnd(reinterpretAsUInt64(e), 9223372036854775807), toUInt8(52 - resolution)), if(resolution <= 20, bins, [])))), 1) - 1,
  first_place Int32 MATERIALIZED arrayMap(e -> bitXor(greatest(toInt64(bitShiftRight(bitAnd(reinterpretAsUInt64(e), 9223372036854775807), toUInt8(52 - resolution))) - bin_base, 0), if(e < 0, -1, 0)), if(resolution <= 20, bins, []))[1],
  bin_gap_bytes Array(UInt8) MATERIALIZED arrayFlatten(arrayMap(shift -> arrayMap(g -> toUInt8(bitShiftRight(g, shift)), arrayMap(g -> toUInt64(g), arrayDifference(arrayMap(e -> bitXor(greatest(toInt64(bitShiftRight(bitAnd(reinterpretAsUInt64(e), 9223372036854775807), toUInt8(52 - resolution))) - bin_base, 0), if(e < 0, -1, 0)), if(resolution <= 20, bins, []))))), range(0, length(bin(arrayMax(arrayMap(g -> toUInt64(g), arrayDifference(arrayMap(e -> bitXor(greatest(toInt64(bitShiftRight(bitAnd(reinterpretAsUInt64(e), 9223372036854775807), toUInt8(52 - resolution))) - bin_base, 0), if(e < 0, -1, 0)), if(resolution <= 20, bins, []))))))), 8))) CODEC(ZSTD(1)),
  bin_count UInt32 MATERIALIZED length(bins),
  count_bytes Array(UInt8) MATERIALIZED arrayFlatten(arrayMap(shift -> arrayMap(c -> toUInt8(bitShiftRight(c, shift)), counts), range(0, length(bin(arrayMax(counts))), 8))) CODEC(ZSTD(1)),
  value_count_bytes Array(UInt8) MATERIALIZED arrayFlatten(arrayMap(shift -> arrayMap(c -> toUInt8(bitShiftRight(c, shift)), value_counts), range(0, length(bin(arrayMax(value_counts))), 8))) CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree(revision)
PARTITION BY (grain, toYYYYMM(bucket))
ORDER BY (workspace_id, model_id, segment_key, segment_value, grain, environment, version, subject, period, feature, bucket)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 64, min_bytes_for_wide_part = 67108864;
-- What a worker of before writes meanwhile.
CREATE MATERIALIZED VIEW IF NOT EXISTS profiles_written_meanwhile TO bucket_profiles AS SELECT
  workspace_id, model_id, environment, version, segment_key, segment_value, grain, subject, feature, bucket, row_count,
  numeric_count, nan_count, positive_infinity_count, negative_infinity_count, null_count, absent_count, string_count,
  boolean_count, minimum, maximum, mean, m2, resolution, zero_floor, bins, counts, value_names, value_counts, other_count,
  distinct_count, newest_event_at, newest_received_at, newest_feature_at, revision
FROM profiles;
-- Copied twice a profile is there once; of two the one of the later revision is.
INSERT INTO bucket_profiles (
  workspace_id, model_id, environment, version, segment_key, segment_value, grain, subject, feature, bucket, row_count,
  numeric_count, nan_count, positive_infinity_count, negative_infinity_count, null_count, absent_count, string_count,
  boolean_count, minimum, maximum, mean, m2, resolution, zero_floor, bins, counts, value_names, value_counts, other_count,
  distinct_count, newest_event_at, newest_received_at, newest_feature_at, revision)
SELECT
  workspace_id, model_id, environment, version, segment_key, segment_value, grain, subject, feature, bucket, row_count,
  numeric_count, nan_count, positive_infinity_count, negative_infinity_count, null_count, absent_count, string_count,
  boolean_count, minimum, maximum, mean, m2, resolution, zero_floor, bins, counts, value_names, value_counts, other_count,
  distinct_count, newest_event_at, newest_received_at, newest_feature_at, revision
FROM profiles WHERE _partition_id = {partition: String}
SETTINGS max_threads = 1, max_insert_threads = 1, max_block_size = 1024, min_insert_block_size_rows = 20000,
  min_insert_block_size_bytes = 33554432, max_execution_time = 0;
