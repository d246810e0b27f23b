/** Performance profile: what one version answered in a stretch of time, set against the labels that hold. Profiles of any
 *  stretches add up exactly: counts and sums are added, moments merged as Chan does, scores brought to the coarsest grid of
 *  the parts (exact while every part had at most 1,024 distinct scores). A name of "" is none; the class of a binary
 *  model's score is "". */

import { leftEdgeOn, RESOLUTION_MAX } from "#lib/stats/float-grid.ts";
import type { Moment, Moments } from "#lib/stats/performance/moments.ts";
import { mergeMoments } from "#lib/stats/performance/moments.ts";
import type { PairCount } from "#lib/stats/performance/multiclass.ts";

/** Some other class than the cell's own. */
const ANOTHER_CLASS = "*other*";

export type NamedCell = {
  readonly className: string;
  readonly score: number;
  readonly decision: string;
  readonly label: string;
  readonly count: number;
  readonly scoreSum: number;
  readonly squareSum: number;
  readonly lossPositive: number;
  readonly lossNegative: number;
};

/** Ascending by edge. */
export type EdgeCounts = ReadonlyMap<number, number>;

export type PerformanceProfile = {
  readonly rowCount: number;
  readonly labelledCount: number;
  readonly pairs: readonly PairCount[];
  /** Rows of pairs too rare to be kept by name. */
  readonly pairOtherCount: number;
  readonly resolution: number;
  readonly cells: readonly NamedCell[];
  readonly moments: Moments<string>;
  readonly residuals: EdgeCounts;
  /** From a prediction until its label came, in ms. */
  readonly delays: EdgeCounts;
  readonly newestPredictionMs: number;
  readonly newestLabelMs: number;
};

export const NO_PERFORMANCE: PerformanceProfile = {
  rowCount: 0,
  labelledCount: 0,
  pairs: [],
  pairOtherCount: 0,
  resolution: RESOLUTION_MAX,
  cells: [],
  moments: {},
  residuals: new Map(),
  delays: new Map(),
  newestPredictionMs: 0,
  newestLabelMs: 0,
};

const sumBy = (
  parts: readonly PerformanceProfile[],
  pick: (part: PerformanceProfile) => number,
): number => parts.reduce((sum, part) => sum + pick(part), 0);

const mergeEdges = (parts: readonly EdgeCounts[]): EdgeCounts => {
  const merged = new Map<number, number>();
  for (const part of parts)
    for (const [edge, count] of part) merged.set(edge, (merged.get(edge) ?? 0) + count);
  return new Map([...merged].sort(([a], [b]) => a - b));
};

const mergePairs = (parts: readonly PerformanceProfile[]): PairCount[] => {
  const merged = new Map<string, PairCount>();
  for (const { pairs } of parts) {
    for (const pair of pairs) {
      const key = `${pair.decision}\u0000${pair.label}`;
      const held = merged.get(key);
      merged.set(key, held === undefined ? pair : { ...held, count: held.count + pair.count });
    }
  }
  return [...merged.values()];
};

type Draft = { -readonly [key in keyof NamedCell]: NamedCell[key] };

/** Adds up cells that are the same once their scores are brought to a grid. Ascending by class and score. */
const mergeCells = (
  parts: readonly (readonly NamedCell[])[],
  edgeOf: (score: number) => number,
): NamedCell[] => {
  const byKind = new Map<string, Map<number, Draft>>();
  for (const cells of parts) {
    for (const cell of cells) {
      const kind = `${cell.className}\u0000${cell.decision}\u0000${cell.label}`;
      let scores = byKind.get(kind);
      if (scores === undefined) {
        scores = new Map();
        byKind.set(kind, scores);
      }
      const score = edgeOf(cell.score);
      const held = scores.get(score);
      if (held === undefined) scores.set(score, { ...cell, score });
      else {
        held.count += cell.count;
        held.scoreSum += cell.scoreSum;
        held.squareSum += cell.squareSum;
        held.lossPositive += cell.lossPositive;
        held.lossNegative += cell.lossNegative;
      }
    }
  }
  return [...byKind.keys()]
    .sort()
    .flatMap((kind) => [...(byKind.get(kind)?.values() ?? [])].sort((a, b) => a.score - b.score));
};

