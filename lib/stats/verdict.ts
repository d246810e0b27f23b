/** Verdict: drift, no drift, or cannot say, for every feature of one model run together.
 *
 *  Rule. All tests of all features are one family. A test has found drift when its adjusted p-value is at most the
 *  false-discovery rate (0.04), and the lower end of the interval of one of its effects exceeds what is negligible: 0.05
 *  standard deviations for Wasserstein's distance, 0.0177 for Hellinger's, which a shift of a normal by 0.05 standard deviations
 *  is; half a percent of the rows for values out of range. p-values are adjusted by Benjamini and Hochberg with weights (Genovese, Roeder and Wasserman 2006): the test of the
 *  values counts nine times as much as that of a rate, so that the questions about rates cost little of its power.
 *  Significant but within the floor is "real_but_negligible", which is no drift. A feature drifts if one of its tests found
 *  drift; else, if its values could not be tested, nothing can be said; else it does not drift. What the rule is worth:
 *  docs/operating-characteristics.md.
 *  Degenerate input: no features: none; tests that could not be made are no members of the family. */

import type { CannotSay, DriftTest, Effect, EffectName } from "#lib/stats/drift-test.ts";
import { adjustPValues, FALSE_DISCOVERY_RATE } from "#lib/stats/false-discovery.ts";

export type VerdictOptions = {
  readonly falseDiscoveryRate?: number;
  readonly negligible?: Partial<Record<EffectName, number>>;
};

export type TestOutcome = "drift" | "real_but_negligible" | "within_noise" | "cannot_say";

/** The effect that was held against its floor: of several the first that exceeds it, else the first. */
export type DecisiveEffect = Effect & { readonly negligible: number };

export type JudgedTest = DriftTest & {
  readonly outcome: TestOutcome;
  /** Null when the test could not be made. */
  readonly adjustedPValue: number | null;
  readonly decidedBy: DecisiveEffect | null;
};

export type Verdict =
  | { readonly kind: "drift"; readonly reason: "found" }
  | { readonly kind: "no_drift"; readonly reason: "within_noise" | "real_but_negligible" }
  | CannotSay;

export type FeatureVerdict = {
  readonly feature: string;
  readonly verdict: Verdict;
  readonly tests: readonly JudgedTest[];
  /** Tests that were judged together. */
  readonly familySize: number;
};

const NEGLIGIBLE: Readonly<Record<EffectName, number>> = {
  wasserstein_normed: 0.05,
  hellinger: 0.0177,
  rate_difference: 0.005,
};
const VALUES_WEIGHT = 9;

type Rule = {
  readonly falseDiscoveryRate: number;
  readonly negligible: Readonly<Record<EffectName, number>>;
};

const decisiveOf = (
  effects: readonly Effect[],
  negligible: Rule["negligible"],
): DecisiveEffect | null => {
  const held = effects.map((effect) => ({ ...effect, negligible: negligible[effect.statistic] }));
  return held.find((effect) => effect.lowerBound > effect.negligible) ?? held[0] ?? null;
};

const judge = (
  test: DriftTest,
  adjustedPValue: number,
  { falseDiscoveryRate, negligible }: Rule,
): JudgedTest => {
  if (test.kind === "cannot_say")
    return { ...test, outcome: "cannot_say", adjustedPValue: null, decidedBy: null };
  const decidedBy = decisiveOf(test.effects, negligible);
  if (adjustedPValue > falseDiscoveryRate)
    return { ...test, outcome: "within_noise", adjustedPValue, decidedBy };
  const isLarge = decidedBy !== null && decidedBy.lowerBound > decidedBy.negligible;
  const outcome = isLarge ? "drift" : "real_but_negligible";
  return { ...test, outcome, adjustedPValue, decidedBy };
};

const verdictFrom = (tests: readonly JudgedTest[]): Verdict => {
  if (tests.some((test) => test.outcome === "drift")) return { kind: "drift", reason: "found" };
  for (const test of tests) {
    if (test.name === "values" && test.kind === "cannot_say") {
      const { reason, have, needed } = test;
      return { kind: "cannot_say", reason, have, needed };
    }
  }
  const isReal = tests.some((test) => test.outcome === "real_but_negligible");
  return { kind: "no_drift", reason: isReal ? "real_but_negligible" : "within_noise" };
};

export const verdictsOf = (
  features: readonly { readonly feature: string; readonly tests: readonly DriftTest[] }[],
  options: VerdictOptions = {},
): FeatureVerdict[] => {
  const rule = {
    falseDiscoveryRate: options.falseDiscoveryRate ?? FALSE_DISCOVERY_RATE,
    negligible: { ...NEGLIGIBLE, ...options.negligible },
  };
  const family = features.flatMap(({ tests }) => tests).filter((test) => test.kind === "tested");
  const adjusted = adjustPValues(
    family.map((test) => test.pValue),
    family.map((test) => (test.name === "values" ? VALUES_WEIGHT : 1)),
  );
  const adjustedByTest = new Map<DriftTest, number>(
    family.map((test, i) => [test, adjusted[i] ?? 1]),
  );
  return features.map(({ feature, tests }) => {
    const judged = tests.map((test) => judge(test, adjustedByTest.get(test) ?? 1, rule));
    return { feature, verdict: verdictFrom(judged), tests: judged, familySize: family.length };
  });
};
