"use client";

import type { Performance } from "#lib/api/performance.ts";
import { formatCount, formatNumber } from "#lib/charts/format-number.ts";
import { nameMetric, sayUndefined } from "#lib/charts/name-metric.ts";
import { sayInterval } from "#lib/charts/prepare-performance-answer.ts";
import { useSort } from "../shell/use-sort.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";

type ClassRow = Performance["byClass"][number];

/** Every class on its own, one against the rest, and what the averages make of them. */
export function ClassTable({ performance }: { performance: Performance }) {
  const [sort, onSort] = useSort();
  const { byClass, window, notes } = performance;
  if (byClass.length === 0) return null;
  return (
    <div>
      <DataTable
        name="Classes"
        columns={columns}
        rows={byClass}
        rowKey={({ name }) => name}
        sort={sort}
        onSort={onSort}
        toolbar={<h2 className="mr-2 font-semibold text-base">Classes</h2>}
        empty="No class has labels yet."
      />
      <dl className="tabular mt-2 grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_1fr_1fr_1fr]">
        {averages.map(({ name, help, metrics }) => (
          <div key={name} className="contents">
            <dt className="font-medium">
              {name} <span className="font-normal text-ink-3">{help}</span>
            </dt>
            {metrics.map(({ metric, label }) => (
              <dd key={metric}>
                <span className="text-ink-2">{label}</span> {say(window.metrics[metric])}
              </dd>
            ))}
          </div>
        ))}
      </dl>
      {notes.absentClasses.length > 0 && (
        <p className="mt-1 text-ink-3 text-xs">
          Decided, but never a label, and so no part of the averages:{" "}
          {notes.absentClasses.slice(0, 10).join(", ")}.
        </p>
      )}
    </div>
  );
}

const averageOf = (kind: string) =>
  ["precision", "recall", "f1"].map((share) => ({
    metric: `${kind}_${share}`,
    label: nameMetric(share),
  }));
const averages = [
  { name: "Macro", help: "every class alike", metrics: averageOf("macro") },
  { name: "Weighted", help: "by labels", metrics: averageOf("weighted") },
  {
    name: "Micro",
    help: "every row alike",
    metrics: [{ metric: "accuracy", label: "precision = recall = F1 = accuracy" }],
  },
];

type Metric = Performance["window"]["metrics"][string];

const say = (metric: Metric | undefined) =>
  metric?.value == null
    ? `undefined: ${sayUndefined(metric?.undefinedReason ?? null)}`
    : sayInterval(metric.value, metric.lower, metric.upper);

const columnOf = (metric: string, from?: "sm" | "md" | "lg"): Column<ClassRow> => ({
  id: metric,
  header: nameMetric(metric),
  isRight: true,
  ...(from !== undefined && { from }),
  sortBy: ({ metrics }) => metrics[metric]?.value ?? null,
  csv: ({ metrics }) => metrics[metric]?.value ?? null,
  cell: ({ metrics }) => {
    const one = metrics[metric];
    return one?.value == null ? (
      <span className="text-ink-3" title={sayUndefined(one?.undefinedReason ?? null)}>
        undefined
      </span>
    ) : (
      <span title={sayInterval(one.value, one.lower, one.upper)}>{formatNumber(one.value)}</span>
    );
  },
});

const columns: Column<ClassRow>[] = [
  {
    id: "class",
    header: "Class",
    sortBy: ({ name }) => name,
    csv: ({ name }) => name,
    cell: ({ name }) => <span className="font-mono">{name}</span>,
  },
  {
    id: "labels",
    header: "Labels",
    isRight: true,
    sortBy: ({ labelCount }) => labelCount,
    csv: ({ labelCount }) => labelCount,
    cell: ({ labelCount }) => formatCount(labelCount),
  },
  {
    id: "decisions",
    header: "Decided",
    isRight: true,
    from: "md",
    sortBy: ({ decisionCount }) => decisionCount,
    csv: ({ decisionCount }) => decisionCount,
    cell: ({ decisionCount }) => formatCount(decisionCount),
  },
  columnOf("precision", "sm"),
  columnOf("recall", "sm"),
  columnOf("f1"),
  columnOf("roc_auc", "lg"),
  columnOf("average_precision", "lg"),
];
