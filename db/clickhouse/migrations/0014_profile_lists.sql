-- The edges of bins that have no place, of which there are few, in a column of their own: to find that there are none, the edges of all were read.
-- Lists that a scan sends are written once and read by every page of their window: LZ4's middle level is read faster, for an eighth more of what
-- profiles take. Parts of before have edges made while they are read, and keep their codecs, until they are merged.
ALTER TABLE bucket_profiles
  ADD COLUMN IF NOT EXISTS exact_edges Array(Float64) MATERIALIZED if(resolution > 20, bins, []) CODEC(Delta(8), ZSTD(1)),
  MODIFY COLUMN bin_gap_bytes CODEC(LZ4HC(2)),
  MODIFY COLUMN count_bytes CODEC(LZ4HC(2)),
  MODIFY COLUMN value_names CODEC(LZ4HC(2)),
  MODIFY COLUMN value_count_bytes CODEC(LZ4HC(2));
ALTER TABLE baseline_profiles
  ADD COLUMN IF NOT EXISTS exact_edges Array(Float64) MATERIALIZED if(resolution > 20, bins, []) CODEC(Delta(8), ZSTD(1)),
  MODIFY COLUMN bin_gap_bytes CODEC(LZ4HC(2)),
  MODIFY COLUMN count_bytes CODEC(LZ4HC(2)),
  MODIFY COLUMN value_names CODEC(LZ4HC(2)),
  MODIFY COLUMN value_count_bytes CODEC(LZ4HC(2));
