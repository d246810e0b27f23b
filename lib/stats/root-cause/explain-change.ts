/** Explain change: what moved the mean of a target between a reference and a window, feature by feature.
 *
 *  Definition. With a surrogate f of the target (surrogate.ts) and PD_j its partial dependence on feature j, means over the
 *  rows of the window less means over those of the reference:
 *    feature j     = change of the mean of PD_j(x_j): what the target's mean moves by when only the distribution of j moves
 *                    from the reference to the window, whatever goes with it in the other features;
 *    interaction   = change of the mean of f(x), less all features: features that moved together;
 *    remainder     = change of the mean of y, less that of f(x): what the features do not say by this surrogate.
 *  They add up to the change of the mean of y. Each is a change of a mean over rows, with the surrogate taken as it is: Welch's
 *  interval and test (mean-change.ts). Where the reference's rows taught the surrogate, its residuals there are taken as
 *  wide as on rows held out.
 *  Reference: the first-order terms of the functional ANOVA (Hooker 2007) over a covariate shift; Friedman (2001).
 *  Degenerate input: fewer than two finite targets on a side: null. A feature that does not move: exactly 0. */

import { computeMeanChange } from "#lib/stats/mean-change.ts";
import { momentsOf } from "#lib/stats/moments.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import type { Surrogate, SurrogateFeature } from "#lib/stats/root-cause/surrogate.ts";
import { answerSurrogate, binForSurrogate } from "#lib/stats/root-cause/surrogate.ts";

export type ChangeSide = {
  readonly columns: readonly JointColumn[];
  /** One per row. */
  readonly targets: Float64Array;
};

/** A part of a change in units of the target, with its 95 % interval. */
export type ChangePart = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly pValue: number;
};

export type WholeChange = ChangePart & {
  readonly referenceMean: number;
  readonly windowMean: number;
  readonly referenceCount: number;
  readonly windowCount: number;
};

export type FeatureChange = ChangePart & {
  readonly feature: string;
  /** By importance, from 1. */
  readonly importanceRank: number;
  readonly importance: number;
  /** The share of the window's rows beyond what the surrogate ever saw of the feature: there it answers as at the nearest. */
  readonly outsideShare: number;
};

export type ExplainedChange = {
  readonly features: readonly FeatureChange[];
  readonly interaction: ChangePart;
  readonly remainder: ChangePart;
};

export const computeWholeChange = (
  reference: ArrayLike<number>,
  window: ArrayLike<number>,
): WholeChange | null => {
  const [before, after] = [momentsOf(Array.from(reference)), momentsOf(Array.from(window))];
  const change = computeMeanChange(before, after);
  return change === null
    ? null
    : {
        value: change.difference,
        ...change.interval,
        pValue: change.pValue,
        referenceMean: before.mean,
        windowMean: after.mean,
        referenceCount: before.count,
        windowCount: after.count,
      };
};

export const explainChange = (
  surrogate: Surrogate,
  reference: ChangeSide,
  window: ChangeSide,
  { isLearnedFrom = false }: { isLearnedFrom?: boolean } = {},
): ExplainedChange | null => {
  const before = answerSide(surrogate, reference);
  const after = answerSide(surrogate, window);
  const interaction = partOf(before.together, after.together);
  const remainder = partOf(before.left, after.left, isLearnedFrom ? surrogate.residualVariance : 0);
  if (interaction === null || remainder === null) return null;
  const features = surrogate.features.flatMap((feature, i): FeatureChange[] => {
    const [there, here] = [before.features[i], after.features[i]];
    const part = there === undefined || here === undefined ? null : partOf(there.moves, here.moves);
    return part === null
      ? []
      : [
          {
            ...part,
            feature: feature.bins.name,
            importanceRank: i + 1,
            importance: feature.importance,
            outsideShare: here?.outsideShare ?? 0,
          },
        ];
  });
  return { features, interaction, remainder };
};

const answerSide = (surrogate: Surrogate, { columns, targets }: ChangeSide) => {
  const rowCount = targets.length;
  const binned = binForSurrogate(surrogate, columns, rowCount);
  const answers = answerSurrogate(surrogate, binned, rowCount);
  const together = Float64Array.from(answers);
  const features = surrogate.features.map((feature, i) => {
    const bins = binned[i]?.bins ?? new Uint8Array(rowCount);
    const moves = Float64Array.from(bins, (bin) => feature.dependence[bin] ?? 0);
    moves.forEach((move, row) => {
      together[row] = (together[row] ?? 0) - move;
    });
    const column = columns.find(({ name }) => name === feature.bins.name);
    return { moves, outsideShare: outsideShareOf(feature, column) };
  });
  const left = Float64Array.from(targets, (y, row) => y - (answers[row] ?? 0));
  return { features, together, left };
};

const outsideShareOf = (
  { bins, range }: SurrogateFeature,
  column: JointColumn | undefined,
): number => {
  const values: readonly (number | string)[] = (column?.values ?? []).filter((x) => x !== null);
  const known = new Set(bins.kind === "categorical" ? bins.names : []);
  const outside = values.filter((x) => {
    if (bins.kind === "categorical") return !known.has(String(x));
    return range !== null && typeof x === "number" && (x < range[0] || x > range[1]);
  });
  return values.length === 0 ? 0 : outside.length / values.length;
};

const partOf = (
  reference: Float64Array,
  window: Float64Array,
  varianceMin = 0,
): ChangePart | null => {
  const before = momentsOf(reference);
  const m2 = Math.max(before.m2, varianceMin * (before.count - 1));
  const change = computeMeanChange({ ...before, m2 }, momentsOf(window));
  return change === null
    ? null
    : { value: change.difference, ...change.interval, pValue: change.pValue };
};
