"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { AlertList } from "#lib/api/alert.ts";
import { alertListQuery } from "#lib/api/alert.ts";
import { QueryView } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

type Row = AlertList["alerts"][number];
const shownMax = 50;

/** The alerts that a monitor raised, the newest first. */
export function MonitorAlerts({ workspace, monitorId }: { workspace: string; monitorId: string }) {
  const query = useQuery(alertListQuery(workspace, { monitorId, limit: shownMax }));
  const [sort, onSort] = useSort("alerts");
  return (
    <QueryView query={query} what="The alerts" skeleton={<SkeletonTable rows={3} />}>
      {({ alerts }) => (
        <DataTable
          name="Alerts"
          columns={columnsFor(workspace)}
          rows={alerts}
          rowKey={({ id }) => id}
          sort={sort}
          onSort={onSort}
          toolbar={<h2 className="font-semibold text-base">Alerts</h2>}
          empty="It has raised none."
        />
      )}
    </QueryView>
  );
}

const columnsFor = (workspace: string): Column<Row>[] => [
  {
    id: "target",
    header: "Of",
    sortBy: ({ target }) => target,
    csv: ({ target }) => target,
    cell: ({ target }) => <span className="font-medium">{target}</span>,
  },
  {
    id: "state",
    header: "State",
    sortBy: ({ state }) => state,
    csv: ({ state }) => state,
    cell: ({ state, endReason, isFlapping }) => (
      <span className="flex items-center gap-1.5">
        {state === "firing" ? (
          <span className="font-medium text-breach">Firing</span>
        ) : (
          <span className="text-ink-2">{endReason ?? "over"}</span>
        )}
        {isFlapping && <Badge>flapping</Badge>}
      </span>
    ),
  },
  {
    id: "severity",
    header: "Severity",
    sortBy: ({ severity }) => severity,
    csv: ({ severity }) => severity,
    cell: ({ severity }) => <Badge>{severity.toUpperCase()}</Badge>,
  },
  {
    id: "why",
    header: "What it says",
    from: "md",
    csv: ({ sentence }) => sentence,
    cell: ({ sentence }) => (
      <span className="block max-w-[56ch] truncate text-ink-2" title={sentence}>
        {sentence}
      </span>
    ),
  },
  {
    id: "incident",
    header: "Incident",
    isRight: true,
    csv: ({ incident }) => incident?.number ?? null,
    cell: ({ incident }) => (
      <span className="tabular">
        {incident === null ? (
          "–"
        ) : (
          <Link
            href={paths.incident(workspace, incident.number)}
            prefetch={false}
            className="text-accent hover:underline"
          >
            #{incident.number}
          </Link>
        )}
      </span>
    ),
  },
  {
    id: "fired",
    header: "Fired",
    isRight: true,
    sortBy: ({ firedAt }) => Date.parse(firedAt),
    csv: ({ firedAt }) => firedAt,
    cell: ({ firedAt }) => <TimeText iso={firedAt} />,
  },
];
