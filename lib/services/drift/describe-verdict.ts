import type { DriftStatistic } from "#lib/stats/drift-statistic.ts";
import type { CannotSay, RateName } from "#lib/stats/drift-test.ts";
import type { DecisiveEffect, JudgedTest } from "#lib/stats/verdict.ts";
import type { Comparison } from "./compare-sides.ts";

type Judged = Pick<Comparison, "verdict"> & { computed: Pick<Comparison["computed"], "kind"> };

/** Why the verdict is what it is, in words: the statistic that decided, what noise alone gives, and what is negligible. */
export function describeVerdict({ computed, verdict: { verdict, tests } }: Judged): string {
  switch (verdict.kind) {
    case "drift": {
      const found = tests.filter((test) => test.outcome === "drift");
      return found.map((test) => describeTest(test, computed.kind)).join("; ");
    }
    case "no_drift": {
      const test = decisiveTest(tests);
      const words = test === undefined ? "nothing to test" : describeTest(test, computed.kind);
      return verdict.reason === "real_but_negligible"
        ? `real but negligible: ${words}`
        : `within noise: ${words}`;
    }
    case "cannot_say":
      return describeLack(verdict);
  }
}

/** The test that the verdict rests on: what found drift, else what is real, else that of the values. */
export function decisiveTest(tests: readonly JudgedTest[]): JudgedTest | undefined {
  return (
    tests.find((test) => test.outcome === "drift") ??
    tests.find((test) => test.outcome === "real_but_negligible") ??
    tests.find((test) => test.name === "values")
  );
}

type Lack = CannotSay | Extract<DriftStatistic, { kind: "undefined" }>;

export function describeLack(lack: Lack): string {
  switch (lack.reason) {
    case "too_few_baseline_rows":
      return `${counted(lack.have)} to compare with, ${lack.needed} needed`;
    case "too_few_window_rows":
      return `${counted(lack.have)} in the window, ${lack.needed} needed`;
    case "too_few_rows_per_bin":
      return `${counted(lack.have)} on the smaller side, ${lack.needed} needed for two bins`;
    case "constant_baseline":
      return "all values of the reference are equal, so they have no standard deviation";
    case "beyond_doubles":
      return "the values are too large or too few for it";
  }
}

function describeTest(test: JudgedTest, kind: Comparison["computed"]["kind"]): string {
  const effect = test.decidedBy === null ? "" : effectWords(test.decidedBy);
  if (test.name === "values") return effect === "" ? "no distance could be computed" : effect;
  const change = `${rateNames[kind][test.name]} ${changeWords(test)}`;
  return effect === "" ? change : `${change} (${effect})`;
}

function effectWords({ statistic, value, nullExpectation, negligible }: DecisiveEffect): string {
  switch (statistic) {
    case "wasserstein_normed":
      return `Wasserstein distance ${short(value)} standard deviations where noise gives ${short(nullExpectation)} and up to ${negligible} is negligible`;
    case "hellinger":
      return `Hellinger distance ${short(value)} where noise gives ${short(nullExpectation)} and up to ${negligible} is negligible`;
    case "rate_difference":
      return `noise gives ${percent(nullExpectation)}, and up to ${percent(negligible)} is negligible`;
  }
}

const shared = {
  missing: "missing values",
  nan: "NaN",
  infinite: "infinite values",
  out_of_range: "values outside the reference's range",
  unseen: "values that the reference lacks",
} as const;

const rateNames: Record<Comparison["computed"]["kind"], Record<RateName, string>> = {
  numeric: { ...shared, type_violations: "values that are no numbers" },
  categorical: { ...shared, type_violations: "numbers in place of categories" },
};

function changeWords({ name, rate, sampleSizes }: JudgedTest): string {
  if (rate === null) return "could not be counted";
  const from = percent(rate.baseline / sampleSizes.baseline);
  const to = percent(rate.window / sampleSizes.window);
  return name === "unseen" ? `are ${to} where ${from} is usual` : `went from ${from} to ${to}`;
}

function percent(share: number): string {
  const hundredths = share * 100;
  if (hundredths > 0 && hundredths < 0.1) return "less than 0.1 %";
  return `${Number(hundredths.toPrecision(3))} %`;
}

const counted = (count: number) => (count === 1 ? "1 value" : `${count} values`);

const short = (value: number) => String(Number(value.toPrecision(3)));
