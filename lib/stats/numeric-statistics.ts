/** The statistics of a numeric feature's drift, from two profiles.
 *
 *  Those over the reference bins (PSI, Jensen-Shannon, Hellinger, Kullback-Leibler, total variation) are exact for the bins
 *  that they name. Those over the line (Kolmogorov-Smirnov, Wasserstein, energy, Cramer-von Mises) come from the fine grid, with
 *  the bounds between which that of the rows lies. The change of the mean is exact.
 *  Degenerate input: too few rows: cannot say; a constant baseline has no Wasserstein distance in standard deviations, and
 *  what overflows a double has no value: undefined, with the reason. */

import type { Cells } from "#lib/stats/cells.ts";
import { occupiedCells } from "#lib/stats/cells.ts";
import type { CramerVonMises } from "#lib/stats/cramer-von-mises.ts";
import { computeCramerVonMises } from "#lib/stats/cramer-von-mises.ts";
import type { DriftStatistic, DriftStatisticName } from "#lib/stats/drift-statistic.ts";
import { driftValue, lacking } from "#lib/stats/drift-statistic.ts";
import type { CannotSay, SampleSizes } from "#lib/stats/drift-test.ts";
import { computeEnergyDistance } from "#lib/stats/energy-distance.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { computeHellingerEffect } from "#lib/stats/hellinger.ts";
import {
  computeJsDistanceBit,
  jsDistanceBitInterval,
  jsDistanceBitNullExpectation,
} from "#lib/stats/jensen-shannon.ts";
import {
  computeKsOfTwoSample,
  ksInterval,
  ksNullExpectation,
  ksPValueLimit,
} from "#lib/stats/kolmogorov-smirnov.ts";
import { computeKl } from "#lib/stats/kullback-leibler.ts";
import { computeMeanChange } from "#lib/stats/mean-change.ts";
import { standardDeviationOf } from "#lib/stats/moments.ts";
import { computePsi } from "#lib/stats/psi.ts";
import { computeTotalVariation } from "#lib/stats/total-variation.ts";
import type { TwoSample } from "#lib/stats/two-sample.ts";
import { twoSampleOfHistograms } from "#lib/stats/two-sample.ts";
import type { Wasserstein } from "#lib/stats/wasserstein.ts";
import {
  computeWasserstein,
  normWasserstein,
  wassersteinInterval,
} from "#lib/stats/wasserstein.ts";

export const BINNED_STATISTICS = [
  "psi",
  "jensen_shannon",
  "hellinger",
  "kullback_leibler",
  "total_variation",
] as const;

/** Both sides have rows. Inexact where the cells themselves are, as with a tail of categories. */
export const statisticsOfBins = (
  cells: Cells,
  sampleSizes: SampleSizes,
  isExact = true,
): DriftStatistic[] => {
  const psi = computePsi(cells);
  const distance = computeJsDistanceBit(cells);
  const hellinger = computeHellingerEffect(cells);
  const kl = computeKl(cells);
  const variation = computeTotalVariation(cells);
  if (psi === null || distance === null || hellinger === null || kl === null || variation === null)
    throw new Error("two sides with rows have distances");
  const shared = { sampleSizes, isExact, binCount: occupiedCells(cells).baseline.length };
  return [
    driftValue({
      ...shared,
      statistic: "psi",
      ...pick(psi),
      smoothing: psi.smoothing,
      unit: "nat",
    }),
    driftValue({
      ...shared,
      statistic: "jensen_shannon",
      value: distance,
      nullExpectation: jsDistanceBitNullExpectation(cells),
      interval: jsDistanceBitInterval(cells),
      unit: "bit",
    }),
    driftValue({
      ...shared,
      statistic: "hellinger",
      value: hellinger.distance,
      nullExpectation: hellinger.nullExpectation,
      interval: { low: hellinger.lowerBound, high: hellinger.upperBound },
      unit: "share",
    }),
    driftValue({
      ...shared,
      statistic: "kullback_leibler",
      ...pick(kl),
      smoothing: kl.smoothing,
      unit: "nat",
    }),
    driftValue({ ...shared, statistic: "total_variation", ...pick(variation), unit: "share" }),
  ];
};

const pick = <T extends { value: number; nullExpectation: number; interval: object }>({
  value,
  nullExpectation,
  interval,
}: T): Pick<T, "value" | "nullExpectation" | "interval"> => ({ value, nullExpectation, interval });

const ORDER_STATISTICS: readonly DriftStatisticName[] = [
  "kolmogorov_smirnov",
  "wasserstein",
  "wasserstein_normed",
  "energy",
  "cramer_von_mises",
  "mean_change",
];

