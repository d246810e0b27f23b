/** DLE, direct loss estimation: how large the errors of a regression should be by what went in, before labels come.
 *
 *  Definition. On a labelled reference the loss of each row is |e|, e^2, |e| / max(|y|, eps) and (ln(1+y) - ln(1+prediction))^2, the last
 *  only where no value is negative. Boosted trees (100 of at most 32 leaves, rate 0.1, squared loss) learn each loss from the
 *  features and the prediction; what they say of a window's rows, never below 0, is averaged, and rooted for RMSE and RMSLE.
 *  As NannyML's DLE, whose LGBMRegressor with default parameters is the reference: the trees differ in how they cut columns and
 *  choose leaves, so that estimates agree to a few percent, far within their bands, and not to a digit.
 *  It sees a change in what comes in, and cannot see a change in what it means.
 *  Degenerate input: rows whose label or prediction is not finite are left out by the caller; no rows: null. */

import type { BinnedColumn, BoostedTrees } from "#lib/stats/boosted-trees.ts";
import {
  binByCuts,
  binByNames,
  cutNumbers,
  fitBoostedTrees,
  predictBoosted,
  rankNames,
} from "#lib/stats/boosted-trees.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import type {
  LearnedTrials,
  MetricNumbers,
  MetricTraits,
} from "#lib/stats/performance/estimate.ts";
import { countBlocks, cutsOf, errorsOf } from "#lib/stats/performance/estimate.ts";

const LOSSES = ["absolute", "squared", "relative", "squared_log"] as const;
type Loss = (typeof LOSSES)[number];

/** How a column of the reference was cut. */
type ColumnRule =
  | { readonly name: string; readonly kind: "numeric"; readonly cuts: readonly number[] }
  | { readonly name: string; readonly kind: "categorical"; readonly ranked: readonly string[] };

/** Plain data, so that it can be kept. */
export type DirectLossModel = {
  readonly rules: readonly ColumnRule[];
  readonly trees: Readonly<Partial<Record<Loss, BoostedTrees>>>;
};

/** The mean loss that each row should have. */
export type RowLosses = Partial<Readonly<Record<Loss, Float64Array>>>;

const EPSILON = 2.220446049250313e-16;
const OPTIONS = { loss: "squares", treeCount: 100, depthMax: 5, rate: 0.1 } as const;
const FOLDS = 5;

const ruleOf = (column: JointColumn): ColumnRule =>
  column.kind === "numeric"
    ? { name: column.name, kind: "numeric", cuts: cutNumbers(column.values) }
    : { name: column.name, kind: "categorical", ranked: rankNames(column.values) };

/** A column that the reference had and these rows have not is missing in all of them. */
const binBy = (
  rules: readonly ColumnRule[],
  columns: readonly JointColumn[],
  rowCount: number,
): BinnedColumn[] => {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return rules.map((rule) => {
    const column = byName.get(rule.name);
    if (rule.kind === "numeric" && column?.kind === "numeric")
      return binByCuts(rule.name, rule.cuts, column.values);
    if (rule.kind === "categorical" && column?.kind === "categorical")
      return binByNames(rule.name, rule.ranked, column.values);
    return { name: rule.name, bins: new Uint8Array(rowCount), binCount: 1 };
  });
};

const isNegative = (values: readonly number[]) => values.some((value) => value < 0);

/** The losses that are defined for these rows, row by row. */
export const rowLosses = (
  predictions: readonly number[],
  labels: readonly number[],
): Partial<Record<Loss, Float64Array>> => {
  const of = (loss: (y: number, p: number) => number) =>
    Float64Array.from(labels, (y, i) => loss(y, predictions[i] ?? 0));
  const losses: Partial<Record<Loss, Float64Array>> = {
    absolute: of((y, p) => Math.abs(p - y)),
    squared: of((y, p) => (p - y) ** 2),
    relative: of((y, p) => Math.abs(p - y) / Math.max(Math.abs(y), EPSILON)),
  };
  if (!isNegative(predictions) && !isNegative(labels))
    losses.squared_log = of((y, p) => (Math.log1p(y) - Math.log1p(p)) ** 2);
  return losses;
};

export type LossMeans = Partial<Readonly<Record<Loss, number>>>;

/** From mean losses to the metrics. */
export const metricsOfLosses = (means: LossMeans): MetricNumbers => {
  const { absolute = null, squared = null, relative = null, squared_log: log = null } = means;
  const root = (value: number | null) => (value === null ? null : Math.sqrt(value));
  return {
    mae: absolute,
    mse: squared,
    rmse: root(squared),
    mape: relative,
    msle: log,
    rmsle: root(log),
  };
};
const METRICS = ["mae", "mse", "rmse", "mape", "msle", "rmsle"];

