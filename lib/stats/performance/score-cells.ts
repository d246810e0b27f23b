/** Score cells: the rows of a binary model counted by (score, decision, label), from which every metric of a window follows.
 *
 *  A cell holds the rows of one score, or of one bin of the float grid when a bucket had more than 1,024 distinct scores;
 *  `score` is then the bin's left edge, and the sums keep the mean, the Brier score and the log loss exact.
 *    scoreSum = sum s, squareSum = sum s^2, lossPositive = sum -ln s, lossNegative = sum -ln(1 - s), with s clipped to
 *    [eps, 1 - eps], eps = 2.220446049250313e-16, inside the logarithms.
 *  Rank metrics of cells are exact when the cells are, else they lie within the share of pairs that fall into one bin. */

import type { Confusion } from "#lib/stats/performance/confusion.ts";
import { addToConfusion, NO_CONFUSION } from "#lib/stats/performance/confusion.ts";

export type ScoreCell = {
  readonly score: number;
  /** What the model decided; null: it said nothing. */
  readonly decision: boolean | null;
  /** What turned out; null: not known yet. */
  readonly label: boolean | null;
  readonly count: number;
  readonly scoreSum: number;
  readonly squareSum: number;
  readonly lossPositive: number;
  readonly lossNegative: number;
};

export const EPSILON = 2.220446049250313e-16;

const clipped = (score: number): number => Math.min(1 - EPSILON, Math.max(EPSILON, score));

/** The cell of some rows that all have this very score. */
export const exactCell = (
  score: number,
  decision: boolean | null,
  label: boolean | null,
  count: number,
): ScoreCell => ({
  score,
  decision,
  label,
  count,
  scoreSum: score * count,
  squareSum: score * score * count,
  lossPositive: -Math.log(clipped(score)) * count,
  lossNegative: -Math.log1p(-clipped(score)) * count,
});

const addTwo = (a: ScoreCell, b: ScoreCell, score: number): ScoreCell => ({
  ...a,
  score,
  count: a.count + b.count,
  scoreSum: a.scoreSum + b.scoreSum,
  squareSum: a.squareSum + b.squareSum,
  lossPositive: a.lossPositive + b.lossPositive,
  lossNegative: a.lossNegative + b.lossNegative,
});

const CODES = new Map<boolean | null, number>([
  [null, 0],
  [false, 1],
  [true, 2],
]);

/** Adds up cells that are the same; `edgeOf` brings scores to a common grid first. Ascending by score. */
export const mergeScoreCells = (
  cells: Iterable<ScoreCell>,
  edgeOf: (score: number) => number = (score) => score + 0,
): ScoreCell[] => {
  const merged = new Map<number, (ScoreCell | undefined)[]>();
  for (const cell of cells) {
    const score = edgeOf(cell.score);
    let slots = merged.get(score);
    if (slots === undefined) {
      slots = new Array<ScoreCell | undefined>(9).fill(undefined);
      merged.set(score, slots);
    }
    const slot = (CODES.get(cell.decision) ?? 0) * 3 + (CODES.get(cell.label) ?? 0);
    const held = slots[slot];
    slots[slot] = held === undefined ? { ...cell, score } : addTwo(held, cell, score);
  }
  return [...merged.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([, slots]) => slots.filter((cell) => cell !== undefined));
};

/** All rows of one score: how many, and how many of the labelled ones are positive and negative. */
export type ScoreGroup = {
  readonly score: number;
  readonly count: number;
  readonly positives: number;
  readonly negatives: number;
};

/** The labelled rows, score by score, ascending. */
export const labelledGroups = (cells: readonly ScoreCell[]): ScoreGroup[] => {
  const groups = new Map<number, { positives: number; negatives: number }>();
  for (const { score, label, count } of cells) {
    if (label === null || count === 0) continue;
    const group = groups.get(score) ?? { positives: 0, negatives: 0 };
    if (label) group.positives += count;
    else group.negatives += count;
    groups.set(score, group);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => a - b)
    .map(([score, { positives, negatives }]) => ({
      score,
      positives,
      negatives,
      count: positives + negatives,
    }));
};

/** What would have been decided had every score of at least `threshold` been positive. */
export const confusionAt = (cells: readonly ScoreCell[], threshold: number): Confusion => {
  let confusion = NO_CONFUSION;
  for (const { score, label, count } of cells) {
    if (label !== null) confusion = addToConfusion(confusion, score >= threshold, label, count);
  }
  return confusion;
};

export const isUnit = (cells: readonly ScoreCell[]): boolean =>
  cells.every(({ score, count, scoreSum }) => score >= 0 && scoreSum <= count * (1 + 1e-12));
