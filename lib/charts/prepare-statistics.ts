import type { FeatureDrift, StatisticValue } from "#lib/api/drift.ts";
import type { DriftMeasure } from "#lib/domain/health.ts";
import type { ChartTable } from "./chart-table.ts";
import { formatCountExact, formatNumber, formatPValue } from "./format-number.ts";
import { statisticNames } from "./name-statistic.ts";

export interface StatisticRow {
  statistic: DriftMeasure;
  label: string;
  value: string;
  unit: string;
  noise: string;
  /** 95 %; a dash where the statistic is evidence only. */
  interval: string;
  pValue: string;
  /** How well the statistic of these very rows is known, and what else it must be read with: "exact, 20 cells". */
  note: string;
  /** The verdict rests on this one. */
  isDecisive: boolean;
}
export interface StatisticGroup {
  title: string;
  rows: readonly StatisticRow[];
}
export interface StatisticsModel {
  /** "n = 1,203 values in the window, m = 5,000 in the reference". */
  sizes: string;
  groups: readonly StatisticGroup[];
  unavailable: readonly { label: string; reason: string }[];
  table: ChartTable;
}

const families = ["values", "shares", "association"] as const;
const familyTitles: Record<(typeof families)[number], string> = {
  values: "How far the values moved",
  shares: "How different the shares of bins and categories are",
  association: "Whether the side and the category belong together",
};
const familyOf: Record<DriftMeasure, (typeof families)[number]> = {
  wasserstein_normed: "values",
  wasserstein: "values",
  mean_change: "values",
  energy: "values",
  kolmogorov_smirnov: "values",
  cramer_von_mises: "values",
  psi: "shares",
  jensen_shannon: "shares",
  kullback_leibler: "shares",
  hellinger: "shares",
  total_variation: "shares",
  l_infinity: "shares",
  chi_squared: "association",
  g_test: "association",
  cramers_v: "association",
  cramers_v_corrected: "association",
};
const order = Object.keys(familyOf) as DriftMeasure[];

export const unitNames: Record<StatisticValue["unit"], string> = {
  nat: "nat",
  bit: "bit",
  share: "of 1",
  column: "its unit",
  column_root: "√ its unit",
  deviation: "std",
  none: "",
};

/** Every statistic of one feature, and beside each what it must not be read without. */
export function prepareStatistics(drift: FeatureDrift): StatisticsModel {
  const isOfValues = drift.decidedQuestion === "values";
  const values = drift.tests.find(({ question }) => question === "values");
  const decisive = isOfValues ? (values?.decidedBy?.statistic ?? null) : null;
  const sorted = [...drift.statistics].sort(
    (a, b) => order.indexOf(a.statistic) - order.indexOf(b.statistic),
  );
  const rows = sorted.map((each) => toRow(each, decisive));
  return {
    sizes: `n = ${formatCountExact(drift.windowCount)} values in the window, m = ${formatCountExact(drift.referenceCount)} in the reference`,
    groups: families
      .map((family) => ({
        title: familyTitles[family],
        rows: rows.filter(({ statistic }) => familyOf[statistic] === family),
      }))
      .filter((group) => group.rows.length > 0),
    unavailable: drift.unavailable.map(({ statistic, reason }) => ({
      label: statisticNames[statistic],
      reason,
    })),
    table: {
      columns: [
        "statistic",
        "value",
        "unit",
        "noise_expectation",
        "interval_low",
        "interval_high",
        "p",
        "lower_bound",
        "upper_bound",
        "n_window",
        "m_reference",
      ],
      rows: sorted.map((each) => [
        each.statistic,
        each.value,
        each.unit,
        each.nullExpectation,
        each.interval?.low ?? null,
        each.interval?.high ?? null,
        each.pValue,
        each.lowerBound,
        each.upperBound,
        drift.windowCount,
        drift.referenceCount,
      ]),
    },
  };
}

function toRow(each: StatisticValue, decisive: string | null): StatisticRow {
  const { interval } = each;
  return {
    statistic: each.statistic,
    label: statisticNames[each.statistic],
    value: formatNumber(each.value),
    unit: unitNames[each.unit],
    noise: formatNumber(each.nullExpectation),
    interval: interval === null ? "–" : formatInterval(interval.low, interval.high),
    pValue: formatPValue(each.pValue),
    note: toNote(each),
    isDecisive: each.statistic === decisive,
  };
}

export const formatInterval = (low: number, high: number): string =>
  `${formatNumber(low)} to ${formatNumber(high)}`;

function toNote(each: StatisticValue): string {
  const { binCount, smoothing, category } = each;
  return [
    formatKnown(each),
    ...(binCount === null ? [] : [`${formatCountExact(binCount)} cells`]),
    ...(smoothing === "add_half" ? ["half a row added to each, as some are empty"] : []),
    ...(category === null ? [] : [`most at ${category}`]),
  ].join(", ");
}

/** Bounds that agree on every digit that is shown are not worth a reader's time. */
function formatKnown({ isExact, lowerBound, upperBound }: StatisticValue): string {
  if (isExact) return "exact";
  return formatNumber(lowerBound) === formatNumber(upperBound)
    ? "exact to the digits shown"
    : `between ${formatNumber(lowerBound)} and ${formatNumber(upperBound)} for these rows`;
}
