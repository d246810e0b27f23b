"use client";

import { useMemo } from "react";
import type { ListedMonitor } from "#lib/api/monitor.ts";
import { formatReading } from "#lib/charts/describe-reading.ts";
import { monitorKindNames, nameSeriesOf } from "#lib/charts/name-monitor.ts";
import { prepareMonitorSpark } from "#lib/charts/prepare-monitor-spark.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { paths } from "../shell/paths.ts";
import { useSort } from "../shell/use-sort.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { MonitorStateMark } from "./monitor-state.tsx";

export function MonitorTable({
  workspace,
  monitors,
}: {
  workspace: string;
  monitors: readonly ListedMonitor[];
}) {
  const [sort, onSort] = useSort();
  const columns = useMemo(() => columnsFor(workspace), [workspace]);
  const rows = useMemo(
    () => [...monitors].sort((a, b) => order[a.state] - order[b.state]),
    [monitors],
  );
  return (
    <DataTable
      name="Monitors"
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      hasKeys
      toolbar={<h2 className="font-semibold text-base">Monitors</h2>}
      empty="No monitor is like this."
    />
  );
}

/** Alone in its cell: the version stands on the monitor's page. */
const nameOne = nameSeriesOf([]);

const order: Record<ListedMonitor["state"], number> = { breach: 0, unknown: 1, healthy: 2, off: 3 };

function columnsFor(workspace: string): Column<ListedMonitor>[] {
  return [
    {
      id: "name",
      header: "Monitor",
      sortBy: ({ name }) => name,
      csv: ({ name }) => name,
      cell: ({ id, name }) => (
        <RowLink href={paths.monitor(workspace, id)} className="font-medium">
          {name}
        </RowLink>
      ),
    },
    {
      id: "state",
      header: "State",
      sortBy: ({ state }) => order[state],
      csv: ({ state }) => state,
      cell: ({ state, firingCount, seriesCount }) => (
        <MonitorStateMark
          state={state}
          {...(state === "breach" &&
            seriesCount > 1 && { text: `${firingCount} of ${seriesCount} beyond` })}
        />
      ),
    },
    {
      id: "value",
      header: "Newest value",
      isRight: true,
      from: "sm",
      sortBy: ({ worst }) => worst?.result.value ?? null,
      csv: ({ worst }) => worst?.result.value ?? null,
      cell: ({ worst, unit }) =>
        worst === null ? (
          <span className="text-ink-3">not asked yet</span>
        ) : (
          <span className="tabular" title={worst.result.sentence}>
            {worst.result.value === null ? "no data" : formatReading(worst.result.value, unit)}
          </span>
        ),
    },
    {
      id: "of",
      header: "Of",
      from: "lg",
      csv: ({ worst }) => (worst === null ? null : nameOne(worst.series)),
      cell: ({ worst }) => (
        <span className="block max-w-56 truncate text-ink-2">
          {worst === null ? "" : nameOne(worst.series)}
        </span>
      ),
    },
    {
      id: "spark",
      header: "Last windows",
      from: "md",
      csv: () => null,
      cell: ({ spark, unit }) => <Sparkline model={prepareMonitorSpark(spark, unit)} />,
    },
    {
      id: "model",
      header: "Model",
      from: "sm",
      sortBy: ({ model }) => model,
      csv: ({ model }) => model,
      cell: ({ model }) => <span className="whitespace-nowrap text-ink-2">{model}</span>,
    },
    {
      id: "kind",
      header: "Watches",
      from: "lg",
      sortBy: ({ kind }) => kind,
      csv: ({ kind }) => kind,
      cell: ({ kind, definition }) => (
        <span className="whitespace-nowrap text-ink-2">
          {monitorKindNames[kind]}, {definition.window} every {definition.cadence}
        </span>
      ),
    },
    {
      id: "owner",
      header: "Owner",
      from: "xl",
      sortBy: ({ ownerName }) => ownerName,
      csv: ({ ownerName }) => ownerName,
      cell: ({ ownerName }) => ownerName ?? <span className="text-ink-3">nobody</span>,
    },
    {
      id: "asked",
      header: "Window ended",
      isRight: true,
      from: "md",
      sortBy: ({ windowUntil }) => (windowUntil === null ? null : Date.parse(windowUntil)),
      csv: ({ windowUntil }) => windowUntil,
      cell: ({ windowUntil }) =>
        windowUntil === null ? (
          <span className="text-ink-3">–</span>
        ) : (
          <TimeText iso={windowUntil} />
        ),
    },
  ];
}
