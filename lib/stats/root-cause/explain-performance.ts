/** Explain performance: what moved how right a model is, when some features may have been at fault and others have honestly moved.
 *
 *  Definition. Every number that drifted, and that the model's decisions hang on, is restored by itself (restore-feature.ts), on the window's
 *  labelled rows. Where that makes the surrogate's decisions more right by more than noise (one-sided tests, Benjamini-Hochberg at
 *  1 %), the feature's part of the change is what restoring wins back, with its sign turned; the rest is explained with the
 *  feature restored and those gains taken out row by row (explain-change.ts), so that nothing is counted twice and all parts
 *  still add up to the whole change.
 *  What is won back is the surrogate's gain, not the model's: it says where to look, and what looking should be worth.
 *  Degenerate input: without a surrogate of the decisions nothing is restored; without one of how right the model is there are
 *  no other features and no interaction. */

import { adjustPValues } from "#lib/stats/false-discovery.ts";
import type {
  ChangePart,
  ChangeSide,
  FeatureChange,
} from "#lib/stats/root-cause/explain-change.ts";
import { computeWholeChange, explainChange } from "#lib/stats/root-cause/explain-change.ts";
import type { Restored, Rightness } from "#lib/stats/root-cause/restore-feature.ts";
import { restoreFeatures } from "#lib/stats/root-cause/restore-feature.ts";
import type { Surrogate } from "#lib/stats/root-cause/surrogate.ts";

const CANDIDATES_MAX = 20;
const RESTORED_AT = 0.01;

export type ExplainedPerformance = {
  readonly restored: readonly (ChangePart & { readonly feature: string })[];
  readonly features: readonly FeatureChange[];
  readonly interaction: ChangePart | null;
  readonly remainder: ChangePart;
};

export type PerformanceCase = {
  readonly performance: Surrogate | null;
  readonly decision: Surrogate | null;
  readonly reference: ChangeSide;
  readonly window: ChangeSide;
  /** Features that drifted: what did not move has nothing to be put back. */
  readonly drifted: readonly string[];
  /** Of the window's rows. */
  readonly rightness: Rightness;
  /** By how much the target moves when a row is one more right: 1 for a hit, -1 for an error. */
  readonly direction: 1 | -1;
  readonly isLearnedFrom?: boolean;
};

export const explainPerformance = ({
  performance,
  decision,
  reference,
  window,
  drifted,
  rightness,
  direction,
  isLearnedFrom = false,
}: PerformanceCase): ExplainedPerformance | null => {
  const found =
    decision === null
      ? []
      : findRestorable(
          restoreFeatures(
            decision,
            drifted.slice(0, CANDIDATES_MAX),
            reference.columns,
            window.columns,
            rightness,
          ),
        );
  const targets = Float64Array.from(window.targets);
  for (const { gains } of found)
    gains.forEach((gain, row) => {
      targets[row] = (targets[row] ?? 0) + direction * gain;
    });
  const byName = new Map(found.map(({ column }) => [column.name, column]));
  const columns = window.columns.map((column) => byName.get(column.name) ?? column);
  const rest = { columns, targets };
  const restored = found.map(({ part, column }) => ({
    feature: column.name,
    ...scale(part, -direction, 0),
  }));
  if (performance === null) {
    const remainder = computeWholeChange(reference.targets, targets);
    return remainder === null
      ? null
      : { restored, features: [], interaction: null, remainder: toPart(remainder) };
  }
  const explained = explainChange(performance, reference, rest, { isLearnedFrom });
  if (explained === null) return null;
  const { features, ...others } = explained;
  // Ranks leave a trace of a move: it belongs to the feature, or the parts would not add up.
  const traceOf = (name: string) => features.find(({ feature }) => feature === name)?.value ?? 0;
  return {
    ...others,
    restored: restored.map((part) => ({ ...part, ...scale(part, 1, traceOf(part.feature)) })),
    features: features.filter(({ feature }) => !byName.has(feature)),
  };
};

/** Those that are worth it by more than noise. */
const findRestorable = (tried: readonly Restored[]): readonly Restored[] => {
  const adjusted = adjustPValues(
    tried.map(({ part }) => (part.value > 0 ? part.pValue / 2 : 1 - part.pValue / 2)),
  );
  return tried.filter((_, i) => (adjusted[i] ?? 1) <= RESTORED_AT);
};

const toPart = ({ value, low, high, pValue }: ChangePart): ChangePart => ({
  value,
  low,
  high,
  pValue,
});

/** Times a sign, and moved by a number. */
const scale = ({ value, low, high, pValue }: ChangePart, sign: number, by: number): ChangePart => ({
  value: sign * value + by,
  low: Math.min(sign * low, sign * high) + by,
  high: Math.max(sign * low, sign * high) + by,
  pValue,
});
