/** Band of an estimate: how far what turns out may lie from it, and whether it may be trusted, by how far it was off before.
 *
 *  Errors. The reference is cut into n blocks; each is estimated from the others, and its error e is the estimate less what turned
 *  out. The method's own error is s = sqrt(mean e^2), about 0 and not about its mean: an estimate should not lean to a side. A
 *  window of fewer rows than a block adds, in squares, what its sampling error exceeds a block's by; where no sampling error is
 *  known all of s is taken for one. z is the error of a window whose labels have come, in units of s.
 *  Ignorance. Of rows that lie outside what the reference holds nothing is known: each could be right or wrong. A share u of them
 *  moves a metric by at most u times its reach (1 for accuracy, one over the share of predicted positives for precision).
 *  Band. s times the largest of: t_n, the Student quantile of 99.73 %, the level of three standard errors; t_{n+k} times the root of
 *  the mean square of all n + k errors; the ceil(0.9973 (k + 1))th smallest |z| of the k windows tried so far, the conformal
 *  quantile (Vovk et al. 2005), their greatest while k < 370: so that the share of tried windows inside it is what it claims.
 *  To this the reach of ignorance is added.
 *  Trust. None where the reference is too small; where ignorance alone could move the metric by more than s; and where the last
 *  five windows tried, of those not outside the reference, were off by more than the reference promises: mean z^2 against
 *  F(k, n), and |sum z| / sqrt(k) against t_n, which a steady lean shows in, each at 0.5 %.
 *  Degenerate input: fewer than five errors: no band. Errors that are all 0 prove no more than that one row in N + 2 may be wrong
 *  (Laplace 1774): s is at least reach sqrt(1 / (N + 2) / m) for m rows. */

import type { SamplingError } from "#lib/stats/performance/sampling-error.ts";
import { standardErrorOf } from "#lib/stats/performance/sampling-error.ts";
import { regularizedBeta } from "#lib/stats/regularized-beta.ts";
import { studentTwoSided } from "#lib/stats/student-distribution.ts";

/** What a reference teaches of one metric. */
export type MetricTrials = {
  /** Estimate less what turned out, block by block. */
  readonly errors: readonly number[];
  readonly samplingError: SamplingError | null;
  /** How far the metric moves, at most, per share of rows of which nothing is known. */
  readonly reach: number;
  readonly minimum: number;
  /** Null: none. */
  readonly maximum: number | null;
  /** Errors, sampling error and reach are shares of the estimate: a loss that is twice as large errs twice as far. */
  readonly isRelative: boolean;
};

export type TriedReference = {
  readonly rowCount: number;
  readonly blockCount: number;
  readonly blockRowCount: number;
};

/** Rows of which the reference says nothing: the feature (or "score") most of whose values lie outside. */
export type Outside = { readonly feature: string; readonly share: number };

export type BandedWindow = {
  /** Null: the metric has none. */
  readonly value: number | null;
  /** Null: not known yet, or of too few rows to tell anything. */
  readonly realised: number | null;
  readonly rowCount: number;
  /** Rows that `realised` is taken over. */
  readonly labelledCount: number;
  readonly outside: Outside | null;
  readonly fromMs: number;
  /** From when on `realised` is known. */
  readonly knownAtMs: number;
};

export type Distrust =
  | { readonly kind: "small_reference"; readonly rowCount: number; readonly blockCount: number }
  | ({ readonly kind: "outside_reference" } & Outside)
  | {
      readonly kind: "off_lately";
      /** How many times what the reference promised the estimate was off by. */
      readonly ratio: number;
      readonly windowCount: number;
    };

export type Estimate = {
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Null: it can be trusted. */
  readonly distrust: Distrust | null;
};

/** How the band did where labels came: windows that it was stated for and not disclaimed as outside the reference. */
export type TrustMeter = {
  readonly windowCount: number;
  readonly coveredCount: number;
  /** By how much the newest band is wider than the reference alone makes it. */
  readonly widening: number;
};

const BAND_LEVEL = 0.9973;
const BLOCKS_MIN = 5;
const REFERENCE_ROWS_MIN = 500;
const LATELY = 5;
const TEST_LEVEL = 0.005;
const HISTORY_MAX = 1_000;

/** Student's quantile at the upper 0.99865 for 5 to 40 degrees of freedom (scipy.stats.t.ppf); beyond, by its expansion. */
const STUDENT = [
  5.5071, 4.9041, 4.53, 4.2766, 4.0943, 3.9569, 3.8499, 3.7643, 3.6942, 3.6358, 3.5864, 3.5441,
  3.5075, 3.4755, 3.4472, 3.4222, 3.3997, 3.3796, 3.3613, 3.3448, 3.3296, 3.3158, 3.303, 3.2913,
  3.2804, 3.2703, 3.2609, 3.2522, 3.244, 3.2363, 3.2291, 3.2223, 3.2159, 3.2099, 3.2042, 3.1988,
];
export const studentQuantile = (n: number): number => STUDENT[n - BLOCKS_MIN] ?? 3 + 30 / (4 * n);

