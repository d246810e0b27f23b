import type { DriftExplanation } from "#lib/api/drift.ts";
import type { DriftMeasure } from "#lib/domain/health.ts";
import type { CategoricalProfile } from "#lib/stats/categorical-profile.ts";
import { mergeCategoricalProfiles } from "#lib/stats/categorical-profile.ts";
import { driftOfCategorical } from "#lib/stats/drift.ts";
import type { DriftStatistic } from "#lib/stats/drift-statistic.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { NO_PROFILE } from "#lib/stats/feature-profile.ts";
import { momentsOf } from "#lib/stats/moments.ts";
import { compareOrder, orderStatistics, statisticsOfBins } from "#lib/stats/numeric-statistics.ts";
import { countInBins } from "#lib/stats/reference-bins.ts";
import type { Comparison } from "./compare-sides.ts";
import { nameAnswers, numberAnswers } from "./compatibility-answers.ts";
import type { RawSide } from "./read-raw-side.ts";

export interface ExactStatistic {
  referenceCount: number;
  windowCount: number;
  value: number | null;
  compatibility: DriftExplanation["exact"]["compatibility"];
}

const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

/** The statistic from raw rows, in the cells that the profiles were counted in, and what the tools give for the same rows. */
export function exactStatistic(
  comparison: Comparison,
  measure: DriftMeasure,
  reference: RawSide,
  window: RawSide,
): ExactStatistic {
  return comparison.computed.kind === "numeric"
    ? exactOfNumbers(comparison.computed.comparison, measure, reference, window)
    : exactOfNames(measure, reference, window);
}

function exactOfNumbers(
  bins: Extract<Comparison["computed"], { kind: "numeric" }>["comparison"],
  measure: DriftMeasure,
  reference: RawSide,
  window: RawSide,
): ExactStatistic {
  const [x, y] = [numbersOf(reference), numbersOf(window)];
  const [a, b] = [finestProfile(reference, x), finestProfile(window, y)];
  const sampleSizes = { baseline: x.length, window: y.length };
  const statistics: DriftStatistic[] = [];
  if (x.length > 0 && y.length > 0) {
    statistics.push(...orderStatistics(a, b, sampleSizes, compareOrder(a, b)));
    if (bins !== null) {
      // The cuts lie on the coarser grid; the raw values may be anywhere between them.
      const finest = { grid: { resolution: 52, zeroFloor: 0 }, cuts: bins.cuts };
      const cells = { baseline: countInBins(a, finest), window: countInBins(b, finest) };
      statistics.push(...statisticsOfBins(cells, sampleSizes));
    }
  }
  return {
    referenceCount: x.length,
    windowCount: y.length,
    value: shownValue(statistics, measure),
    compatibility: numberAnswers(measure, x, y),
  };
}

function exactOfNames(measure: DriftMeasure, reference: RawSide, window: RawSide): ExactStatistic {
  const [a, b] = [namesProfile(reference), namesProfile(window)];
  const [n, m] = [sumOf(a.valueCounts), sumOf(b.valueCounts)];
  const { statistics } = driftOfCategorical(
    { ...NO_PROFILE, ...a, rowCount: n, stringCount: n },
    { ...NO_PROFILE, ...b, rowCount: m, stringCount: m },
  );
  return {
    referenceCount: n,
    windowCount: m,
    value: shownValue(statistics, measure),
    compatibility: nameAnswers(measure, namesOf(reference), namesOf(window)),
  };
}

function shownValue(statistics: readonly DriftStatistic[], measure: DriftMeasure): number | null {
  const found = statistics.find((one) => one.statistic === measure);
  return found?.kind === "value" ? found.value : null;
}

/** Every number of a side, row by row. */
export const numbersOf = ({ numbers, numberCounts }: RawSide): number[] =>
  repeat(numbers, numberCounts);

/** Every name of a side, row by row. */
export function namesOf(side: RawSide): string[] {
  const { valueNames, valueCounts } = namesProfile(side);
  return repeat(valueNames, valueCounts);
}

/** Numbers in place of categories are read as names, as profiles do. */
function namesProfile(side: RawSide): CategoricalProfile {
  const part = (valueNames: readonly string[], valueCounts: readonly number[]) => ({
    valueNames,
    valueCounts,
    otherCount: 0,
    distinctCount: valueNames.length,
  });
  return mergeCategoricalProfiles(
    [part(side.names, side.nameCounts), part(side.numbers.map(String), side.numberCounts)],
    Number.POSITIVE_INFINITY,
  );
}

function finestProfile(side: RawSide, values: readonly number[]): FeatureProfile {
  return {
    ...NO_PROFILE,
    ...momentsOf(values),
    rowCount: values.length,
    numericCount: values.length,
    resolution: 52,
    zeroFloor: 0,
    edges: side.numbers,
    counts: side.numberCounts,
  };
}

function repeat<T>(values: readonly T[], counts: readonly number[]): T[] {
  const rows: T[] = [];
  values.forEach((value, i) => {
    for (let k = 0; k < (counts[i] ?? 0); k += 1) rows.push(value);
  });
  return rows;
}