/** What is read off both samples along the line, once for the statistics and for the test. */
export type OrderComparison = {
  readonly two: TwoSample;
  readonly deviation: number | null;
  readonly distance: Wasserstein | null;
  readonly normed: Wasserstein | null;
  readonly cramerVonMises: CramerVonMises | null;
};

/** Both sides have rows. */
export const compareOrder = (baseline: FeatureProfile, window: FeatureProfile): OrderComparison => {
  const two = twoSampleOfHistograms(baseline, window);
  if (two === null) throw new Error("two sides with rows can be walked");
  const deviation = standardDeviationOf({ count: baseline.numericCount, m2: baseline.m2 });
  const distance = computeWasserstein(two, window.mean - baseline.mean);
  return {
    two,
    deviation,
    distance,
    normed: distance === null ? null : normWasserstein(distance, deviation),
    cramerVonMises: computeCramerVonMises(two),
  };
};

/** `order` says what lacks where a side has too few rows, and so does every statistic. */
export const orderStatistics = (
  baseline: FeatureProfile,
  window: FeatureProfile,
  sampleSizes: SampleSizes,
  order: OrderComparison | CannotSay,
): DriftStatistic[] => {
  if ("kind" in order) return ORDER_STATISTICS.map((name) => lacking(name, sampleSizes, order));
  const { two, deviation, distance, normed, cramerVonMises } = order;
  const undefinedAs = (
    statistic: DriftStatisticName,
    reason: "constant_baseline" | "beyond_doubles",
  ): DriftStatistic => ({ kind: "undefined", statistic, sampleSizes, reason });
  const change = computeMeanChange(
    { ...baseline, count: baseline.numericCount },
    { ...window, count: window.numericCount },
  );
  return [
    ksValue(two, sampleSizes),
    distance === null
      ? undefinedAs("wasserstein", "beyond_doubles")
      : wassersteinValue("wasserstein", distance, sampleSizes),
    normed === null
      ? undefinedAs("wasserstein_normed", deviation === 0 ? "constant_baseline" : "beyond_doubles")
      : wassersteinValue("wasserstein_normed", normed, sampleSizes),
    energyValue(two, sampleSizes) ?? undefinedAs("energy", "beyond_doubles"),
    cramerVonMises === null
      ? undefinedAs("cramer_von_mises", "beyond_doubles")
      : cramerVonMisesValue(cramerVonMises, sampleSizes),
    change === null
      ? undefinedAs("mean_change", "beyond_doubles")
      : driftValue({
          statistic: "mean_change",
          value: change.difference,
          nullExpectation: 0,
          interval: change.interval,
          pValue: change.pValue,
          sampleSizes,
          unit: "column",
        }),
  ];
};

const ksValue = (two: TwoSample, sampleSizes: SampleSizes): DriftStatistic => {
  const ks = computeKsOfTwoSample(two);
  const { baseline: n, window: m } = sampleSizes;
  return driftValue({
    statistic: "kolmogorov_smirnov",
    ...ks,
    lowerBound: ks.value,
    nullExpectation: ksNullExpectation(n, m),
    interval: ksInterval(ks, n, m),
    pValue: ksPValueLimit(ks.value, n, m),
    sampleSizes,
    unit: "share",
  });
};

const wassersteinValue = (
  statistic: "wasserstein" | "wasserstein_normed",
  distance: Wasserstein,
  sampleSizes: SampleSizes,
): DriftStatistic =>
  driftValue({
    statistic,
    value: distance.value,
    lowerBound: distance.low,
    upperBound: distance.high,
    isExact: distance.isExact,
    nullExpectation: distance.nullExpectation,
    interval: wassersteinInterval(distance),
    sampleSizes,
    unit: statistic === "wasserstein" ? "column" : "deviation",
  });

const energyValue = (two: TwoSample, sampleSizes: SampleSizes): DriftStatistic | null => {
  const energy = computeEnergyDistance(two);
  if (energy === null) return null;
  return driftValue({
    statistic: "energy",
    value: energy.value,
    lowerBound: energy.low,
    upperBound: energy.high,
    isExact: energy.isExact,
    nullExpectation: energy.nullExpectation,
    interval: energy.interval,
    sampleSizes,
    unit: "column_root",
  });
};

const cramerVonMisesValue = (test: CramerVonMises, sampleSizes: SampleSizes): DriftStatistic =>
  driftValue({
    statistic: "cramer_von_mises",
    value: test.statistic,
    isExact: test.isExact,
    nullExpectation: test.nullExpectation,
    pValue: test.pValue,
    sampleSizes,
    unit: "none",
  });
