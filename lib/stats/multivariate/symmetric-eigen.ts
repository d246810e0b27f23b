/** Eigen-decomposition of a symmetric matrix, by Jacobi's rotations.
 *
 *  Definition. A v = lambda v; eigenvalues in falling order, eigenvectors of length 1 in the same order, each with its
 *  largest component positive. Cyclic sweeps until the sum of squares off the diagonal is below 1e-24 of that of the whole.
 *  Reference: Golub and Van Loan (2013), 8.5. Matches numpy.linalg.eigh up to the order and the sign.
 *  Degenerate input: no rows: nothing; a matrix that is not square, or not finite, is refused. Equal eigenvalues have no
 *  vectors of their own: any basis of their space comes back. */

export type Eigen = {
  readonly values: readonly number[];
  /** One row per eigenvector. */
  readonly vectors: readonly (readonly number[])[];
};

const SWEEPS_MAX = 60;
const OFF_DIAGONAL_SHARE = 1e-24;

export const eigenOfSymmetric = (matrix: readonly (readonly number[])[]): Eigen => {
  const size = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  for (const row of a)
    if (row.length !== size || !row.every(Number.isFinite))
      throw new RangeError("the matrix must be square and finite");
  const v = a.map((_, i) => Float64Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
  const whole = sumOfSquares(a, () => true);
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep += 1) {
    if (sumOfSquares(a, (i, j) => i !== j) <= OFF_DIAGONAL_SHARE * whole) break;
    for (let p = 0; p < size - 1; p += 1) for (let q = p + 1; q < size; q += 1) rotate(a, v, p, q);
  }
  const order = a.map((row, i) => ({ value: row[i] ?? 0, i })).sort((x, y) => y.value - x.value);
  return {
    values: order.map(({ value }) => value),
    vectors: order.map(({ i }) => withLargestPositive(v.map((row) => row[i] ?? 0))),
  };
};

const sumOfSquares = (
  a: readonly Float64Array[],
  counts: (i: number, j: number) => boolean,
): number => {
  let sum = 0;
  a.forEach((row, i) => {
    row.forEach((x, j) => {
      if (counts(i, j)) sum += x * x;
    });
  });
  return sum;
};

/** Turns the plane of p and q so that a[p][q] becomes 0. */
const rotate = (a: readonly Float64Array[], v: readonly Float64Array[], p: number, q: number) => {
  const [rowP, rowQ] = [a[p], a[q]];
  if (rowP === undefined || rowQ === undefined) return;
  const off = rowP[q] ?? 0;
  if (off === 0) return;
  const theta = ((rowQ[q] ?? 0) - (rowP[p] ?? 0)) / (2 * off);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (const row of a) {
    const [x, y] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
  for (let k = 0; k < rowP.length; k += 1) {
    const [x, y] = [rowP[k] ?? 0, rowQ[k] ?? 0];
    rowP[k] = c * x - s * y;
    rowQ[k] = s * x + c * y;
  }
  for (const row of v) {
    const [x, y] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
};

const withLargestPositive = (vector: readonly number[]): readonly number[] => {
  const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
  return largest < 0 ? vector.map((x) => 0 - x) : vector;
};
