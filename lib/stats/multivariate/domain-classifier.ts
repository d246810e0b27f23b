/** Domain classifier: can a model tell the window's rows from the baseline's?
 *
 *  Definition. Boosted trees (boosted-trees.ts) learn on four fifths of all rows which side a row is from and score the
 *  last fifth; the area under the ROC curve of these scores, over all folds together, is the statistic: 0.5 when the sides
 *  cannot be told apart, 1 when always. Both sides are spread evenly over the folds, in an order drawn from a seed.
 *  The p-value is by permutation of the sides with the whole procedure repeated, (1 + as large) / (1 + all): a standard
 *  error would take the folds for independent. A column's contribution is its share of the gain of all splits.
 *  Reference: Lopez-Paz and Oquab (2017), "Revisiting classifier two-sample tests"; Phipson and Smyth (2010) for the + 1.
 *  Matches the AUC of scikit-learn and LightGBM on the same rows within 0.02.
 *  Degenerate input: a side with fewer rows than folds, or no columns: null; rows that are all the same: 0.5, p = 1. */

import type { BinnedColumn } from "#lib/stats/boosted-trees.ts";
import { binNames, binNumbers, fitBoostedTrees, predictBoosted } from "#lib/stats/boosted-trees.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import { rowCountOf } from "#lib/stats/multivariate/joint-columns.ts";

const FOLDS = 5;

export type DomainRows = {
  readonly columns: readonly BinnedColumn[];
  /** 0 for the baseline's rows, 1 for the window's. */
  readonly sides: Uint8Array;
};

export type DomainAuc = {
  readonly auc: number;
  /** The share of all gain, column by column, largest first. */
  readonly contributions: readonly { readonly name: string; readonly share: number }[];
};

/** Both sides in one table; columns are matched by name, and one that a side lacks is missing there. */
export const domainRowsOf = (
  baseline: readonly JointColumn[],
  window: readonly JointColumn[],
): DomainRows | null => {
  const [n, m] = [rowCountOf(baseline), rowCountOf(window)];
  if (n < FOLDS || m < FOLDS || baseline.length === 0) return null;
  const inWindow = new Map(window.map((column) => [column.name, column]));
  const columns = baseline.map((column) => {
    const other = inWindow.get(column.name)?.values ?? new Array<null>(m).fill(null);
    return column.kind === "numeric"
      ? binNumbers(column.name, [...column.values, ...other.map(toNumber)])
      : binNames(column.name, [...column.values, ...other.map(toName)]);
  });
  return { columns, sides: Uint8Array.from({ length: n + m }, (_, i) => (i < n ? 0 : 1)) };
};

const toNumber = (value: number | string | null) => (typeof value === "number" ? value : null);
const toName = (value: number | string | null) => (value === null ? null : String(value));

export const computeDomainAuc = (
  { columns, sides }: DomainRows,
  random: () => number,
  { treeCount = 50 }: { treeCount?: number } = {},
): DomainAuc => {
  const isSame = columns.every(({ bins }) => bins.every((bin) => bin === bins[0]));
  const gains = columns.map(() => 0);
  if (isSame) return { auc: 0.5, contributions: toShares(columns, gains) };
  const folds = foldsOf(sides, random);
  const scores = new Float64Array(sides.length);
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const training = placesWhere(folds, (at) => at !== fold);
    const held = placesWhere(folds, (at) => at === fold);
    const trees = fitBoostedTrees(columns, sides, training, { loss: "log", treeCount });
    trees.gains.forEach((gain, i) => {
      gains[i] = (gains[i] ?? 0) + gain;
    });
    predictBoosted(trees, columns, held).forEach((score, i) => {
      scores[held[i] ?? 0] = score;
    });
  }
  return { auc: areaUnderRoc(scores, sides), contributions: toShares(columns, gains) };
};

/** The same, with the sides shuffled: what the AUC is when nothing can be told. */
const shuffleSides = ({ columns, sides }: DomainRows, random: () => number): DomainRows => {
  const shuffled = Uint8Array.from(sides);
  for (let i = shuffled.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const kept = shuffled[i] ?? 0;
    shuffled[i] = shuffled[j] ?? 0;
    shuffled[j] = kept;
  }
  return { columns, sides: shuffled };
};

export type DomainTest = DomainAuc & { readonly pValue: number; readonly permutationCount: number };

/** The AUC with its p-value; `tick` is called after every permutation, for whoever must let others work meanwhile. */
export const testDomain = async (
  rows: DomainRows,
  random: () => number,
  {
    permutationCount = 99,
    treeCount = 50,
    tick = () => undefined,
  }: {
    permutationCount?: number;
    treeCount?: number;
    tick?: () => Promise<void> | undefined;
  } = {},
): Promise<DomainTest> => {
  const observed = computeDomainAuc(rows, random, { treeCount });
  let asLarge = 0;
  for (let i = 0; i < permutationCount; i += 1) {
    const other = computeDomainAuc(shuffleSides(rows, random), random, { treeCount });
    if (other.auc >= observed.auc) asLarge += 1;
    await tick();
  }
  return { ...observed, pValue: (1 + asLarge) / (1 + permutationCount), permutationCount };
};

/** Each side's rows dealt to the folds in turn, in a drawn order. */
const foldsOf = (sides: Uint8Array, random: () => number): Uint8Array => {
  const order = Array.from(sides, (side, i) => ({ side, i, key: random() }));
  order.sort((a, b) => a.side - b.side || a.key - b.key);
  const folds = new Uint8Array(sides.length);
  order.forEach(({ i }, place) => {
    folds[i] = place % FOLDS;
  });
  return folds;
};

const placesWhere = (folds: Uint8Array, keep: (fold: number) => boolean): Int32Array =>
  Int32Array.from([...folds.keys()].filter((i) => keep(folds[i] ?? 0)));

/** The chance that a row of the window scores higher than one of the baseline; ties count half. */
const areaUnderRoc = (scores: Float64Array, sides: Uint8Array): number => {
  const order = [...scores.keys()].sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let [n, m, rankSum] = [0, 0, 0];
  for (let i = 0; i < order.length; ) {
    let j = i;
    let ofWindow = 0;
    while (j < order.length && scores[order[j] ?? 0] === scores[order[i] ?? 0]) {
      ofWindow += sides[order[j] ?? 0] ?? 0;
      j += 1;
    }
    rankSum += ofWindow * ((i + j + 1) / 2);
    m += ofWindow;
    n += j - i - ofWindow;
    i = j;
  }
  return (rankSum - (m * (m + 1)) / 2) / (n * m);
};

const toShares = (columns: readonly BinnedColumn[], gains: readonly number[]) => {
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return columns
    .map(({ name }, i) => ({ name, share: total === 0 ? 0 : (gains[i] ?? 0) / total }))
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
};
