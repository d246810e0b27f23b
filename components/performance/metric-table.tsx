"use client";

import type { Performance } from "#lib/api/performance.ts";
import { formatCount, formatNumber } from "#lib/charts/format-number.ts";
import { nameMetric, sayUndefined } from "#lib/charts/name-metric.ts";
import { useSort } from "../shell/use-sort.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";

interface MetricRow {
  metric: string;
  value: number | null;
  undefinedReason: string | null;
  lower: number | null;
  upper: number | null;
  sampleCount: number;
}

/** Every metric of the window with its interval, or why it has no value. */
export function MetricTable({ performance }: { performance: Performance }) {
  const [sort, onSort] = useSort();
  const rows = Object.entries(performance.window.metrics).map(([metric, one]) => ({
    metric,
    ...one,
  }));
  const notes = notesOf(performance);
  return (
    <div>
      <DataTable
        name="Metrics"
        columns={columns}
        rows={rows}
        rowKey={({ metric }) => metric}
        sort={sort}
        onSort={onSort}
        toolbar={<h2 className="mr-2 font-semibold text-base">Metrics</h2>}
        empty="This task has no metrics."
      />
      {notes.length > 0 && <p className="mt-1 text-ink-3 text-xs">{notes.join(" ")}</p>}
    </div>
  );
}

/** What the figures leave out, or are bent by. */
function notesOf({ notes }: Performance): string[] {
  const said = [
    [notes.leftOutCount, "labelled rows are of classes that are not judged."],
    [notes.clippedCount, "scores are certainties, cut inside the log loss."],
    [notes.zeroLabelCount, "labels are 0, which MAPE divides by: read WMAPE."],
    [notes.incompleteGroupCount, "groups still lack labels and are left out."],
    [notes.groupsWithoutRelevantItemCount, "groups have no relevant item and are left out."],
  ] as const;
  return said.flatMap(([count, words]) => (count === 0 ? [] : `${formatCount(count)} ${words}`));
}

const interval = ({ lower, upper }: MetricRow) =>
  lower === null || upper === null ? (
    <span className="text-ink-3">none</span>
  ) : (
    `${formatNumber(lower)} to ${formatNumber(upper)}`
  );

const columns: Column<MetricRow>[] = [
  {
    id: "metric",
    header: "Metric",
    sortBy: ({ metric }) => metric,
    csv: ({ metric }) => metric,
    cell: ({ metric }) => nameMetric(metric),
  },
  {
    id: "value",
    header: "Value",
    isRight: true,
    sortBy: ({ value }) => value,
    csv: ({ value }) => value,
    cell: ({ value, undefinedReason }) =>
      value === null ? (
        <span className="text-ink-3">undefined: {sayUndefined(undefinedReason)}</span>
      ) : (
        formatNumber(value)
      ),
  },
  {
    id: "interval",
    header: "95 % interval",
    isRight: true,
    from: "sm",
    sortBy: ({ lower }) => lower,
    csv: ({ lower, upper }) => (lower === null ? null : `${lower} to ${upper}`),
    cell: interval,
  },
  {
    id: "samples",
    header: "Taken over",
    isRight: true,
    from: "md",
    sortBy: ({ sampleCount }) => sampleCount,
    csv: ({ sampleCount }) => sampleCount,
    cell: ({ sampleCount }) => formatCount(sampleCount),
  },
];