export const mergePerformance = (parts: readonly PerformanceProfile[]): PerformanceProfile => {
  const [only] = parts;
  if (only === undefined) return NO_PERFORMANCE;
  if (parts.length === 1) return only;
  const resolution = Math.min(...parts.map((part) => part.resolution));
  return {
    rowCount: sumBy(parts, (part) => part.rowCount),
    labelledCount: sumBy(parts, (part) => part.labelledCount),
    pairs: mergePairs(parts),
    pairOtherCount: sumBy(parts, (part) => part.pairOtherCount),
    resolution,
    cells: mergeCells(
      parts.map((part) => part.cells),
      leftEdgeOn({ resolution, zeroFloor: 0 }),
    ),
    moments: mergeMoments(parts.map((part) => part.moments)),
    residuals: mergeEdges(parts.map((part) => part.residuals)),
    delays: mergeEdges(parts.map((part) => part.delays)),
    newestPredictionMs: Math.max(...parts.map((part) => part.newestPredictionMs)),
    newestLabelMs: Math.max(...parts.map((part) => part.newestLabelMs)),
  };
};

const isClassTask = (task: string) => task === "binary" || task === "multiclass";

/** What a profile that was made for one task says for another, until its bucket is made anew: its rows and labels, and between
 *  two tasks of classes what was decided and what turned out. */
export const readAsTask = (
  profile: PerformanceProfile,
  made: string,
  task: string,
): PerformanceProfile => {
  if (made === task) return profile;
  const counts = { ...profile, cells: [], moments: {}, residuals: new Map() };
  return isClassTask(made) && isClassTask(task)
    ? counts
    : { ...counts, pairs: [], pairOtherCount: 0 };
};

/** Brings the scores to a grid that is no finer. */
export const coarsenPerformance = (
  profile: PerformanceProfile,
  resolution: number,
): PerformanceProfile =>
  resolution >= profile.resolution
    ? profile
    : {
        ...profile,
        resolution,
        cells: mergeCells([profile.cells], leftEdgeOn({ resolution, zeroFloor: 0 })),
      };

/** The lists of a stored row, side by side; a class is its place in `classNames` from 1, 0 is none, `another` another one. */
export type StoredLists = {
  readonly rowCount: number;
  readonly labelledCount: number;
  readonly classNames: readonly string[];
  readonly pairDecisions: readonly number[];
  readonly pairLabels: readonly number[];
  readonly pairCounts: readonly number[];
  readonly pairOtherCount: number;
  readonly resolution: number;
  readonly cellClasses: readonly number[];
  readonly cellScores: readonly number[];
  readonly cellDecisions: readonly number[];
  readonly cellLabels: readonly number[];
  readonly cellCounts: readonly number[];
  readonly cellSums: readonly number[];
  readonly cellSquares: readonly number[];
  readonly cellLossesPositive: readonly number[];
  readonly cellLossesNegative: readonly number[];
  readonly momentNames: readonly string[];
  readonly momentCounts: readonly number[];
  readonly momentMeans: readonly number[];
  readonly momentM2s: readonly number[];
  readonly residualEdges: readonly number[];
  readonly residualCounts: readonly number[];
  readonly delayEdges: readonly number[];
  readonly delayCounts: readonly number[];
  readonly newestPredictionMs: number;
  readonly newestLabelMs: number;
};

const ANOTHER_PLACE = 65_535;

const zip = (edges: readonly number[], counts: readonly number[]): EdgeCounts =>
  new Map(edges.map((edge, i) => [edge, counts[i] ?? 0]));

