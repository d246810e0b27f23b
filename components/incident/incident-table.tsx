"use client";

import type { ReactNode } from "react";
import { useMemo } from "react";
import type { IncidentSummary } from "#lib/api/incident.ts";
import { incidentStates, severities } from "#lib/domain/incident.ts";
import { paths } from "../shell/paths.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { SeverityMark } from "./severity-mark.tsx";
import { StateMark } from "./state-mark.tsx";

export interface IncidentTableProps {
  workspace: string;
  incidents: readonly IncidentSummary[];
  toolbar: ReactNode;
  empty: ReactNode;
}

export function IncidentTable({ workspace, incidents, toolbar, empty }: IncidentTableProps) {
  const [sort, onSort] = useSort();
  const columns = useMemo(() => incidentColumns(workspace), [workspace]);
  return (
    <DataTable
      name="Incidents"
      columns={columns}
      rows={incidents}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      hasKeys
      toolbar={toolbar}
      empty={empty}
    />
  );
}

function incidentColumns(workspace: string): Column<IncidentSummary>[] {
  return [
    {
      id: "severity",
      header: "Severity",
      width: "92px",
      sortBy: ({ severity }) => severities.indexOf(severity),
      csv: ({ severity }) => severity,
      cell: ({ severity }) => <SeverityMark severity={severity} />,
    },
    {
      id: "incident",
      header: "Incident",
      sortBy: ({ number }) => number,
      csv: ({ number, title }) => `${number} ${title}`,
      cell: ({ number, title, answer, state, severity, isHeld, mode }) => (
        <span className="flex min-w-0 flex-col py-1">
          <span className="flex min-w-0 items-center gap-2">
            <RowLink
              href={paths.incident(workspace, number)}
              className="block max-w-[52ch] truncate font-medium max-sm:max-w-52"
            >
              <span className="tabular text-ink-3">#{number}</span> {title}
            </RowLink>
            {isHeld && <Badge>silenced</Badge>}
            {mode === "test" && <Badge>test</Badge>}
          </span>
          <span
            className="block max-w-[72ch] truncate text-ink-2 text-xs max-md:hidden"
            title={answer}
          >
            {answer}
          </span>
          <span className="text-xs sm:hidden">
            <StateMark state={state} severity={severity} />
          </span>
        </span>
      ),
    },
    {
      id: "state",
      header: "State",
      from: "sm",
      width: "124px",
      sortBy: ({ state }) => incidentStates.indexOf(state),
      csv: ({ state }) => state,
      cell: ({ state, severity }) => <StateMark state={state} severity={severity} />,
    },
    {
      id: "alerts",
      header: "Firing",
      isRight: true,
      from: "sm",
      width: "84px",
      sortBy: ({ firingCount }) => firingCount,
      csv: ({ firingCount }) => firingCount,
      cell: ({ firingCount, alertCount, explainedCount }) => (
        <span
          title={`${firingCount} of ${alertCount} alerts fire; ${explainedCount} more are explained by it`}
        >
          {firingCount} of {alertCount}
        </span>
      ),
    },
    {
      id: "holder",
      header: "Who has it",
      from: "md",
      width: "140px",
      sortBy: ({ acknowledgedBy, owner }) => acknowledgedBy ?? owner?.name ?? null,
      csv: ({ acknowledgedBy, owner }) => acknowledgedBy ?? owner?.name ?? "",
      cell: ({ acknowledgedBy, owner }) => (
        <span className="block max-w-36 truncate">
          {acknowledgedBy ?? owner?.name ?? <span className="text-ink-3">nobody</span>}
        </span>
      ),
    },
    {
      id: "since",
      header: "Since",
      isRight: true,
      width: "100px",
      sortBy: ({ impactStartedAt, detectedAt }) => Date.parse(impactStartedAt ?? detectedAt),
      csv: ({ impactStartedAt, detectedAt }) => impactStartedAt ?? detectedAt,
      cell: ({ impactStartedAt, detectedAt }) => <TimeText iso={impactStartedAt ?? detectedAt} />,
    },
  ];
}
