-- The edges of bins that have no number lie in a column of their own from now on, and in `bins` only those that have one: a scan reads the numbers, and had to
-- read all edges to find that it needs few. Of rows that were written before, and of those that a worker of before writes meanwhile, they are in both.
-- What a scan reads is written once and read by every page of its window: LZ4's middle level is read faster, for an eighth more of the disk. Parts of
-- before keep their codecs until they are merged.
ALTER TABLE bucket_profiles
  ADD COLUMN IF NOT EXISTS exact_edges Array(Float64) DEFAULT if(resolution > 20, bins, []) CODEC(Delta(8), ZSTD(1)),
  MODIFY COLUMN bin_count UInt32 MATERIALIZED length(counts),
  MODIFY COLUMN bin_gap_bytes CODEC(LZ4HC(2)),
  MODIFY COLUMN count_bytes CODEC(LZ4HC(2)),
  MODIFY COLUMN value_names CODEC(LZ4HC(2)),
  MODIFY COLUMN value_count_bytes CODEC(LZ4HC(2));
ALTER TABLE baseline_profiles
  ADD COLUMN IF NOT EXISTS exact_edges Array(Float64) DEFAULT if(resolution > 20, bins, []) CODEC(Delta(8), ZSTD(1)),
  MODIFY COLUMN bin_count UInt32 MATERIALIZED length(counts),
  MODIFY COLUMN bin_gap_bytes CODEC(LZ4HC(2)),
  MODIFY COLUMN count_bytes CODEC(LZ4HC(2)),
  MODIFY COLUMN value_names CODEC(LZ4HC(2)),
  MODIFY COLUMN value_count_bytes CODEC(LZ4HC(2));
