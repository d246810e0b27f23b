import type { DriftStatistic } from "#lib/domain/health.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { missingCountOf, nonFiniteCountOf } from "#lib/stats/profile-counts.ts";
import type { JudgedTest } from "#lib/stats/verdict.ts";
import type { Comparison } from "./compare-sides.ts";

const statisticNames: Record<DriftStatistic, string> = {
  psi: "PSI",
  jensen_shannon: "Jensen-Shannon distance",
  kolmogorov_smirnov: "Kolmogorov-Smirnov",
};

/** Why the verdict is what it is, in words: the figures that decided, and what noise alone gives. */
export function describeVerdict(
  comparison: Omit<Comparison, "subject" | "feature" | "type">,
): string {
  const { verdict } = comparison.verdict;
  switch (verdict.kind) {
    case "drift": {
      const found = comparison.verdict.tests.filter((test) => test.outcome === "drift");
      return found.map((test) => describeTest(test, comparison)).join("; ");
    }
    case "no_drift": {
      const words = distanceWords(comparison);
      return verdict.reason === "real_but_negligible"
        ? `real but negligible: ${words}`
        : `within noise: ${words}`;
    }
    case "cannot_say":
      switch (verdict.reason) {
        case "too_few_baseline_rows":
          return `${counted(verdict.have)} to compare with, ${verdict.needed} needed`;
        case "too_few_window_rows":
          return `${counted(verdict.have)} in the window, ${verdict.needed} needed`;
        case "too_few_rows_per_bin":
          return `${counted(verdict.have)} on the smaller side, ${verdict.needed} needed for two bins`;
      }
  }
}

function describeTest(
  test: JudgedTest,
  comparison: Omit<Comparison, "subject" | "feature" | "type">,
): string {
  const { reference, window } = comparison;
  switch (test.name) {
    case "values":
      return distanceWords(comparison);
    case "missing":
      return `missing values ${change(missingCountOf, reference, window)}`;
    case "non_finite":
      return `NaN and infinite values ${change(nonFiniteCountOf, reference, window)}`;
    case "type_violations":
      return comparison.computed.kind === "numeric"
        ? `values that are no numbers ${change((side) => side.stringCount + side.booleanCount, reference, window)}`
        : `numbers in place of categories ${change((side) => side.numericCount + nonFiniteCountOf(side), reference, window)}`;
  }
}

function distanceWords({ computed }: Pick<Comparison, "computed">): string {
  const statistic = computed.statistics.find((one) => one.kind === "value");
  if (statistic?.kind !== "value") return "no distance could be computed";
  return `${statisticNames[statistic.statistic]} ${short(statistic.value)} where noise gives ${short(statistic.nullExpectation)}`;
}

function change(
  countOf: (side: FeatureProfile) => number,
  reference: FeatureProfile,
  window: FeatureProfile,
): string {
  const share = (side: FeatureProfile) => (side.rowCount === 0 ? 0 : countOf(side) / side.rowCount);
  return `went from ${percent(share(reference))} to ${percent(share(window))}`;
}

function percent(share: number): string {
  const hundredths = share * 100;
  if (hundredths > 0 && hundredths < 0.1) return "less than 0.1 %";
  return `${Number(hundredths.toPrecision(3))} %`;
}

const counted = (count: number) => (count === 1 ? "1 value" : `${count} values`);

const short = (value: number) => String(Number(value.toPrecision(2)));