export const fromStoredPerformance = (row: StoredLists): PerformanceProfile => {
  const nameAt = (place: number | undefined) =>
    place === ANOTHER_PLACE ? ANOTHER_CLASS : (row.classNames[(place ?? 0) - 1] ?? "");
  return {
    rowCount: row.rowCount,
    labelledCount: row.labelledCount,
    pairs: row.pairCounts.map((count, i) => ({
      decision: nameAt(row.pairDecisions[i]),
      label: nameAt(row.pairLabels[i]),
      count,
    })),
    pairOtherCount: row.pairOtherCount,
    resolution: row.resolution,
    cells: row.cellCounts.map((count, i) => ({
      className: nameAt(row.cellClasses[i]),
      score: row.cellScores[i] ?? 0,
      decision: nameAt(row.cellDecisions[i]),
      label: nameAt(row.cellLabels[i]),
      count,
      scoreSum: row.cellSums[i] ?? 0,
      squareSum: row.cellSquares[i] ?? 0,
      lossPositive: row.cellLossesPositive[i] ?? 0,
      lossNegative: row.cellLossesNegative[i] ?? 0,
    })),
    moments: Object.fromEntries(
      row.momentNames.map((name, i): [string, Moment] => [
        name,
        {
          count: row.momentCounts[i] ?? 0,
          mean: row.momentMeans[i] ?? 0,
          m2: row.momentM2s[i] ?? 0,
        },
      ]),
    ),
    residuals: zip(row.residualEdges, row.residualCounts),
    delays: zip(row.delayEdges, row.delayCounts),
    newestPredictionMs: row.newestPredictionMs,
    newestLabelMs: row.newestLabelMs,
  };
};

export const toStoredPerformance = (profile: PerformanceProfile): StoredLists => {
  const names = new Set<string>();
  for (const { decision, label } of profile.pairs) names.add(decision).add(label);
  for (const { className } of profile.cells) names.add(className);
  names.delete("");
  const classNames = [...names].sort();
  const places = new Map(classNames.map((name, i) => [name, i + 1]));
  const placeOf = (name: string) =>
    name === ANOTHER_CLASS && !places.has(name) ? ANOTHER_PLACE : (places.get(name) ?? 0);
  const { pairs, cells } = profile;
  const moments = Object.entries(profile.moments).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    rowCount: profile.rowCount,
    labelledCount: profile.labelledCount,
    classNames,
    pairDecisions: pairs.map((pair) => placeOf(pair.decision)),
    pairLabels: pairs.map((pair) => placeOf(pair.label)),
    pairCounts: pairs.map((pair) => pair.count),
    pairOtherCount: profile.pairOtherCount,
    resolution: profile.resolution,
    cellClasses: cells.map((cell) => placeOf(cell.className)),
    cellScores: cells.map((cell) => cell.score),
    cellDecisions: cells.map((cell) => placeOf(cell.decision)),
    cellLabels: cells.map((cell) => placeOf(cell.label)),
    cellCounts: cells.map((cell) => cell.count),
    cellSums: cells.map((cell) => cell.scoreSum),
    cellSquares: cells.map((cell) => cell.squareSum),
    cellLossesPositive: cells.map((cell) => cell.lossPositive),
    cellLossesNegative: cells.map((cell) => cell.lossNegative),
    momentNames: moments.map(([name]) => name),
    momentCounts: moments.map(([, moment]) => moment?.count ?? 0),
    momentMeans: moments.map(([, moment]) => moment?.mean ?? 0),
    momentM2s: moments.map(([, moment]) => moment?.m2 ?? 0),
    residualEdges: [...profile.residuals.keys()],
    residualCounts: [...profile.residuals.values()],
    delayEdges: [...profile.delays.keys()],
    delayCounts: [...profile.delays.values()],
    newestPredictionMs: profile.newestPredictionMs,
    newestLabelMs: profile.newestLabelMs,
  };
};
