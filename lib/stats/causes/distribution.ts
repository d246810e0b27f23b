/** Distribution: what a histogram says of a column, as pieces of mass that can be moved: scaled, clipped, rounded, mixed.
 *
 *  A bin that holds one value is an atom (`left` = `right`); any other spreads its mass evenly between its edges. So what is
 *  computed from atoms is exact, and what is computed from spread bins is within the mass of one bin.
 *  `gapsBetween` compares two distributions by their distribution functions F and G: the Wasserstein distance, the
 *  integral of |F - G| over x; the mean gap, the integral of |F - G| over (F + G) / 2, which is blind to the unit, between
 *  0 and 0.5; and the largest gap, which is the Kolmogorov-Smirnov distance. Atoms within 1e-9 of each other are one.
 *  Matches scipy.stats.wasserstein_distance and the statistic of scipy.stats.ks_2samp on atoms.
 *  Degenerate input: an empty side: null. */

import { rightEdgeOf } from "#lib/stats/float-grid.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import { isExactHistogram, totalCountOf } from "#lib/stats/numeric-histogram.ts";

export type Piece = { readonly left: number; readonly right: number; readonly mass: number };
/** Pieces whose masses add up to 1. */
export type Distribution = readonly Piece[];

type Sided = NumericHistogram & {
  readonly minimum: number | null;
  readonly maximum: number | null;
};

export const distributionOf = (histogram: Sided): Distribution => {
  const total = totalCountOf(histogram);
  const isExact = isExactHistogram(histogram);
  const minimum = histogram.minimum ?? Number.NEGATIVE_INFINITY;
  const maximum = histogram.maximum ?? Number.POSITIVE_INFINITY;
  return histogram.edges.map((edge, i) => {
    const mass = (histogram.counts[i] ?? 0) / total;
    if (isExact) return { left: edge, right: edge, mass };
    const from = edge === 0 && histogram.zeroFloor > 0 ? -histogram.zeroFloor : edge;
    const left = Math.max(from, minimum);
    return { left, right: Math.max(left, Math.min(rightEdgeOf(edge, histogram), maximum)), mass };
  });
};

export const mapPieces = (pieces: Distribution, map: (x: number) => number): Distribution =>
  pieces.map(({ left, right, mass }) => {
    const [a, b] = [map(left), map(right)];
    return a <= b ? { left: a, right: b, mass } : { left: b, right: a, mass };
  });

/** The parts of a piece below and above a point. */
const splitAt = (piece: Piece, at: number): readonly Piece[] => {
  const { left, right, mass } = piece;
  if (at <= left || at >= right) return [piece];
  const share = (at - left) / (right - left);
  return [
    { left, right: at, mass: mass * share },
    { left: at, right, mass: mass * (1 - share) },
  ];
};

export const clipPieces = (pieces: Distribution, floor: number, ceiling: number): Distribution =>
  mapPieces(
    pieces.flatMap((piece) => splitAt(piece, floor)).flatMap((piece) => splitAt(piece, ceiling)),
    (x) => Math.min(Math.max(x, floor), ceiling),
  );

/** Turned round a circle of the given circumference that begins at 0. */
export const turnPieces = (pieces: Distribution, by: number, period: number): Distribution => {
  const shift = ((by % period) + period) % period;
  return pieces
    .flatMap((piece) => splitAt(piece, period - shift))
    .map(({ left, right, mass }) => {
      const wraps = left + shift >= period - 1e-9 * period;
      const to = wraps ? shift - period : shift;
      return { left: left + to, right: right + to, mass };
    });
};

export const mixAtom = (pieces: Distribution, value: number, share: number): Distribution => [
  ...pieces.map((piece) => ({ ...piece, mass: piece.mass * (1 - share) })),
  { left: value, right: value, mass: share },
];

export type RoundingMode = "nearest" | "down" | "up" | "toward_zero";

const CELLS_PER_PIECE_MAX = 64;

const roundersOf: Record<RoundingMode, { round: (x: number) => number; firstCut: number }> = {
  nearest: { round: (x) => Math.floor(x + 0.5), firstCut: 0.5 },
  down: { round: Math.floor, firstCut: 0 },
  up: { round: Math.ceil, firstCut: 0 },
  toward_zero: { round: Math.trunc, firstCut: 0 },
};

