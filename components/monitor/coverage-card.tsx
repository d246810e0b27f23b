"use client";

import type { MonitorCoverage } from "#lib/api/monitor.ts";
import { monitorKindNames } from "#lib/charts/name-monitor.ts";
import { plural } from "#lib/charts/sentence.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { WatchModelButton } from "./watch-model-button.tsx";

type CoveredModel = MonitorCoverage["models"][number];

/** Which models and features nobody watches. */
export function CoverageCard({
  workspace,
  coverage,
}: {
  workspace: string;
  coverage: MonitorCoverage;
}) {
  const [sort, onSort] = useSort("coverage");
  if (coverage.models.length === 0) return null;
  return (
    <DataTable
      name="Coverage"
      columns={columnsFor(workspace)}
      rows={[...coverage.models].sort((a, b) => a.monitorCount - b.monitorCount)}
      rowKey={({ model }) => model}
      sort={sort}
      onSort={onSort}
      toolbar={<h2 className="font-semibold text-base">What is watched, model by model</h2>}
      empty="No model has sent anything yet."
    />
  );
}

function columnsFor(workspace: string): Column<CoveredModel>[] {
  return [
    {
      id: "model",
      header: "Model",
      sortBy: ({ model }) => model,
      csv: ({ model }) => model,
      cell: ({ model }) => <span className="font-medium">{model}</span>,
    },
    {
      id: "monitors",
      header: "Monitors on",
      isRight: true,
      sortBy: ({ monitorCount }) => monitorCount,
      csv: ({ monitorCount }) => monitorCount,
      cell: ({ monitorCount }) => (
        <span className="tabular">{monitorCount === 0 ? "none" : monitorCount}</span>
      ),
    },
    {
      id: "kinds",
      header: "Watches",
      from: "sm",
      csv: ({ kinds }) => kinds.join(" "),
      cell: ({ kinds }) => (
        <span className="flex flex-wrap gap-1">
          {kinds.map((kind) => (
            <Badge key={kind}>{monitorKindNames[kind]}</Badge>
          ))}
        </span>
      ),
    },
    {
      id: "features",
      header: "Features that nobody watches",
      isRight: true,
      from: "md",
      sortBy: ({ unwatchedFeatureCount }) => unwatchedFeatureCount,
      csv: ({ unwatchedFeatureCount }) => unwatchedFeatureCount,
      cell: ({ unwatchedFeatureCount, featureCount, unwatchedFeatures }) => (
        <span className="tabular" title={unwatchedFeatures.join(", ")}>
          {unwatchedFeatureCount === 0
            ? "none"
            : `${unwatchedFeatureCount} of ${featureCount} ${plural(featureCount, "feature")}`}
        </span>
      ),
    },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      isRight: true,
      csv: () => null,
      cell: ({ model, kinds }) =>
        kinds.length === 0 ? <WatchModelButton workspace={workspace} model={model} /> : null,
    },
  ];
}