const meanOf = (values: Float64Array, from: number, until: number): number => {
  let sum = 0;
  for (let i = from; i < until; i += 1) sum += values[i] ?? 0;
  return sum / Math.max(1, until - from);
};

const meansOf = (losses: RowLosses, from: number, until: number): LossMeans =>
  Object.fromEntries(
    Object.entries(losses).map(([loss, values]) => [loss, meanOf(values, from, until)]),
  );

/** What each row's losses should be. */
export const predictLosses = (
  model: DirectLossModel,
  columns: readonly JointColumn[],
  rowCount: number,
): RowLosses => {
  const binned = binBy(model.rules, columns, rowCount);
  const rows = Int32Array.from({ length: rowCount }, (_, i) => i);
  return Object.fromEntries(
    Object.entries(model.trees).map(([loss, trees]) => [
      loss,
      predictBoosted(trees, binned, rows).map((value) => Math.max(0, value)),
    ]),
  );
};

const traitOf = (values: Float64Array, isRooted: boolean): MetricTraits => {
  const mean = meanOf(values, 0, values.length);
  const variance = meanOf(
    values.map((value) => (value - mean) ** 2),
    0,
    values.length,
  );
  const sorted = values.toSorted();
  // Of rows of which nothing is known the loss may be as large as almost any of the reference.
  const large = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
  // A root moves half as far, as a share of itself.
  const per = (isRooted ? 2 : 1) * mean;
  return {
    samplingError: mean === 0 ? null : { deviation: Math.sqrt(variance) / per, share: 1 },
    reach: mean === 0 ? 0 : large / per,
    minimum: 0,
    maximum: null,
    isRelative: true,
  };
};

export type DirectLossReference = {
  readonly model: DirectLossModel;
  readonly trials: LearnedTrials;
};

/** Learns from labelled rows in order of time. `tick` is called between fits, which take a while. */
export const learnDirectLoss = async (
  columns: readonly JointColumn[],
  predictions: readonly number[],
  labels: readonly number[],
  tick: () => Promise<void> = async () => {},
): Promise<DirectLossReference | null> => {
  const n = labels.length;
  if (n === 0) return null;
  const every = [...columns, { name: PREDICTION, kind: "numeric", values: predictions } as const];
  const rules = every.map(ruleOf);
  const binned = binBy(rules, every, n);
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const losses = rowLosses(predictions, labels);
  const trees: Partial<Record<Loss, BoostedTrees>> = {};
  const held: Partial<Record<Loss, Float64Array>> = {};
  for (const loss of LOSSES) {
    const targets = losses[loss];
    if (targets === undefined || !targets.every(Number.isFinite)) continue;
    trees[loss] = fitBoostedTrees(binned, targets, rows, OPTIONS);
    await tick();
    const out = new Float64Array(n);
    for (let fold = 0; fold < FOLDS; fold += 1) {
      const [from, until] = [Math.floor((fold * n) / FOLDS), Math.floor(((fold + 1) * n) / FOLDS)];
      const inside = rows.slice(from, until);
      const others = rows.filter((row) => row < from || row >= until);
      const fit = fitBoostedTrees(binned, targets, others, OPTIONS);
      predictBoosted(fit, binned, inside).forEach((value, i) => {
        out[from + i] = Math.max(0, value);
      });
      await tick();
    }
    held[loss] = out;
  }
  const blockCount = countBlocks(n);
  const blocks = Array.from({ length: blockCount }, (_, i) => ({
    from: Math.floor((i * n) / blockCount),
    until: Math.floor(((i + 1) * n) / blockCount),
  }));
  const kept = Object.fromEntries(
    Object.entries(losses).filter(([loss]) => held[loss as Loss] !== undefined),
  ) as RowLosses;
  const cuts = cutsOf(blocks).map((cut) => ({
    blockCount: cut.length,
    errors: errorsOf(
      METRICS,
      cut.map((parts) => {
        const [from, until] = [parts[0]?.from ?? 0, parts.at(-1)?.until ?? 0];
        return {
          estimated: metricsOfLosses(meansOf(held, from, until)),
          realised: metricsOfLosses(meansOf(kept, from, until)),
        };
      }),
      { isRelative: true },
    ),
  }));
  const traits: Record<string, MetricTraits> = {};
  const add = (metric: string, loss: Loss, isRooted = false) => {
    const values = kept[loss];
    if (values !== undefined) traits[metric] = traitOf(values, isRooted);
  };
  add("mae", "absolute");
  add("mse", "squared");
  add("rmse", "squared", true);
  add("mape", "relative");
  add("msle", "squared_log");
  add("rmsle", "squared_log", true);
  return { model: { rules, trees }, trials: { rowCount: n, traits, cuts } };
};

/** The column of what the model answered. */
export const PREDICTION = "*prediction*";