/** Rounded to multiples of a step. A spread piece falls on each multiple in its share. */
export const roundPieces = (
  pieces: Distribution,
  step: number,
  mode: RoundingMode,
): Distribution => {
  const { round, firstCut } = roundersOf[mode];
  const snap = (x: number) => {
    const steps = x / step;
    const whole = Math.round(steps);
    // 0.3 / 0.1 is not 3: what is a multiple but for the last bits is one.
    return (
      (Math.abs(steps - whole) <= 1e-9 * Math.max(1, Math.abs(steps)) ? whole : round(steps)) * step
    );
  };
  return pieces.flatMap((piece) => {
    if (piece.left === piece.right)
      return [{ left: snap(piece.left), right: snap(piece.left), mass: piece.mass }];
    let parts: readonly Piece[] = [piece];
    const first = Math.ceil(piece.left / step - firstCut) + firstCut;
    for (let cell = 0; cell < CELLS_PER_PIECE_MAX; cell += 1) {
      const cut = (first + cell) * step;
      if (cut >= piece.right) break;
      parts = parts.flatMap((part) => splitAt(part, cut));
    }
    return parts.map(({ left, right, mass }) => {
      const at = snap((left + right) / 2);
      return { left: at, right: at, mass };
    });
  });
};

/** At most so many pieces of about equal mass, each an atom at its middle: enough to tell the hopeless from the likely. */
export const sketchOf = (pieces: Distribution, pieceCountMax = 64): Distribution => {
  if (pieces.length <= pieceCountMax) return pieces;
  const sketch: Piece[] = [];
  let mass = 0;
  let weighted = 0;
  for (const piece of [...pieces].sort((a, b) => a.left - b.left)) {
    mass += piece.mass;
    weighted += (piece.mass * (piece.left + piece.right)) / 2;
    if (mass < 1 / pieceCountMax) continue;
    sketch.push({ left: weighted / mass, right: weighted / mass, mass });
    mass = 0;
    weighted = 0;
  }
  if (mass > 0) sketch.push({ left: weighted / mass, right: weighted / mass, mass });
  return sketch;
};

type Curve = { readonly xs: Float64Array; readonly fs: Float64Array };

/** Bins about 0 can be narrower than any width that a mass can be divided by. */
const NARROWEST = 1e-290;

/** The distribution function as a line: a jump is two points at one x. */
const curveOf = (pieces: Distribution): Curve => {
  const events: { x: number; jump: number; slope: number; opens: number }[] = [];
  for (const { left, right, mass } of pieces) {
    if (isSame(left, right) || right - left < NARROWEST) {
      events.push({ x: left, jump: mass, slope: 0, opens: 0 });
    } else {
      const slope = mass / (right - left);
      events.push({ x: left, jump: 0, slope, opens: 1 });
      events.push({ x: right, jump: 0, slope: -slope, opens: -1 });
    }
  }
  const isSorted = events.every((event, i) => i === 0 || (events[i - 1]?.x ?? 0) <= event.x);
  if (!isSorted) events.sort((a, b) => a.x - b.x);
  const xs = new Float64Array(2 * events.length);
  const fs = new Float64Array(2 * events.length);
  let at = 0;
  let f = 0;
  let slope = 0;
  let openCount = 0;
  for (let i = 0; i < events.length; ) {
    const x = events[i]?.x ?? 0;
    const last = at === 0 ? x : (xs[at - 1] ?? x);
    f += slope * (x - last);
    let jump = 0;
    while (i < events.length && isSame(x, events[i]?.x ?? 0)) {
      jump += events[i]?.jump ?? 0;
      slope += events[i]?.slope ?? 0;
      openCount += events[i]?.opens ?? 0;
      i += 1;
    }
    // What is left of slopes that cancel is no density.
    if (openCount === 0) slope = 0;
    xs[at] = x;
    fs[at] = f;
    xs[at + 1] = x;
    f += jump;
    fs[at + 1] = f;
    at += 2;
  }
  return { xs: xs.subarray(0, at), fs: fs.subarray(0, at) };
};

