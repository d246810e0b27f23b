/** Verdict: drift, no drift, or cannot say, for every feature of one model run together.
 *
 *  Rule. All tests of all features are one family. A test has found drift when its Benjamini-Hochberg adjusted p-value is
 *  at most the false-discovery rate (0.05), and the lower end of the 95 % interval of one of its effects exceeds what is
 *  negligible: 0.0177 for the Hellinger distance, 0.0199 for Kolmogorov-Smirnov, both what a shift of a normal by 0.05
 *  standard deviations is. Significant but within the floor is "real_but_negligible", which is no drift. A feature drifts if one of its tests found drift; else, if its
 *  values could not be tested, nothing can be said; else it does not drift.
 *  Degenerate input: no features: none; tests that could not be made are no members of the family. */

import type { CannotSay, DriftTest, Effect } from "#lib/stats/drift-test.ts";
import { adjustPValues } from "#lib/stats/false-discovery.ts";

export type VerdictOptions = {
  readonly falseDiscoveryRate?: number;
  readonly negligible?: Partial<Record<Effect["statistic"], number>>;
};

export type TestOutcome = "drift" | "real_but_negligible" | "within_noise" | "cannot_say";

export type JudgedTest = DriftTest & {
  readonly outcome: TestOutcome;
  /** Null when the test could not be made. */
  readonly adjustedPValue: number | null;
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

const FALSE_DISCOVERY_RATE = 0.05;
const NEGLIGIBLE = { hellinger: 0.0177, kolmogorov_smirnov: 0.0199 };

type Rule = {
  readonly falseDiscoveryRate: number;
  readonly negligible: Readonly<Record<Effect["statistic"], number>>;
};

const judge = (
  test: DriftTest,
  adjustedPValue: number,
  { falseDiscoveryRate, negligible }: Rule,
): JudgedTest => {
  if (test.kind === "cannot_say") return { ...test, outcome: "cannot_say", adjustedPValue: null };
  if (adjustedPValue > falseDiscoveryRate)
    return { ...test, outcome: "within_noise", adjustedPValue };
  const isLarge = test.effects.some(
    ({ statistic, lowerBound }) => lowerBound > negligible[statistic],
  );
  return { ...test, outcome: isLarge ? "drift" : "real_but_negligible", adjustedPValue };
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
  const adjusted = adjustPValues(family.map((test) => test.pValue));
  const adjustedByTest = new Map<DriftTest, number>(
    family.map((test, i) => [test, adjusted[i] ?? 1]),
  );
  return features.map(({ feature, tests }) => {
    const judged = tests.map((test) => judge(test, adjustedByTest.get(test) ?? 1, rule));
    return { feature, verdict: verdictFrom(judged), tests: judged, familySize: family.length };
  });
};
