/** The float-bit grid: the bins that every numeric histogram of the product shares.
 *
 *  Definition. u = the 64 bits of (x + 0) as an unsigned integer (the + 0 turns -0.0 into 0.0);
 *    key(x)    = u < 2^63 ? u + 2^63 : 2^64 - 1 - u        (grows with x)
 *    bin(x, s) = |x| < zeroFloor ? bin(0, s) : key(x) >> (52 - s),   s = "resolution", 0..52 mantissa bits
 *  so there are 2^s bins to the octave, a bin of resolution s is a union of bins of any finer one, and s = 52 keeps every
 *  value apart. Stored and merged, a bin is its *left edge*, the smallest double inside it, which names it uniquely,
 *  sorts, fits JSON and needs no 64-bit integers in TypeScript. In SQL, from a bin number to its edge:
 *    key  = bitShiftLeft(bin, toUInt8(52 - s))
 *    edge = reinterpretAsFloat64(if(key >= 9223372036854775808, bitXor(key, 9223372036854775808), bitNot(key)))
 *  A negative bin's left edge ends in ones: -1.0312499999999998 is the smallest double of the bin of -1 at s = 5.
 *  Its values are left edge <= x < left edge of the next bin. The zero bin (edge 0) holds every |x| < zeroFloor.
 *
 *  Rule for the grid of one profile row (`chooseGrid`), from its finite values alone, with at most 1,024 bins:
 *    1. at most 1,024 distinct values: s = 52, zeroFloor = 0 (the histogram is exact);
 *    2. zeroFloor = 0 unless minimum < 0 < maximum; then, over the bins of s = 5 in rising order with running count c of
 *       n values, q25 and q75 are the left edges of the first bins with 4c >= n and 4c >= 3n, and zeroFloor is
 *       0.001 * q75 - 0.001 * q25 with its 52 mantissa bits cleared (the largest power of two not above it; 0 if subnormal);
 *    3. s is the finest resolution at which the values occupy at most 1,024 bins, else 0 (at most 4,094 bins).
 *  Bins occupied at s = 1 + the number of neighbours, among the sorted distinct keys, whose keys share fewer than 12 + s
 *  leading bits; one pass therefore counts all 53 resolutions.
 *
 *  NaN and the infinities are counted apart and have no bin; giving them to this file is an error of the caller, and what
 *  comes back is not defined. Test vectors: reference/float-grid.json (numpy). */

export const RESOLUTION_MAX = 52;
export const PROFILE_BIN_COUNT_MAX = 1024;
export const QUARTILE_RESOLUTION = 5;
const SIGN_AND_EXPONENT_BITS = 12;
const SIGN_BIT = 1n << 63n;
const ALL_BITS = (1n << 64n) - 1n;
const SIGN_WORD = 0x80000000;
const WORD = 2 ** 32;

const floats = new Float64Array(1);
const words = new Uint32Array(floats.buffer);
const wide = new BigUint64Array(floats.buffer);
floats[0] = 1;
/** Which of the two words of a double is which, on this machine. */
export const HIGH = words[1] === 0x3ff00000 ? 1 : 0;
export const LOW = 1 - HIGH;

export type Grid = { readonly resolution: number; readonly zeroFloor: number };

/** Low bits of the two words that a bin of this resolution ignores. */
export const ignoredBits = (resolution: number): { high: number; low: number } => {
  const dropped = RESOLUTION_MAX - resolution;
  if (dropped >= 32) return { high: 2 ** (dropped - 32) - 1, low: 0xffffffff };
  return { high: 0, low: 2 ** dropped - 1 };
};

/** A function that maps a finite value, or the left edge of a bin of a finer grid, to the left edge of its bin. */
export const leftEdgeOn = ({ resolution, zeroFloor }: Grid): ((x: number) => number) => {
  if (!Number.isInteger(resolution) || resolution < 0 || resolution > RESOLUTION_MAX) {
    throw new RangeError(`resolution must be an integer from 0 to 52, not ${resolution}`);
  }
  const ignored = ignoredBits(resolution);
  const keptHigh = ~ignored.high;
  const keptLow = ~ignored.low;
  return (x) => {
    if (x < zeroFloor && x > -zeroFloor) return 0;
    floats[0] = x + 0;
    const high = words[HIGH] ?? 0;
    const low = words[LOW] ?? 0;
    if (high >= 0x80000000) {
      words[HIGH] = high | ignored.high;
      words[LOW] = low | ignored.low;
    } else {
      words[HIGH] = high & keptHigh;
      words[LOW] = low & keptLow;
    }
    return floats[0];
  };
};