const curves = new WeakMap<Distribution, Curve>();

/** A side is compared with many others. */
const knownCurveOf = (pieces: Distribution): Curve => {
  const known = curves.get(pieces) ?? curveOf(pieces);
  curves.set(pieces, known);
  return known;
};

const isSame = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

const meanOfAbsolute = (from: number, until: number): number => {
  if (from >= 0 === until >= 0) return (Math.abs(from) + Math.abs(until)) / 2;
  return (from * from + until * until) / (2 * (Math.abs(from) + Math.abs(until)));
};

export type Gaps = {
  readonly wasserstein: number;
  readonly meanGap: number;
  readonly largestGap: number;
};

const clipShare = (f: number): number => Math.min(1, Math.max(0, f));

export const gapsBetween = (a: Distribution, b: Distribution): Gaps | null => {
  if (a.length === 0 || b.length === 0) return null;
  const [p, q] = [knownCurveOf(a), knownCurveOf(b)];
  let [i, j] = [0, 0];
  let [f, g] = [0, 0];
  let previous = Number.NaN;
  let wasserstein = 0;
  let meanGap = 0;
  let largestGap = 0;
  const step = (nextF: number, nextG: number, width: number) => {
    const gap = meanOfAbsolute(f - g, nextF - nextG);
    wasserstein += gap * width;
    meanGap += (gap * (nextF - f + nextG - g)) / 2;
    largestGap = Math.max(largestGap, Math.abs(nextF - nextG));
    f = nextF;
    g = nextG;
  };
  const at = ({ xs, fs }: Curve, index: number, x: number, reached: number): number => {
    const next = xs[index];
    if (next === undefined) return 1;
    if (index === 0) return 0;
    const before = xs[index - 1] ?? next;
    const value = fs[index] ?? 1;
    const start = fs[index - 1] ?? 0;
    if (next === before) return reached;
    return clipShare(start + ((value - start) * (x - before)) / (next - before));
  };
  while (i < p.xs.length || j < q.xs.length) {
    const x = Math.min(p.xs[i] ?? Number.POSITIVE_INFINITY, q.xs[j] ?? Number.POSITIVE_INFINITY);
    const isP = i < p.xs.length && isSame(p.xs[i] ?? 0, x);
    const isQ = j < q.xs.length && isSame(q.xs[j] ?? 0, x);
    const width = Number.isNaN(previous) ? 0 : Math.max(0, x - previous);
    step(
      isP ? clipShare(p.fs[i] ?? 0) : at(p, i, x, f),
      isQ ? clipShare(q.fs[j] ?? 0) : at(q, j, x, g),
      width,
    );
    // Points come in pairs; the second of a pair is the jump at the same x.
    step(isP ? clipShare(p.fs[i + 1] ?? 1) : f, isQ ? clipShare(q.fs[j + 1] ?? 1) : g, 0);
    if (isP) i += 2;
    if (isQ) j += 2;
    previous = x;
  }
  return { wasserstein, meanGap, largestGap };
};

/** The share of the mass that lies on atoms of the other, within 1e-9. */
export const shareOnAtomsOf = (pieces: Distribution, atoms: readonly number[]): number => {
  let share = 0;
  for (const { left, right, mass } of pieces) {
    if (left !== right) continue;
    let low = 0;
    let high = atoms.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((atoms[middle] ?? 0) <= left) low = middle;
      else high = middle - 1;
    }
    const isThere =
      isSame(atoms[low] ?? Number.NaN, left) || isSame(atoms[low + 1] ?? Number.NaN, left);
    if (isThere) share += mass;
  }
  return share;
};

/** The mass that two sides of sorted atoms have in common once the first is moved by an offset. */
export const overlapAt = (a: Distribution, b: Distribution, offset: number): number => {
  let [i, j, overlap] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const x = (a[i]?.left ?? 0) + offset;
    const y = b[j]?.left ?? 0;
    if (isSame(x, y)) {
      overlap += Math.min(a[i]?.mass ?? 0, b[j]?.mass ?? 0);
      i += 1;
      j += 1;
    } else if (x < y) i += 1;
    else j += 1;
  }
  return overlap;
};
