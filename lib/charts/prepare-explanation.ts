import type { DriftExplanation } from "#lib/api/drift.ts";
import type { ChartTable } from "./chart-table.ts";
import { formatCountExact, formatNumber, formatShare } from "./format-number.ts";
import { statisticNames } from "./name-statistic.ts";
import { unitNames } from "./prepare-statistics.ts";
import type { Sentence } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

export interface ExplainedCell {
  key: string;
  label: string;
  reference: string;
  referenceShare: string;
  window: string;
  windowShare: string;
}
export interface ExplanationModel {
  /** "PSI is 0.391 nat: 15,513 values of the window against 5,000 of the reference, counted in 20 cells." */
  sentence: Sentence;
  /** The same from the raw rows, or why they were not read. */
  exact: Sentence;
  tools: readonly {
    key: string;
    tool: string;
    statistic: string;
    value: string;
    note: string;
  }[];
  cells: readonly ExplainedCell[];
  table: ChartTable;
}

type Cell = DriftExplanation["cells"][number];

const toolNames: Record<DriftExplanation["exact"]["compatibility"][number]["profile"], string> = {
  evidently: "Evidently",
  nannyml: "NannyML",
  tfdv: "TFDV",
  scipy: "scipy",
};

/** One number, taken apart: what it was counted from, and what others make of the same rows. */
export function prepareExplanation(explanation: DriftExplanation): ExplanationModel {
  const { cells, exact, referenceCount, windowCount } = explanation;
  return {
    sentence: toSentence(explanation),
    exact: toExact(explanation),
    tools: exact.compatibility.map(({ profile, statistic, value, note }) => ({
      key: `${profile} ${statistic}`,
      tool: toolNames[profile],
      statistic,
      value: formatNumber(value),
      note,
    })),
    cells: cells.map((cell, index) => ({
      key: String(index),
      label: labelOf(cell),
      reference: formatCountExact(cell.referenceCount),
      referenceShare: formatShare(shareOf(cell.referenceCount, referenceCount)),
      window: formatCountExact(cell.windowCount),
      windowShare: formatShare(shareOf(cell.windowCount, windowCount)),
    })),
    table: {
      columns: ["from", "until", "name", "reference_count", "window_count"],
      rows: cells.map((cell) => [
        cell.from,
        cell.until,
        cell.name,
        cell.referenceCount,
        cell.windowCount,
      ]),
    },
  };
}

function toSentence({ statistic, reason, ...rest }: DriftExplanation): Sentence {
  if (statistic === null) return sentence`It has no value here: ${reason}.`;
  const unit = unitNames[statistic.unit];
  const value = `${formatNumber(statistic.value)}${unit === "" ? "" : ` ${unit}`}`;
  const counts = sentence`${figure(formatCountExact(rest.windowCount))} values of the window against ${figure(formatCountExact(rest.referenceCount))} of the reference`;
  const count = rest.cells.length;
  return sentence`${statisticNames[statistic.statistic]} is ${figure(value)}: ${counts}, counted in ${figure(formatCountExact(count))} ${plural(count, "cell")}.`;
}

function toExact({ exact }: DriftExplanation): Sentence {
  const { state, rowsMax, value, referenceCount, windowCount } = exact;
  switch (state) {
    case "read":
      return value === null
        ? sentence`The raw rows were read, and have no value either.`
        : sentence`From the raw rows, every one of both sides, it is ${figure(formatNumber(value))}.`;
    case "too_many_rows":
      return sentence`The raw rows were not read: a side has more than ${figure(formatCountExact(rowsMax))}.`;
    case "rows_expired":
      return sentence`The raw rows are not all there any more: ${figure(formatCountExact(windowCount))} of the window and ${figure(formatCountExact(referenceCount))} of the reference are left.`;
    case "no_rows":
      return sentence`There are no raw rows to compare.`;
  }
}

const shareOf = (count: number, total: number) => (total === 0 ? null : count / total);

const sixDigits = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 6 });
// Edges lie close together: three digits would make one of two.
const formatEdge = (edge: number) => {
  const size = Math.abs(edge);
  return size !== 0 && (size < 1e-4 || size >= 1e15)
    ? edge.toExponential(5)
    : sixDigits.format(edge).replace("-", "\u2212");
};

function labelOf({ from, until, name }: Cell): string {
  if (name !== null) return name;
  if (from !== null && until !== null)
    return from === until ? formatEdge(from) : `${formatEdge(from)} to ${formatEdge(until)}`;
  if (until !== null) return `below ${formatEdge(until)}`;
  return from === null ? "every value" : `${formatEdge(from)} or more`;
}
