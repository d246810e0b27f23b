/** Restore feature: how right a model would have been, had one feature stayed as it was.
 *
 *  Definition. The window's values of the feature are replaced, rank by rank, by the reference's: a value that a share q of the
 *  window lies below becomes the reference's quantile q, so that a changed unit, an offset or a cut-off is undone, whatever it
 *  was, and the feature is distributed as in the reference. With a surrogate f of what the model answers, a row's gain is how much
 *  more right f is about the row's label with the restored value; the mean gain, with its interval and t test over rows, is
 *  what restoring wins back. Where the world moved and not the feed, a restored value is wrong, and the gain negative: then
 *  the feature is no fault.
 *  Reference: quantile (rank-preserving) transport, Bolstad et al. (2003); the counterfactual is of the surrogate, not of the model.
 *  Degenerate input: a feature of names, or without values on a side: null; ties take the middle of their ranks. */

import { momentsOf } from "#lib/stats/moments.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import { rowCountOf } from "#lib/stats/multivariate/joint-columns.ts";
import type { ChangePart } from "#lib/stats/root-cause/explain-change.ts";
import type { Surrogate } from "#lib/stats/root-cause/surrogate.ts";
import { answerSurrogate, binColumn, binForSurrogate } from "#lib/stats/root-cause/surrogate.ts";
import { studentQuantile975, studentTwoSided } from "#lib/stats/student-distribution.ts";

/** The window's values at the reference's quantiles; what is missing stays missing. */
export const restoreValues = (
  reference: readonly (number | null)[],
  window: readonly (number | null)[],
): (number | null)[] | null => {
  const isKnown = (x: number | null): x is number => x !== null && Number.isFinite(x);
  const before = Float64Array.from(reference.filter(isKnown)).sort();
  const after = Float64Array.from(window.filter(isKnown)).sort();
  if (before.length === 0 || after.length === 0) return null;
  const restored = new Map<number, number>();
  for (let from = 0; from < after.length; ) {
    const value = after[from] ?? 0;
    let until = from;
    while (until < after.length && after[until] === value) until += 1;
    const place = ((from + until) / 2 / after.length) * before.length;
    restored.set(value, before[Math.min(before.length - 1, Math.floor(place))] ?? 0);
    from = until;
  }
  return window.map((x) => (isKnown(x) ? (restored.get(x) ?? null) : null));
};

/** How right an answer is about a row, the more the better. */
export type Rightness = (answer: number, row: number) => number;

export type Restored = {
  /** The mean gain. */
  readonly part: ChangePart;
  /** How much more right each row is. */
  readonly gains: Float64Array;
  readonly column: JointColumn;
};

/** What restoring each of these features by itself is worth; one that cannot be restored is left out. */
export const restoreFeatures = (
  surrogate: Surrogate,
  candidates: readonly string[],
  reference: readonly JointColumn[],
  window: readonly JointColumn[],
  rightness: Rightness,
): Restored[] => {
  const rowCount = rowCountOf(window);
  const binned = binForSurrogate(surrogate, window, rowCount);
  const now = answerSurrogate(surrogate, binned, rowCount);
  return surrogate.features.flatMap(({ bins }, place): Restored[] => {
    if (!candidates.includes(bins.name)) return [];
    const there = reference.find(({ name }) => name === bins.name);
    const here = window.find(({ name }) => name === bins.name);
    if (there?.kind !== "numeric" || here?.kind !== "numeric") return [];
    const values = restoreValues(there.values, here.values);
    if (values === null) return [];
    const column: JointColumn = { ...here, values };
    const changed = binned.map((each, i) => (i === place ? binColumn(bins, values) : each));
    const then = answerSurrogate(surrogate, changed, rowCount);
    const gains = then.map((answer, row) => rightness(answer, row) - rightness(now[row] ?? 0, row));
    const part = meanPart(gains);
    return part === null ? [] : [{ part, gains, column }];
  });
};

/** A mean against none: Student's test of paired differences. */
const meanPart = (values: Float64Array): ChangePart | null => {
  const { count, mean, m2 } = momentsOf(values);
  if (count < 2) return null;
  const error = Math.sqrt(m2 / (count - 1) / count);
  const half = studentQuantile975(count - 1) * error;
  const pValue = error > 0 ? studentTwoSided(mean / error, count - 1) : Number(mean === 0);
  return { value: mean, low: mean - half, high: mean + half, pValue };
};
