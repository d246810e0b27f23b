import type { FeatureDriftDetail } from "#lib/api/drift.ts";
import type { ChartTable } from "./chart-table.ts";
import { formatCountExact, formatNumber, formatShare } from "./format-number.ts";
import type { ValueAxis } from "./prepare-value-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";

type Bin = FeatureDriftDetail["bins"][number];

export interface DistributionBar {
  label: string;
  /** 0 to 1 of the axis. */
  reference: number;
  window: number;
  referenceText: string;
  windowText: string;
  isNew: boolean;
}
export interface DistributionStep extends DistributionBar {
  /** 0 to 1 along the axis. */
  from: number;
  until: number;
}
export interface DistributionModel {
  kind: "empty" | "numeric" | "categorical";
  sentence: string;
  note: string | null;
  unit: string;
  hasReference: boolean;
  /** Numeric: step outlines on bins that both sides share. */
  steps: readonly DistributionStep[];
  xTicks: readonly { at: number; label: string }[];
  /** Below the axis: 5, 25, 50, 75 and 95 %. */
  quantiles: { reference: readonly number[]; window: readonly number[] };
  /** Categorical: paired bars, most frequent first. */
  rows: readonly DistributionBar[];
  /** Missing, not a number, wrong type, outside the range: bars of their own at the edge. */
  edges: readonly DistributionBar[];
  valueAxis: ValueAxis;
  table: ChartTable;
}

const rowsShownMax = 14;
// Past this the narrow bins would be thinner than a hair, and the axis counts bins instead of values.
const widthRatioMax = 60;

const isRange = (bin: Bin): bin is Bin & { from: number; until: number } =>
  bin.kind === "range" && bin.from !== null && bin.until !== null && bin.until > bin.from;
const isValue = ({ kind }: Bin) => kind === "value" || kind === "new" || kind === "other";

/** Both sides on one axis; the shares of a side add up to one over all its bins. */
export function prepareDistribution(detail: FeatureDriftDetail): DistributionModel {
  const ranges = detail.bins.filter(isRange).sort((a, b) => a.from - b.from);
  const values = detail.bins.filter(isValue);
  const isNumeric = ranges.length > 0;
  const special = detail.bins.filter((bin) => !isValue(bin) && !isRange(bin));
  const edgeBins = special.filter((bin) => bin.referenceCount > 0 || bin.windowCount > 0);
  const shownValues = isNumeric ? [] : topValues(values);
  const heights = isNumeric ? densities(ranges) : null;
  const axisValues =
    heights === null
      ? [...shownValues, ...edgeBins].flatMap((bin) => [bin.referenceShare, bin.windowShare])
      : [
          ...heights.flatMap(({ reference, window }) => [reference, window]),
          ...edgeBins.flatMap((bin) => [bin.referenceShare, bin.windowShare]),
        ];
  const valueAxis = prepareValueAxis(axisValues, "share", 3);
  const scale = valueAxis.domain[1];
  const kind = kindOf(isNumeric, shownValues.length, edgeBins.length);
  const base = {
    kind,
    sentence: toSentence(detail, kind),
    note: noteOf(isNumeric ? ranges : [], values.length, shownValues.length),
    unit: "share of rows",
    hasReference: detail.referenceSide !== null,
    valueAxis,
    edges: edgeBins.map((bin) => toBar(bin, scale)),
    table: toTable(detail.bins),
  };
  if (heights === null)
    return {
      ...base,
      steps: [],
      xTicks: [],
      quantiles: { reference: [], window: [] },
      rows: shownValues.map((bin) => toBar(bin, scale)),
    };
  const place = placeOf(ranges);
  return {
    ...base,
    steps: ranges.map((bin, index) => ({
      ...toBar(bin, scale),
      reference: (heights[index]?.reference ?? 0) / scale,
      window: (heights[index]?.window ?? 0) / scale,
      from: place.edge(index),
      until: place.edge(index + 1),
    })),
    xTicks: place.ticks,
    quantiles: {
      reference: (detail.referenceSide?.quantiles ?? []).map(place.value),
      window: (detail.windowSide.quantiles ?? []).map(place.value),
    },
    rows: [],
  };
}

function kindOf(isNumeric: boolean, valueCount: number, edgeCount: number) {
  if (isNumeric) return "numeric" as const;
  return valueCount > 0 || edgeCount > 0 ? ("categorical" as const) : ("empty" as const);
}

/** Heights whose areas compare: where bins differ in width, a wide one is not taller for being wide. */
function densities(ranges: readonly (Bin & { from: number; until: number })[]) {
  const widths = ranges.map(({ from, until }) => until - from);
  const isLinear = Math.max(...widths) / Math.min(...widths) <= widthRatioMax;
  const mean = widths.reduce((total, width) => total + width, 0) / widths.length;
  return ranges.map(({ referenceShare, windowShare }, index) => {
    const factor = isLinear ? mean / (widths[index] ?? mean) : 1;
    return { reference: referenceShare * factor, window: windowShare * factor };
  });
}