/** P(F > f) with (a, b) degrees of freedom; matches scipy.stats.f.sf. */
export const fisherSurvival = (f: number, a: number, b: number): number => {
  if (f <= 0) return 1;
  const whole = b + a * f;
  return regularizedBeta(b / 2, a / 2, { x: b / whole, y: (a * f) / whole }).lower;
};

const meanSquare = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value * value, 0) / values.length;

/** What is known of the errors of windows, in units of the method's own. */
type Tried = { readonly knownAtMs: number; readonly z: number; readonly isInside: boolean };

/** The half width in units of s, after these windows. */
const halfWidth = (blockCount: number, tried: readonly number[]): number => {
  const promised = studentQuantile(blockCount);
  if (tried.length === 0) return promised;
  const n = blockCount + tried.length;
  const pooled = (blockCount + tried.reduce((sum, z) => sum + z * z, 0)) / n;
  const sorted = tried.map(Math.abs).sort((a, b) => a - b);
  const place = Math.min(tried.length, Math.ceil(BAND_LEVEL * (tried.length + 1)));
  const conformal = sorted[place - 1] ?? 0;
  return Math.max(promised, studentQuantile(n) * Math.sqrt(pooled), conformal);
};

const offLately = (blockCount: number, tried: readonly number[]): Distrust | null => {
  const lately = tried.slice(-LATELY);
  const k = lately.length;
  if (k === 0) return null;
  const square = meanSquare(lately);
  const lean = Math.abs(lately.reduce((sum, z) => sum + z, 0)) / Math.sqrt(k);
  const isOff =
    fisherSurvival(square, k, blockCount) < TEST_LEVEL ||
    studentTwoSided(lean, blockCount) < TEST_LEVEL;
  return isOff ? { kind: "off_lately", ratio: Math.sqrt(square), windowCount: k } : null;
};

/** The method's own error for a window of so many rows. */
const ownError = (
  { errors, samplingError, reach }: MetricTrials,
  { rowCount: total, blockRowCount }: TriedReference,
  rowCount: number,
): number => {
  const least = (reach * reach) / (total + 2) / Math.max(1, rowCount);
  const square = Math.max(least, meanSquare(errors));
  if (rowCount <= 0 || rowCount >= blockRowCount) return Math.sqrt(square);
  const own = standardErrorOf(samplingError, rowCount);
  const block = standardErrorOf(samplingError, blockRowCount);
  if (own === null || block === null) return Math.sqrt((square * blockRowCount) / rowCount);
  return Math.sqrt(square + own * own - block * block);
};

/** An error of a method that never erred is as far out as one can be. */
const Z_MAX = 1e6;

/** Gives the estimates of windows, in order of time, their bands: each by what was known when it began. */
export const bandEstimates = (
  reference: TriedReference,
  trials: MetricTrials,
  windows: readonly BandedWindow[],
): { readonly estimates: readonly (Estimate | null)[]; readonly meter: TrustMeter } => {
  const tried: Tried[] = [];
  const blockCount = trials.errors.length;
  const { rowCount } = reference;
  const isSmall = rowCount < REFERENCE_ROWS_MIN || blockCount < BLOCKS_MIN;
  let widening = 1;
  const estimates = windows.map((window): Estimate | null => {
    const { value, realised, outside } = window;
    if (value === null) return null;
    const small: Distrust | null = isSmall
      ? { kind: "small_reference", rowCount, blockCount }
      : null;
    if (blockCount < BLOCKS_MIN) return { value, lower: null, upper: null, distrust: small };
    const known = tried
      .filter((one) => one.knownAtMs <= window.fromMs)
      .slice(-HISTORY_MAX)
      .map(({ z }) => z);
    const width = halfWidth(blockCount, known);
    widening = width / studentQuantile(blockCount);
    const own = ownError(trials, reference, window.rowCount);
    const unit = trials.isRelative ? value : 1;
    const ignorance = (outside?.share ?? 0) * trials.reach;
    const isOutside = outside !== null && ignorance > own;
    if (realised !== null && !isOutside) {
      const error = ownError(trials, reference, window.labelledCount);
      const off = unit === 0 ? Z_MAX * Math.sign(value - realised) : (value - realised) / unit;
      const z = off === 0 ? 0 : Math.max(-Z_MAX, Math.min(Z_MAX, off / error));
      const isInside = Math.abs(off) <= width * error + ignorance;
      tried.push({ knownAtMs: window.knownAtMs, z, isInside });
    }
    const half = unit * (width * own + ignorance);
    const distrust: Distrust | null = isOutside
      ? { kind: "outside_reference", ...outside }
      : offLately(blockCount, known);
    return {
      value,
      lower: Math.max(trials.minimum, value - half),
      upper: trials.maximum === null ? value + half : Math.min(trials.maximum, value + half),
      distrust: small ?? distrust,
    };
  });
  return {
    estimates,
    meter: {
      windowCount: tried.length,
      coveredCount: tried.filter(({ isInside }) => isInside).length,
      widening,
    },
  };
};