export const leftEdgeOf = (x: number, grid: Grid): number => leftEdgeOn(grid)(x);

const keyOf = (x: number): bigint => {
  floats[0] = x + 0;
  const bits = wide[0] ?? 0n;
  return bits < SIGN_BIT ? bits + SIGN_BIT : ALL_BITS - bits;
};

const floatOfKey = (key: bigint): number => {
  wide[0] = key >= SIGN_BIT ? key - SIGN_BIT : ALL_BITS - key;
  return floats[0] ?? 0;
};

/** The bin number, as SQL computes it. */
export const binOf = (x: number, { resolution, zeroFloor }: Grid): bigint =>
  keyOf(Math.abs(x) < zeroFloor ? 0 : x) >> BigInt(RESOLUTION_MAX - resolution);

/** The left edge of a bin number. */
export const leftEdgeOfBin = (bin: bigint, resolution: number): number =>
  floatOfKey(bin << BigInt(RESOLUTION_MAX - resolution));

/** A function that says where a bin ends, from its left edge: the left edge of the next one, itself outside. `Infinity` above the
 *  last bin. On two words: a histogram asks it a thousand times. */
export const rightEdgeOn = ({ resolution, zeroFloor }: Grid): ((leftEdge: number) => number) => {
  const dropped = RESOLUTION_MAX - resolution;
  const stepHigh = dropped >= 32 ? 2 ** (dropped - 32) : 0;
  const stepLow = dropped >= 32 ? 0 : 2 ** dropped;
  return (leftEdge) => {
    if (leftEdge === 0 && zeroFloor > 0) return zeroFloor;
    floats[0] = leftEdge + 0;
    const high = words[HIGH] ?? 0;
    const low = words[LOW] ?? 0;
    if (high < SIGN_WORD) {
      const sum = low + stepLow;
      words[LOW] = sum;
      words[HIGH] = high + stepHigh + (sum >= WORD ? 1 : 0);
      return floats[0];
    }
    // Below zero the bits fall as keys grow; past the last negative key they are those of the positive ones, upside down.
    const isBorrowed = low < stepLow;
    const newHigh = high - stepHigh - (isBorrowed ? 1 : 0);
    const newLow = low - stepLow + (isBorrowed ? WORD : 0);
    const isNegative = newHigh >= SIGN_WORD;
    words[LOW] = isNegative ? newLow : WORD - 1 - newLow;
    words[HIGH] = isNegative ? newHigh : SIGN_WORD - 1 - newHigh;
    return floats[0];
  };
};

export const rightEdgeOf = (leftEdge: number, grid: Grid): number => rightEdgeOn(grid)(leftEdge);

/** The finest resolution, not above the given one, at which sorted distinct values occupy at most `binCountMax` bins. */
export const finestResolution = (
  sortedDistinct: ArrayLike<number>,
  resolutionMax: number,
  binCountMax: number,
): number => {
  const count = sortedDistinct.length;
  const values = new Float64Array(count);
  for (let i = 0; i < count; i += 1) values[i] = (sortedDistinct[i] ?? 0) + 0;
  const valueWords = new Int32Array(values.buffer);
  // Leading bits that two keys share, 0..64: neighbouring bits of values with the same sign share as many as their keys.
  const neighboursBySharedBits = new Uint32Array(65);
  for (let i = 1; i < count; i += 1) {
    const difference = (valueWords[2 * i - 2 + HIGH] ?? 0) ^ (valueWords[2 * i + HIGH] ?? 0);
    const shared =
      difference === 0
        ? 32 + Math.clz32((valueWords[2 * i - 2 + LOW] ?? 0) ^ (valueWords[2 * i + LOW] ?? 0))
        : Math.clz32(difference);
    neighboursBySharedBits[shared] = (neighboursBySharedBits[shared] ?? 0) + 1;
  }
  let binCount = 1;
  for (let shared = 0; shared < SIGN_AND_EXPONENT_BITS; shared += 1) {
    binCount += neighboursBySharedBits[shared] ?? 0;
  }
  let resolution = 0;
  while (resolution < resolutionMax) {
    binCount += neighboursBySharedBits[SIGN_AND_EXPONENT_BITS + resolution] ?? 0;
    if (binCount > binCountMax) break;
    resolution += 1;
  }
  return resolution;
};