function placeOf(ranges: readonly (Bin & { from: number; until: number })[]) {
  const widths = ranges.map(({ from, until }) => until - from);
  const edges = [...ranges.map(({ from }) => from), ranges.at(-1)?.until ?? 1];
  const low = edges[0] ?? 0;
  const high = edges.at(-1) ?? 1;
  const isLinear = Math.max(...widths) / Math.min(...widths) <= widthRatioMax;
  const clamp = (at: number) => Math.min(1, Math.max(0, at));
  if (isLinear) {
    const linear = (value: number) => clamp((value - low) / (high - low));
    return {
      edge: (index: number) => linear(edges[index] ?? high),
      value: linear,
      ticks: roundTicks(low, high),
    };
  }
  const ordinal = (value: number) => {
    const index = edges.findIndex((edge) => edge > value);
    if (index === -1) return 1;
    if (index === 0) return 0;
    const from = edges[index - 1] ?? low;
    const until = edges[index] ?? high;
    return clamp((index - 1 + (value - from) / (until - from)) / ranges.length);
  };
  const every = Math.max(1, Math.ceil(edges.length / 6));
  return {
    edge: (index: number) => index / ranges.length,
    value: ordinal,
    ticks: edges.flatMap((edge, index) =>
      index % every === 0 ? [{ at: index / ranges.length, label: formatNumber(edge) }] : [],
    ),
  };
}

function roundTicks(low: number, high: number): { at: number; label: string }[] {
  const wanted = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = ([1, 2, 5, 10].find((each) => each * power >= wanted) ?? 10) * power;
  const ticks: { at: number; label: string }[] = [];
  for (let index = Math.ceil(low / step); index * step <= high + step * 1e-9; index += 1) {
    const value = Number((index * step).toPrecision(12));
    ticks.push({ at: (value - low) / (high - low), label: formatNumber(value) });
  }
  return ticks;
}

function topValues(values: readonly Bin[]): Bin[] {
  const ranked = values
    .filter(({ kind }) => kind !== "other")
    .sort(
      (a, b) =>
        Math.max(b.referenceShare, b.windowShare) - Math.max(a.referenceShare, a.windowShare),
    );
  const shown = ranked.slice(0, rowsShownMax);
  const rest = [...ranked.slice(rowsShownMax), ...values.filter(({ kind }) => kind === "other")];
  if (rest.length === 0) return shown;
  const total = (pick: (bin: Bin) => number) => rest.reduce((sum, bin) => sum + pick(bin), 0);
  const other: Bin = {
    label: "all other values",
    kind: "other",
    from: null,
    until: null,
    referenceCount: total((bin) => bin.referenceCount),
    windowCount: total((bin) => bin.windowCount),
    referenceShare: total((bin) => bin.referenceShare),
    windowShare: total((bin) => bin.windowShare),
  };
  return [...shown, other];
}

function toBar(bin: Bin, scale: number): DistributionBar {
  return {
    label: bin.label,
    reference: bin.referenceShare / scale,
    window: bin.windowShare / scale,
    referenceText: `${formatShare(bin.referenceShare)} (${formatCountExact(bin.referenceCount)} rows)`,
    windowText: `${formatShare(bin.windowShare)} (${formatCountExact(bin.windowCount)} rows)`,
    isNew: bin.kind === "new" || (bin.referenceCount === 0 && bin.windowCount > 0 && isValue(bin)),
  };
}

function noteOf(
  ranges: readonly { from: number; until: number }[],
  valueCount: number,
  shownCount: number,
): string | null {
  if (ranges.length > 0) {
    const widths = ranges.map(({ from, until }) => until - from);
    const ratio = Math.max(...widths) / Math.min(...widths);
    if (ratio > widthRatioMax) return "Bins differ widely in width and are drawn equally wide.";
    if (ratio > 1.05) return "Heights are per width, so that areas compare.";
    return null;
  }
  return valueCount > shownCount
    ? `The ${rowsShownMax} most frequent of ${valueCount} values; the rest together.`
    : null;
}

function toSentence(detail: FeatureDriftDetail, kind: DistributionModel["kind"]): string {
  if (kind === "empty") return "No values to show.";
  const window = detail.windowSide;
  const reference = detail.referenceSide;
  if (reference === null)
    return `Distribution of ${formatCountExact(window.valueCount)} values in the window; there is nothing to compare with.`;
  if (kind === "categorical") {
    const moved = [...detail.bins].sort(
      (a, b) =>
        Math.abs(b.windowShare - b.referenceShare) - Math.abs(a.windowShare - a.referenceShare),
    )[0];
    if (moved === undefined) return "No values to show.";
    return `Largest change: ${moved.label}, from ${formatShare(moved.referenceShare)} to ${formatShare(moved.windowShare)} of rows.`;
  }
  return `The mean went from ${formatNumber(reference.mean)} to ${formatNumber(window.mean)}, the median from ${formatNumber(reference.quantiles?.[2] ?? null)} to ${formatNumber(window.quantiles?.[2] ?? null)}.`;
}

function toTable(bins: readonly Bin[]): ChartTable {
  return {
    columns: ["bin", "kind", "reference_rows", "window_rows", "reference_share", "window_share"],
    rows: bins.map((bin) => [
      bin.label,
      bin.kind,
      bin.referenceCount,
      bin.windowCount,
      bin.referenceShare,
      bin.windowShare,
    ]),
  };
}
