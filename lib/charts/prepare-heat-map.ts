import type { Drift } from "#lib/api/drift.ts";
import type { DriftStatistic, Verdict } from "#lib/domain/health.ts";
import type { ChartTable } from "./chart-table.ts";
import { formatCount, formatDistance, formatNumber } from "./format-number.ts";
import { formatSpan, formatUtc } from "./format-time.ts";
import { statisticNames, subjectLabel, verdictNames } from "./name-statistic.ts";
import { prepareTimeAxis } from "./prepare-time-axis.ts";
import { bucketName } from "./prepare-volume-chart.ts";
import { plural } from "./sentence.ts";

export interface HeatCell {
  /** 0 to 9 on the ramp; null: no value, hatched. */
  level: number | null;
  verdict: Verdict;
  /** The read-out: "PSI 0.31, noise 0.02 · drift · 1,203 rows". */
  text: string;
}
export interface HeatRow {
  key: string;
  subject: string;
  feature: string;
  label: string;
  verdict: Verdict;
  /** The whole window's figure, as the table has it. */
  valueText: string;
  cells: readonly HeatCell[];
}
export interface HeatMapModel {
  sentence: string;
  unit: string;
  columns: readonly { fromMs: number; untilMs: number; label: string }[];
  /** Where along the columns, 0 to 1, a time is written. */
  ticks: readonly { at: number; label: string }[];
  zone: string;
  rows: readonly HeatRow[];
  /** The lower edge of each step of the ramp. */
  legend: readonly { level: number; label: string }[];
  /** What a mark on a cell means. */
  markLabel: string;
  table: ChartTable;
}

// Fixed edges, so that a colour means the same on every page; 0.1 and 0.25 are the customary bounds of PSI.
const edges: Record<DriftStatistic, readonly number[]> = {
  psi: [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.35, 0.5, 1],
  jensen_shannon: [0.02, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5],
  kolmogorov_smirnov: [0.02, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5],
};
const severity: Record<Verdict, number> = { drift: 0, no_drift: 1, cannot_say: 2 };

export function heatLevel(value: number, statistic: DriftStatistic): number {
  return edges[statistic].filter((edge) => value >= edge).length;
}

/** Features by time, worst first: those that drift by how far, then the rest by how far, then what cannot be said. */
export function prepareHeatMap(drift: Drift, zone: string, tickCountMax = 8): HeatMapModel {
  const { statistic, bucketMs } = drift;
  const columns = drift.buckets.map((bucket) => {
    const fromMs = Date.parse(bucket);
    const untilMs = fromMs + bucketMs;
    return { fromMs, untilMs, label: formatSpan(fromMs, untilMs, zone) };
  });
  const features = new Map<string, Drift["features"][number]>(
    drift.features.map((each) => [`${each.subject}:${each.feature}`, each]),
  );
  const ranked = drift.heat
    .map((heat) => {
      const key = `${heat.subject}:${heat.feature}`;
      const whole = features.get(key);
      const value = whole?.statistics.find((each) => each.statistic === statistic)?.value ?? null;
      return { heat, key, value, verdict: whole?.verdict ?? ("cannot_say" as const) };
    })
    .sort(
      (a, b) =>
        severity[a.verdict] - severity[b.verdict] ||
        (b.value ?? -1) - (a.value ?? -1) ||
        a.key.localeCompare(b.key),
    );
  const rows = ranked.map(
    ({ heat, key, value, verdict }): HeatRow => ({
      key,
      subject: heat.subject,
      feature: heat.feature,
      label: subjectLabel(heat.subject, heat.feature),
      verdict,
      valueText: value === null ? "–" : formatDistance(value),
      cells: heat.cells.map((cell) => ({
        level: cell.value === null ? null : heatLevel(cell.value, statistic),
        verdict: cell.verdict,
        text: cellText(cell, statistic),
      })),
    }),
  );
  const first = columns[0];
  const last = columns.at(-1);
  const axis =
    first === undefined || last === undefined
      ? null
      : prepareTimeAxis([first.fromMs, last.untilMs], zone, tickCountMax);
  const spanMs = first === undefined || last === undefined ? 1 : last.untilMs - first.fromMs;
  return {
    sentence: toSentence(rows, statistic),
    unit: `${statisticNames[statistic]} per ${bucketName(bucketMs)}`,
    columns,
    ticks: (axis?.ticks ?? []).map(({ timeMs, label }) => ({
      at: (timeMs - (first?.fromMs ?? 0)) / spanMs,
      label,
    })),
    zone: axis?.zone ?? "UTC",
    rows,
    legend: [0, ...edges[statistic]].map((edge, level) => ({ level, label: formatNumber(edge) })),
    markLabel: "drift, more than noise",
    table: {
      columns: [
        "subject",
        "feature",
        "from_utc",
        statistic,
        "noise_expectation",
        "verdict",
        "rows",
      ],
      rows: ranked.flatMap(({ heat }) =>
        heat.cells.map((cell, index) => [
          heat.subject,
          heat.feature,
          formatUtc(columns[index]?.fromMs ?? 0),
          cell.value,
          cell.nullExpectation,
          cell.verdict,
          cell.rowCount,
        ]),
      ),
    },
  };
}

function cellText(cell: Drift["heat"][number]["cells"][number], statistic: DriftStatistic): string {
  const rows = `${formatCount(cell.rowCount)} ${plural(cell.rowCount, "row")}`;
  if (cell.value === null) return `${verdictNames[cell.verdict]}: ${rows}`;
  const noise =
    cell.nullExpectation === null ? "" : ` where noise gives ${formatNumber(cell.nullExpectation)}`;
  return `${statisticNames[statistic]} ${formatNumber(cell.value)}${noise}: ${verdictNames[cell.verdict]}, ${rows}`;
}

function toSentence(rows: readonly HeatRow[], statistic: DriftStatistic): string {
  if (rows.length === 0) return "There is nothing to compare.";
  const drifting = rows.filter(({ verdict }) => verdict === "drift");
  const worst = drifting[0];
  const most =
    worst === undefined
      ? ""
      : `; most of all ${worst.label} with ${statisticNames[statistic]} ${worst.valueText}`;
  return `${drifting.length} of ${rows.length} ${plural(rows.length, "row")} of the map ${plural(drifting.length, "drifts", "drift")}${most}.`;
}
