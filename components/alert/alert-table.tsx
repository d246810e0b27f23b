"use client";

import type { ReactNode } from "react";
import { useMemo } from "react";
import type { AlertList } from "#lib/api/alert.ts";
import { severities } from "#lib/domain/incident.ts";
import { SeverityMark } from "../incident/severity-mark.tsx";
import { paths } from "../shell/paths.ts";
import { useSort } from "../shell/use-sort.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { TimeText } from "../ui/time-text.tsx";

type Row = AlertList["alerts"][number];

export interface AlertTableProps {
  workspace: string;
  alerts: readonly Row[];
  toolbar: ReactNode;
  empty: ReactNode;
}

export function AlertTable({ workspace, alerts, toolbar, empty }: AlertTableProps) {
  const [sort, onSort] = useSort();
  const columns = useMemo(() => alertColumns(workspace), [workspace]);
  return (
    <DataTable
      name="Alerts"
      columns={columns}
      rows={alerts}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      hasKeys
      toolbar={toolbar}
      empty={empty}
    />
  );
}

function stateOf({ state, unknown, incident, silenced }: Row): ReactNode {
  if (state === "resolved") return <StatusMark status="healthy" text="Over" />;
  if (silenced !== null) return <StatusMark status="watch" text="Silenced" />;
  if (unknown !== null) return <StatusMark status="unknown" text="Firing, unseen" />;
  return (
    <StatusMark status="breach" text={incident?.role === "explained" ? "Explained" : "Firing"} />
  );
}

function alertColumns(workspace: string): Column<Row>[] {
  return [
    {
      id: "state",
      header: "State",
      width: "124px",
      sortBy: ({ state }) => state,
      csv: ({ state }) => state,
      cell: stateOf,
    },
    {
      id: "alert",
      header: "What",
      sortBy: ({ target }) => target,
      csv: ({ target, sentence }) => `${target}: ${sentence}`,
      cell: ({ id, target, sentence, incident }) => (
        <span className="flex min-w-0 flex-col py-1">
          {incident === null ? (
            <span className="block max-w-[40ch] truncate font-medium">{target}</span>
          ) : (
            <RowLink
              href={`${paths.incident(workspace, incident.number)}?alert=${id}`}
              className="block max-w-[40ch] truncate font-medium max-sm:max-w-48"
            >
              {target}
            </RowLink>
          )}
          <span
            className="block max-w-[64ch] truncate text-ink-2 text-xs max-sm:max-w-48"
            title={sentence}
          >
            {sentence}
          </span>
        </span>
      ),
    },
    {
      id: "model",
      header: "Model",
      from: "md",
      sortBy: ({ model }) => model,
      csv: ({ model }) => model,
      cell: ({ model }) => (
        <span className="block max-w-40 truncate font-mono">{model ?? "–"}</span>
      ),
    },
    {
      id: "monitor",
      header: "Monitor",
      from: "lg",
      sortBy: ({ monitorName }) => monitorName,
      csv: ({ monitorName }) => monitorName,
      cell: ({ monitorName }) => <span className="block max-w-48 truncate">{monitorName}</span>,
    },
    {
      id: "severity",
      header: "Severity",
      from: "sm",
      width: "92px",
      sortBy: ({ severity }) => severities.indexOf(severity),
      csv: ({ severity }) => severity,
      cell: ({ severity }) => <SeverityMark severity={severity} />,
    },
    {
      id: "incident",
      header: "Incident",
      isRight: true,
      from: "sm",
      width: "88px",
      sortBy: ({ incident }) => incident?.number ?? null,
      csv: ({ incident }) => incident?.number ?? null,
      cell: ({ incident }) =>
        incident === null ? "–" : <span className="tabular">#{incident.number}</span>,
    },
    {
      id: "since",
      header: "Began",
      isRight: true,
      width: "100px",
      sortBy: ({ beganAt }) => Date.parse(beganAt),
      csv: ({ beganAt }) => beganAt,
      cell: ({ beganAt }) => <TimeText iso={beganAt} />,
    },
  ];
}