/** The distinct ones of a rising list, of which those nearer to zero than the floor are one: 0. */
export const flooredEdges = (sorted: ArrayLike<number>, zeroFloor: number): Float64Array => {
  let kept = 0;
  const distinct = new Float64Array(sorted.length);
  for (let i = 0; i < sorted.length; i += 1) {
    const x = sorted[i] ?? 0;
    const floored = x < zeroFloor && x > -zeroFloor ? 0 : x + 0;
    if (kept > 0 && distinct[kept - 1] === floored) continue;
    distinct[kept] = floored;
    kept += 1;
  }
  return distinct.subarray(0, kept);
};

const powerOfTwoAtMost = (x: number): number => {
  floats[0] = x;
  words[HIGH] = (words[HIGH] ?? 0) & 0x7ff00000;
  words[LOW] = 0;
  return floats[0];
};

type Bins = { readonly edges: ArrayLike<number>; readonly counts: ArrayLike<number> };
type Extent = { readonly count: number; readonly minimum: number; readonly maximum: number };

/** The left edges on the grid of 5 bits of the bins that hold the quartiles, from bins in rising order on a grid of at least 5
 *  bits. */
export const quartileEdgesOf = (
  { edges, counts }: Bins,
  count: number,
): { lower: number; upper: number } => {
  const edgeOf = leftEdgeOn({ resolution: QUARTILE_RESOLUTION, zeroFloor: 0 });
  let running = 0;
  let lower: number | null = null;
  for (let i = 0; i < edges.length; i += 1) {
    running += counts[i] ?? 0;
    if (lower === null && 4 * running >= count) lower = edgeOf(edges[i] ?? 0);
    if (4 * running >= 3 * count) return { lower: lower ?? 0, upper: edgeOf(edges[i] ?? 0) };
  }
  return { lower: 0, upper: 0 };
};

/** The zero floor by the rule above, from bins in rising order on a grid of at least 5 bits. */
export const zeroFloorOf = (bins: Bins, { count, minimum, maximum }: Extent): number => {
  if (!(minimum < 0 && maximum > 0)) return 0;
  const { lower, upper } = quartileEdgesOf(bins, count);
  return powerOfTwoAtMost(0.001 * upper - 0.001 * lower);
};

/** The grid of one profile row by the rule above, from bins in rising order on a grid of `resolutionMax`; if that is
 *  not the finest, there are too many values to keep each apart. No bins: the finest grid, the identity of
 *  merging. */
export const gridOfBins = (
  bins: Bins,
  extent: Extent,
  resolutionMax: number,
  binCountMax: number = PROFILE_BIN_COUNT_MAX,
): Grid => {
  const isExact = resolutionMax === RESOLUTION_MAX;
  if (isExact && bins.edges.length <= binCountMax)
    return { resolution: resolutionMax, zeroFloor: 0 };
  const zeroFloor = zeroFloorOf(bins, extent);
  const floored = flooredEdges(bins.edges, zeroFloor);
  return { resolution: finestResolution(floored, resolutionMax, binCountMax), zeroFloor };
};

/** The same from the values. */
export const chooseGrid = (
  finiteValues: ArrayLike<number>,
  binCountMax: number = PROFILE_BIN_COUNT_MAX,
): Grid => {
  const sorted = Float64Array.from(finiteValues).sort();
  const edges = flooredEdges(sorted, 0);
  const counts = new Float64Array(edges.length);
  for (let i = 0, at = -1; i < sorted.length; i += 1) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) at += 1;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const extent = {
    count: sorted.length,
    minimum: sorted[0] ?? 0,
    maximum: sorted.at(-1) ?? 0,
  };
  return gridOfBins({ edges, counts }, extent, RESOLUTION_MAX, binCountMax);
};
