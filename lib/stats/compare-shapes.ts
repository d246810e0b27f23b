/** Comparing shapes: how alike two moves are, between 0 and 1, whatever columns they were of.
 *
 *  Definition. With x and y the figures of the two shapes on the scales below, each cut to 1, the likeness of the figures is
 *  exp(-sum of w (x - y)^2), with 0.3 more in the sum where one is of numbers and one of categories. Of named faults the likeness
 *  is 1 where the best of both is the same, 0.6 where the best of one is among the others of the other or of the same family, 0
 *  where both are named and differ. Where only one side has a name, or none, the figures alone speak, and one name that the other
 *  lacks costs a quarter. With names on both sides it is 0.65 of the names' and 0.35 of the figures'.
 *  Reference: none; lib/stats/compare-shapes.large.test.ts says how often it finds the right kind of fault on real columns.
 *  Degenerate input: figures that are null on a side say nothing; a shape is like itself by 1, whatever it holds. */

import type { ShiftShape } from "#lib/stats/shift-shape.ts";

const NAMES_WEIGHT = 0.65;
const NAME_MISSING = 0.75;
const FAMILY_LIKENESS = 0.6;
/** Numbers and categories break in ways that look alike in these figures alone. */
const KIND_DIFFERS = 0.3;

type Figure = keyof Omit<ShiftShape, "kind" | "causes">;

/** Weight, and what turns the figure into one of about -1 to 1. */
const FIGURES: Record<Figure, { weight: number; toUnit: (value: number) => number }> = {
  missingRise: { weight: 3, toUnit: (value) => value / 0.5 },
  nonFiniteRise: { weight: 3, toUnit: (value) => value / 0.5 },
  newShare: { weight: 1.5, toUnit: (value) => value },
  vanishedShare: { weight: 1, toUnit: (value) => value },
  peakRise: { weight: 1.5, toUnit: (value) => value / 0.5 },
  meanShift: { weight: 0.5, toUnit: (value) => Math.sign(value) * Math.log1p(Math.abs(value)) },
  spreadRatioLog: { weight: 1, toUnit: (value) => value / Math.log(10) },
  meanRatioLog: { weight: 0.5, toUnit: (value) => value / Math.log(10) },
  distance: { weight: 0.5, toUnit: (value) => value },
};

export const likenessOfShapes = (a: ShiftShape, b: ShiftShape): number => {
  const figures = likenessOfFigures(a, b);
  const names = likenessOfNames(a.causes, b.causes);
  if (names !== null) return NAMES_WEIGHT * names + (1 - NAMES_WEIGHT) * figures;
  return a.causes.length === b.causes.length ? figures : NAME_MISSING * figures;
};

const likenessOfFigures = (a: ShiftShape, b: ShiftShape): number => {
  let sum = a.kind === b.kind ? 0 : KIND_DIFFERS;
  for (const [name, { weight, toUnit }] of Object.entries(FIGURES)) {
    const [x, y] = [a[name as Figure], b[name as Figure]];
    if (x === null || y === null) continue;
    const [u, v] = [clip(toUnit(x)), clip(toUnit(y))];
    sum += weight * (u - v) ** 2;
  }
  return Math.exp(-sum);
};

const clip = (value: number): number => Math.max(-1, Math.min(1, value));

/** null: not both have a name. */
const likenessOfNames = (a: readonly string[], b: readonly string[]): number | null => {
  const [first, other] = [a[0], b[0]];
  if (first === undefined || other === undefined) return null;
  if (first === other) return 1;
  const isRelated = a.includes(other) || b.includes(first) || familyOf(first) === familyOf(other);
  return isRelated ? FAMILY_LIKENESS : 0;
};

const familyOf = (name: string): string => name.split(" ")[0] ?? name;
