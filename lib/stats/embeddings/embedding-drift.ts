/** Embedding drift: have the vectors of a window moved from the baseline's?
 *
 *  Definitions. Centroid distance: the Euclidean distance between the means, over sqrt(trace of the baseline's covariance),
 *  so that 1 is the typical distance of a baseline vector from its own mean; with no drift its square is about 1/n + 1/m.
 *  Cosine distance: 1 - cosine of the two means. MMD^2, unbiased: mean k(x, x') over pairs + mean k(y, y') over pairs
 *  - 2 mean k(x, y), k(a, b) = exp(-|a - b|^2 / (2 sigma^2)), sigma the median distance of all pairs; it is about 0 with no
 *  drift and may be negative. The p-value is by permutation of all vectors, (1 + as large) / (1 + all).
 *  In blocks: the sides are cut into blocks of equal size, and the mean of the blocks' MMD^2 needs the kernel of one block
 *  at a time; sigma is then that of the first block.
 *  Reference: Gretton and others (2012); Zaremba, Gretton and Blaschko (2013) for the blocks; Phipson and Smyth (2010).
 *  Matches the same sums in numpy.
 *  Degenerate input: a side without vectors, or vectors of different lengths: null; MMD^2 needs two a side; a zero mean has
 *  no direction: cosine null; a baseline of one point has no spread: centroid distance null unless the means are equal;
 *  vectors that are all the same: MMD^2 0, p = 1. */

export type Vectors = readonly ArrayLike<number>[];

const haveOneLength = (...sides: readonly Vectors[]): boolean => {
  const length = sides[0]?.[0]?.length;
  return (
    length !== undefined &&
    sides.every((side) => side.length > 0 && side.every((vector) => vector.length === length))
  );
};

const meanOf = (vectors: Vectors): Float64Array => {
  const mean = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let i = 0; i < mean.length; i += 1)
      mean[i] = (mean[i] ?? 0) + (vector[i] ?? 0) / vectors.length;
  return mean;
};

const squaredDistance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return sum;
};

export type CentroidDistance = {
  /** In units of the baseline's spread; null where it has none. */
  readonly distance: number | null;
  readonly nullExpectation: number;
  /** Null where a mean is zero. */
  readonly cosineDistance: number | null;
};

export const computeCentroidDistance = (
  baseline: Vectors,
  window: Vectors,
): CentroidDistance | null => {
  if (!haveOneLength(baseline, window)) return null;
  const [x, y] = [meanOf(baseline), meanOf(window)];
  const spread = baseline.reduce((sum, one) => sum + squaredDistance(one, x), 0) / baseline.length;
  const square = squaredDistance(x, y);
  const isPoint = square === 0 ? 0 : null;
  let [dot, xx, yy] = [0, 0, 0];
  x.forEach((a, i) => {
    const b = y[i] ?? 0;
    dot += a * b;
    xx += a * a;
    yy += b * b;
  });
  return {
    distance: spread > 0 ? Math.sqrt(square / spread) : isPoint,
    nullExpectation: Math.sqrt(1 / baseline.length + 1 / window.length),
    cosineDistance: xx === 0 || yy === 0 ? null : 1 - dot / Math.sqrt(xx * yy),
  };
};

export type Mmd = {
  readonly value: number;
  readonly sigma: number;
  readonly pValue: number;
  readonly permutationCount: number;
  readonly blockCount: number;
};

export type MmdOptions = {
  readonly random: () => number;
  readonly permutationCount?: number;
  /** Vectors of a side in a block; all of them in one where they are fewer. */
  readonly blockSize?: number;
};

const PERMUTATION_COUNT = 199;
const BLOCK_SIZE = 500;

type Block = { readonly kernel: Float64Array; readonly size: number; readonly n: number };

export const computeMmd = (
  baseline: Vectors,
  window: Vectors,
  { random, permutationCount = PERMUTATION_COUNT, blockSize = BLOCK_SIZE }: MmdOptions,
): Mmd | null => {
  if (!haveOneLength(baseline, window) || baseline.length < 2 || window.length < 2) return null;
  const larger = Math.max(baseline.length, window.length);
  const smaller = Math.min(baseline.length, window.length);
  // A block has at least two of each side.
  const blockCount = Math.max(1, Math.min(Math.ceil(larger / blockSize), Math.floor(smaller / 2)));
  let sigma = 0;
  let value = 0;
  const sums = new Float64Array(permutationCount);
  for (let b = 0; b < blockCount; b += 1) {
    const [xs, ys] = [partOf(baseline, b, blockCount), partOf(window, b, blockCount)];
    const squares = squaresOf([...xs, ...ys]);
    if (b === 0) sigma = Math.sqrt(medianOf(squares, xs.length + ys.length));
    const block = { kernel: kernelOf(squares, sigma), size: xs.length + ys.length, n: xs.length };
    const places = Int32Array.from({ length: block.size }, (_, i) => i);
    value += unbiasedMmd(block, places) / blockCount;
    for (let i = 0; i < permutationCount; i += 1) {
      shuffle(places, random);
      sums[i] = (sums[i] ?? 0) + unbiasedMmd(block, places) / blockCount;
    }
  }
  // Sums in another order differ in their last bits.
  const asLarge = sums.filter((other) => other >= value - 1e-12).length;
  return {
    value,
    sigma,
    pValue: (1 + asLarge) / (1 + permutationCount),
    permutationCount,
    blockCount,
  };
};

/** Every `count`-th vector from the b-th on. */
const partOf = (vectors: Vectors, b: number, count: number): Vectors =>
  vectors.filter((_, i) => i % count === b);

const squaresOf = (vectors: Vectors): Float64Array => {
  const size = vectors.length;
  const squares = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1)
    for (let j = i + 1; j < size; j += 1) {
      const square = squaredDistance(vectors[i] ?? [], vectors[j] ?? []);
      squares[i * size + j] = square;
      squares[j * size + i] = square;
    }
  return squares;
};

/** The median of the squared distances of all pairs, as numpy.median has it of the distances. */
const medianOf = (squares: Float64Array, size: number): number => {
  const pairs = new Float64Array((size * (size - 1)) / 2);
  let at = 0;
  for (let i = 0; i < size; i += 1)
    for (let j = i + 1; j < size; j += 1) {
      pairs[at] = Math.sqrt(squares[i * size + j] ?? 0);
      at += 1;
    }
  pairs.sort();
  const middle = pairs.length >> 1;
  const median =
    pairs.length % 2 === 1
      ? (pairs[middle] ?? 0)
      : ((pairs[middle - 1] ?? 0) + (pairs[middle] ?? 0)) / 2;
  return median * median;
};

const kernelOf = (squares: Float64Array, sigma: number): Float64Array =>
  squares.map((square) => (sigma > 0 ? Math.exp(-square / (2 * sigma * sigma)) : 1));

const unbiasedMmd = ({ kernel, size, n }: Block, places: Int32Array): number => {
  const m = size - n;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < size; i += 1) {
    const row = (places[i] ?? 0) * size;
    for (let j = i + 1; j < size; j += 1) {
      const k = kernel[row + (places[j] ?? 0)] ?? 0;
      if (j < n) xx += k;
      else if (i >= n) yy += k;
      else xy += k;
    }
  }
  return (2 * xx) / (n * (n - 1)) + (2 * yy) / (m * (m - 1)) - (2 * xy) / (n * m);
};

const shuffle = (places: Int32Array, random: () => number): void => {
  for (let i = places.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const kept = places[i] ?? 0;
    places[i] = places[j] ?? 0;
    places[j] = kept;
  }
};
