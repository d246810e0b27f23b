import type { FeatureDriftDetail } from "#lib/api/drift.ts";
import type { ChartTable } from "./chart-table.ts";
import { formatCountExact, formatNumber, formatShare } from "./format-number.ts";
import type { ValueAxis } from "./prepare-value-axis.ts";
import { prepareValueAxis } from "./prepare-value-axis.ts";

/** Both sides of anything that is compared, wherever it was kept. */
export type TwoSides = Pick<FeatureDriftDetail, "bins" | "referenceSide" | "windowSide">;
type Bin = TwoSides["bins"][number];

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

const rowsShownMax = 20;
const ticksShownMax = 8;
// A bin that fills less of the way to its neighbour is one value, not a stretch of them.
const pointWidthMax = 0.1;
// Past this the narrow bins would be thinner than a hair, and the axis counts bins instead of values.
const widthRatioMax = 60;

const isRange = (bin: Bin): bin is Bin & { from: number; until: number } =>
  bin.kind === "range" && bin.from !== null && bin.until !== null && bin.until >= bin.from;
const isValue = ({ kind }: Bin) => kind === "value" || kind === "new" || kind === "other";

/** Both sides on one axis; the shares of a side add up to one over all its bins. */
export function prepareDistribution(detail: TwoSides): DistributionModel {
  const ranges = detail.bins.filter(isRange).sort((a, b) => a.from - b.from);
  const values = detail.bins.filter(isValue);
  const isNumeric = ranges.length > 0;
  const special = detail.bins.filter((bin) => !isValue(bin) && !isRange(bin));
  const edgeBins = special.filter((bin) => bin.referenceCount > 0 || bin.windowCount > 0);
  const shape = isNumeric ? shapeOf(ranges) : null;
  const shownValues = isNumeric ? [] : topValues(values);
  const heights = shape === null ? null : densities(ranges, shape);
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
    note: shape === null ? sayShownValues(detail, values.length) : sayShape(shape),
    unit: "share of rows",
    hasReference: detail.referenceSide !== null,
    valueAxis,
    edges: edgeBins.map((bin) => toBar(bin, scale, false)),
    table: toTable(detail.bins),
  };
  if (heights === null || shape === null)
    return {
      ...base,
      steps: [],
      xTicks: [],
      quantiles: { reference: [], window: [] },
      rows: shownValues.map((bin) => toBar(bin, scale, base.hasReference)),
    };
  const place = placeOf(ranges, shape);
  return {
    ...base,
    steps: ranges.map((bin, index) => ({
      ...toBar(bin, scale, false),
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

type RangeBin = Bin & { from: number; until: number };

interface Shape {
  /** The bounds along the axis: where each bin begins, and where the last one ends. */
  edges: readonly number[];
  widths: readonly number[];
  /** Single values with nothing between them. */
  isDiscrete: boolean;
  isLinear: boolean;
}

function shapeOf(ranges: readonly RangeBin[]): Shape {
  const edges = [...ranges.map(({ from }) => from), ranges.at(-1)?.until ?? 1];
  const widths = edges.slice(1).map((edge, index) => edge - (edges[index] ?? edge));
  const isDiscrete = ranges.every(({ from, until }, index) => {
    const next = ranges[index + 1];
    return next === undefined
      ? until - from <= Math.abs(from) * pointWidthMax
      : until - from <= (next.from - from) * pointWidthMax;
  });
  const isLinear = !isDiscrete && Math.max(...widths) / Math.min(...widths) <= widthRatioMax;
  return { edges, widths, isDiscrete, isLinear };
}

/** Heights whose areas compare: where bins differ in width, a wide one is not taller for being wide. */
function densities(ranges: readonly RangeBin[], { widths, isLinear }: Shape) {
  const mean = widths.reduce((total, width) => total + width, 0) / widths.length;
  return ranges.map(({ referenceShare, windowShare }, index) => {
    const factor = isLinear ? mean / (widths[index] ?? mean) : 1;
    return { reference: referenceShare * factor, window: windowShare * factor };
  });
}

function placeOf(ranges: readonly RangeBin[], { edges, isDiscrete, isLinear }: Shape) {
  const low = edges[0] ?? 0;
  const high = edges.at(-1) ?? 1;
  const clamp = (at: number) => Math.min(1, Math.max(0, at));
  if (isLinear) {
    const linear = (value: number) => clamp((value - low) / (high - low));
    return {
      edge: (index: number) => linear(edges[index] ?? high),
      value: linear,
      ticks: roundTicks(low, high),
    };
  }
  const count = ranges.length;
  const ordinal = (value: number) => {
    const index = ranges.findLastIndex(({ from }) => from <= value);
    const bin = ranges[index];
    if (bin === undefined) return 0;
    const within = bin.until > bin.from ? clamp((value - bin.from) / (bin.until - bin.from)) : 0.5;
    return clamp((index + (isDiscrete ? 0.5 : within)) / count);
  };
  const every = Math.max(1, Math.ceil(count / ticksShownMax));
  const ticks = isDiscrete
    ? ranges.map(({ label }, index) => ({ at: (index + 0.5) / count, label }))
    : edges.map((edge, index) => ({ at: index / count, label: formatNumber(edge) }));
  return {
    edge: (index: number) => index / count,
    value: ordinal,
    ticks: ticks.filter((_, index) => index % every === 0),
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

/** The most frequent, then what is new, then the rest in one. */
function topValues(values: readonly Bin[]): Bin[] {
  const ofKind = (kind: Bin["kind"]) => values.filter((bin) => bin.kind === kind);
  const size = (bin: Bin) => Math.max(bin.referenceShare, bin.windowShare);
  const ranked = ofKind("value").sort((a, b) => size(b) - size(a));
  const cut = ranked.slice(rowsShownMax);
  const rest = [...cut, ...ofKind("other")];
  const shown = [...ranked.slice(0, rowsShownMax), ...ofKind("new")];
  const first = rest[0];
  if (first === undefined) return shown;
  const total = (pick: (bin: Bin) => number) => rest.reduce((sum, bin) => sum + pick(bin), 0);
  const other: Bin = {
    label: cut.length === 0 ? first.label : "all other values",
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

function toBar(bin: Bin, scale: number, canBeNew: boolean): DistributionBar {
  return {
    label: bin.label,
    reference: bin.referenceShare / scale,
    window: bin.windowShare / scale,
    referenceText: `${formatShare(bin.referenceShare)} (${formatCountExact(bin.referenceCount)} rows)`,
    windowText: `${formatShare(bin.windowShare)} (${formatCountExact(bin.windowCount)} rows)`,
    isNew: canBeNew && isValue(bin) && bin.referenceCount === 0 && bin.windowCount > 0,
  };
}

function sayShape({ widths, isDiscrete, isLinear }: Shape): string | null {
  if (isDiscrete) return null;
  if (!isLinear) return "Bins differ widely in width and are drawn equally wide.";
  return Math.max(...widths) / Math.min(...widths) > 1.05
    ? "Heights are per width, so that areas compare."
    : null;
}

function sayShownValues(detail: TwoSides, binCount: number): string | null {
  const hasRest = binCount > rowsShownMax || detail.bins.some(({ kind }) => kind === "other");
  if (!hasRest) return null;
  const total = detail.windowSide.distinctCount;
  const of = total === null || total <= rowsShownMax ? "" : ` of ${formatCountExact(total)}`;
  return `The ${rowsShownMax} most frequent${of} values; the rest together.`;
}

function toSentence(detail: TwoSides, kind: DistributionModel["kind"]): string {
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
