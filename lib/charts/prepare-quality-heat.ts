import type { Quality, QualityCell } from "#lib/api/quality.ts";
import type { Verdict } from "#lib/domain/health.ts";
import type { QualityVerdict } from "#lib/domain/quality.ts";
import { usualQualityCell } from "#lib/domain/quality.ts";
import { formatCount, formatShare } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { checkNames, qualityVerdictNames } from "./name-quality.ts";
import { subjectLabel } from "./name-statistic.ts";
import type { HeatMapModel, HeatRow } from "./prepare-heat-map.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { bucketName } from "./prepare-volume-chart.ts";
import { plural } from "./sentence.ts";

/** Lower edges of the ramp, in shares of rows; below the first is a row that is good. */
const edges = [0.000_001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.9];

/** The map's mark stands for "more than noise"; what the evaluation could not say is hatched as there. */
const toMark: Record<QualityVerdict, Verdict> = {
  problem: "drift",
  failed: "cannot_say",
  cannot_say: "cannot_say",
  ok: "no_drift",
};

/** Features by time, in the order of the answer: a cell is the share of rows that its worst check finds bad. */
export function prepareQualityHeat(quality: Quality, zone: string, tickCountMax = 8): HeatMapModel {
  const { bucketMs } = quality;
  const columns = quality.buckets.map((bucket) => {
    const fromMs = Date.parse(bucket);
    return {
      fromMs,
      untilMs: fromMs + bucketMs,
      label: formatSpan(fromMs, fromMs + bucketMs, zone),
    };
  });
  const heat = new Map(
    quality.heat.map((row) => [`${row.subject}:${row.feature}`, fillCells(quality, row.cells)]),
  );
  const rows = quality.features.map((feature): HeatRow => {
    const key = `${feature.subject}:${feature.feature}`;
    const [worst] = feature.checks;
    const isBad = feature.verdict === "problem" && feature.recent === null && worst !== undefined;
    return {
      key,
      subject: feature.subject,
      feature: feature.feature,
      label: subjectLabel(feature.subject, feature.feature),
      verdict: toMark[feature.verdict],
      valueText: isBad ? formatShare(worst.windowCount / Math.max(1, worst.windowTotal)) : "–",
      cells: (heat.get(key) ?? []).map((cell) => ({
        level:
          cell.share === null ? null : edges.filter((edge) => (cell.share ?? 0) >= edge).length,
        verdict: toMark[cell.verdict],
        text: cellText(cell),
      })),
    };
  });
  const first = columns[0];
  const last = columns.at(-1);
  const axis =
    first === undefined || last === undefined
      ? null
      : prepareTimeAxis([first.fromMs, last.untilMs], zone, tickCountMax);
  const spanMs = first === undefined || last === undefined ? 1 : last.untilMs - first.fromMs;
  const bad = quality.features.filter(({ verdict }) => verdict === "problem").length;
  return {
    sentence: `${bad} of ${rows.length} ${plural(rows.length, "row")} of the map ${plural(bad, "has", "have")} a problem.`,
    unit: `share of rows that are bad per ${bucketName(bucketMs)}`,
    columns,
    ticks: (axis?.ticks ?? []).map(({ timeMs, label }) => ({
      at: (timeMs - (first?.fromMs ?? 0)) / spanMs,
      label,
    })),
    zone: axis?.zone ?? "UTC",
    rows,
    legend: [0, ...edges].map((edge, level) => ({
      level,
      label: edge <= 0.000_001 ? "0" : formatShare(edge),
    })),
    markLabel: "problem, more than noise",
    table: {
      columns: ["subject", "feature", "from_utc", "verdict", "worst_check", "share", "rows"],
      rows: quality.heat.flatMap((row) =>
        fillCells(quality, row.cells).map((cell, index) => [
          row.subject,
          row.feature,
          formatUtc(columns[index]?.fromMs ?? 0),
          cell.verdict,
          cell.check,
          cell.share,
          cell.rowCount,
        ]),
      ),
    },
  };
}

type Cell = Omit<QualityCell, "column"> & { rowCount: number };

/** One of every column. */
function fillCells({ bucketRowCounts }: Quality, cells: readonly QualityCell[]): Cell[] {
  const sent = new Map(cells.map((cell) => [cell.column, cell]));
  return bucketRowCounts.map((rowCount, column) => ({
    ...(sent.get(column) ?? usualQualityCell(rowCount)),
    rowCount,
  }));
}

function cellText(cell: Cell): string {
  const rows = `${formatCount(cell.rowCount)} ${plural(cell.rowCount, "row")}`;
  if (cell.share === null || cell.check === null)
    return cell.verdict === "ok"
      ? `no bad row: ${rows}`
      : `${qualityVerdictNames[cell.verdict]}: ${rows}`;
  return `${formatShare(cell.share)} ${checkNames[cell.check]}: ${qualityVerdictNames[cell.verdict]}, ${rows}`;
}
