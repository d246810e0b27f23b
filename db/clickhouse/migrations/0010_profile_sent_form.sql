-- Bins and counts of a profile in the form in which a scan sends them, made once where they are stored and not at every read. Parts of
-- before have these made while they are read, until they are merged.
-- Up to resolution 20 a bin is known by its distance from zero, counted in bins: the least of a profile's, and of each how much farther it
-- lies; none where 16 bits do not hold that, and none of finer bins, whose edges are sent.
ALTER TABLE profiles
  ADD COLUMN IF NOT EXISTS bin_base UInt32 MATERIALIZED arrayMin(arrayMap(e -> toUInt32(bitShiftRight(bitAnd(reinterpretAsUInt64(e), 9223372036854775807), toUInt8(52 - resolution))), if(resolution <= 20, bins, []))),
  ADD COLUMN IF NOT EXISTS bin_offsets Array(UInt16) MATERIALIZED arrayMap(e -> toUInt16(bitShiftRight(bitAnd(reinterpretAsUInt64(e), 9223372036854775807), toUInt8(52 - resolution)) - bin_base),
    if(resolution <= 20 AND arrayMax(e -> toUInt32(bitShiftRight(bitAnd(reinterpretAsUInt64(e), 9223372036854775807), toUInt8(52 - resolution))), bins) - bin_base < 65536, bins, [])) CODEC(Delta(2), ZSTD(1)),
  ADD COLUMN IF NOT EXISTS negative_bin_count UInt32 MATERIALIZED arrayCount(e -> e < 0, bins),
  -- The lowest byte of every count, then the next of every count where one of them has more, and so on.
  ADD COLUMN IF NOT EXISTS count_bytes Array(UInt8) MATERIALIZED arrayFlatten(arrayMap(shift -> arrayMap(c -> toUInt8(bitShiftRight(c, shift)), counts), arrayFilter(shift -> shift = 0 OR bitShiftRight(arrayMax(counts), shift) > 0, CAST([0, 8, 16, 24, 32, 40, 48, 56], 'Array(UInt8)')))) CODEC(ZSTD(1));
ALTER TABLE baseline_profiles
  ADD COLUMN IF NOT EXISTS bin_base UInt32 MATERIALIZED arrayMin(arrayMap(e -> toUInt32(bitShiftRight(bitAnd(reinterpretAsUInt64(e), 9223372036854775807), toUInt8(52 - resolution))), if(resolution <= 20, bins, []))),
  ADD COLUMN IF NOT EXISTS bin_offsets Array(UInt16) MATERIALIZED arrayMap(e -> toUInt16(bitShiftRight(bitAnd(reinterpretAsUInt64(e), 9223372036854775807), toUInt8(52 - resolution)) - bin_base),
    if(resolution <= 20 AND arrayMax(e -> toUInt32(bitShiftRight(bitAnd(reinterpretAsUInt64(e), 9223372036854775807), toUInt8(52 - resolution))), bins) - bin_base < 65536, bins, [])) CODEC(Delta(2), ZSTD(1)),
  ADD COLUMN IF NOT EXISTS negative_bin_count UInt32 MATERIALIZED arrayCount(e -> e < 0, bins),
  ADD COLUMN IF NOT EXISTS count_bytes Array(UInt8) MATERIALIZED arrayFlatten(arrayMap(shift -> arrayMap(c -> toUInt8(bitShiftRight(c, shift)), counts), arrayFilter(shift -> shift = 0 OR bitShiftRight(arrayMax(counts), shift) > 0, CAST([0, 8, 16, 24, 32, 40, 48, 56], 'Array(UInt8)')))) CODEC(ZSTD(1));
