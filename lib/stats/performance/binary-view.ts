/** Binary view: a profile of named classes seen as positive against negative.
 *
 *  The positive class is the conventional one of a known pair ("1" of 0 and 1, "true", "yes", "positive"), else the one whose
 *  decisions, or without them whose labels, have the higher mean score: a score is the positive class's by definition.
 *  The negative class is the other of the two most frequent names; rows of further names are left out and counted.
 *  Where a model sends scores alone, a score of at least 0.5 is taken for its decision.
 *  Degenerate input: fewer than two names, none conventional, or no scores to tell them apart: null, nobody knows. */

import type { Confusion } from "#lib/stats/performance/confusion.ts";
import { addToConfusion, NO_CONFUSION } from "#lib/stats/performance/confusion.ts";
import type { PerformanceProfile } from "#lib/stats/performance/profile.ts";
import type { ScoreCell } from "#lib/stats/performance/score-cells.ts";
import { confusionAt, mergeScoreCells } from "#lib/stats/performance/score-cells.ts";

export type ClassPair = { readonly positive: string; readonly negative: string };

const CONVENTIONAL: readonly ClassPair[] = [
  { positive: "1", negative: "0" },
  { positive: "1", negative: "-1" },
  { positive: "true", negative: "false" },
  { positive: "True", negative: "False" },
  { positive: "yes", negative: "no" },
  { positive: "y", negative: "n" },
  { positive: "positive", negative: "negative" },
];

const frequentNames = ({ pairs }: PerformanceProfile): string[] => {
  const counts = new Map<string, number>();
  for (const { decision, label, count } of pairs) {
    for (const name of [decision, label])
      if (name !== "") counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([name]) => name);
};

const meanScoreOf = (
  { cells }: PerformanceProfile,
  key: "decision" | "label",
  name: string,
): number | null => {
  let count = 0;
  let sum = 0;
  for (const cell of cells) {
    if (cell.className !== "" || cell[key] !== name) continue;
    count += cell.count;
    sum += cell.scoreSum;
  }
  return count === 0 ? null : sum / count;
};

export const findClassPair = (profile: PerformanceProfile): ClassPair | null => {
  const names = frequentNames(profile);
  const [first, second] = names;
  if (first === undefined) return null;
  const known = CONVENTIONAL.find(
    ({ positive, negative }) =>
      (first === positive || first === negative) &&
      (second === undefined || second === positive || second === negative),
  );
  if (known !== undefined) return known;
  if (second === undefined) return null;
  for (const key of ["decision", "label"] as const) {
    const [a, b] = [meanScoreOf(profile, key, first), meanScoreOf(profile, key, second)];
    if (a !== null && b !== null && a !== b)
      return a > b ? { positive: first, negative: second } : { positive: second, negative: first };
  }
  return null;
};

export type DecisionSource = "model" | "score" | "none";

export type BinaryView = {
  readonly classes: ClassPair;
  readonly confusion: Confusion;
  readonly cells: readonly ScoreCell[];
  readonly decisionSource: DecisionSource;
  /** Rows of other classes than the two. */
  readonly leftOutCount: number;
};

const DECIDED_AT = 0.5;

export const viewAsBinary = (profile: PerformanceProfile, classes: ClassPair): BinaryView => {
  const sideOf = (name: string): boolean | null | undefined => {
    if (name === "") return null;
    if (name === classes.positive) return true;
    return name === classes.negative ? false : undefined;
  };
  let confusion = NO_CONFUSION;
  let leftOutCount = profile.pairOtherCount;
  let hasDecisions = false;
  for (const { decision, label, count } of profile.pairs) {
    const [decided, turned] = [sideOf(decision), sideOf(label)];
    if (decided === undefined || turned === undefined) {
      leftOutCount += count;
      continue;
    }
    if (decided !== null) hasDecisions = true;
    if (decided !== null && turned !== null)
      confusion = addToConfusion(confusion, decided, turned, count);
  }
  const cells: ScoreCell[] = [];
  for (const { className, decision, label, ...cell } of profile.cells) {
    const [decided, turned] = [sideOf(decision), sideOf(label)];
    if (className !== "" || decided === undefined || turned === undefined) continue;
    const byScore = hasDecisions ? decided : cell.score >= DECIDED_AT;
    cells.push({ ...cell, decision: byScore, label: turned });
  }
  const merged = mergeScoreCells(cells);
  if (hasDecisions)
    return { classes, confusion, cells: merged, decisionSource: "model", leftOutCount };
  return {
    classes,
    confusion: confusionAt(merged, DECIDED_AT),
    cells: merged,
    decisionSource: merged.length === 0 ? "none" : "score",
    leftOutCount,
  };
};
