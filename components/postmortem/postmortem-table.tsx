"use client";

import { useMemo } from "react";
import type { PostmortemSummary } from "#lib/api/postmortem.ts";
import { postmortemStateNames } from "#lib/charts/name-postmortem.ts";
import { severities } from "#lib/domain/incident.ts";
import { postmortemStates } from "#lib/domain/postmortem.ts";
import { SeverityMark } from "../incident/severity-mark.tsx";
import { paths } from "../shell/paths.ts";
import { SearchInput } from "../shell/search-input.tsx";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { TimeText } from "../ui/time-text.tsx";

export function PostmortemTable({
  workspace,
  postmortems,
}: {
  workspace: string;
  postmortems: readonly PostmortemSummary[];
}) {
  const { get } = useUrlState();
  const [sort, onSort] = useSort();
  const search = (get("q") ?? "").toLowerCase();
  const columns = useMemo(() => postmortemColumns(workspace), [workspace]);
  const rows = postmortems.filter(({ title, model, incident }) =>
    `#${incident} ${title} ${model ?? ""}`.toLowerCase().includes(search),
  );
  return (
    <DataTable
      name="Postmortems"
      columns={columns}
      rows={rows}
      rowKey={({ incident }) => String(incident)}
      sort={sort}
      onSort={onSort}
      hasKeys
      toolbar={<SearchInput label="Find a postmortem" />}
      empty={`None is called "${search}".`}
    />
  );
}

function postmortemColumns(workspace: string): Column<PostmortemSummary>[] {
  return [
    {
      id: "severity",
      header: "Severity",
      width: "92px",
      from: "sm",
      sortBy: ({ severity }) => severities.indexOf(severity),
      csv: ({ severity }) => severity,
      cell: ({ severity }) => <SeverityMark severity={severity} />,
    },
    {
      id: "postmortem",
      header: "Postmortem",
      sortBy: ({ incident }) => incident,
      csv: ({ incident, title }) => `#${incident} ${title}`,
      cell: ({ incident, title, model, state, edition }) => (
        <span className="flex min-w-0 flex-col py-1.5">
          <RowLink
            href={paths.postmortem(workspace, incident)}
            className="block max-w-[60ch] truncate font-medium max-sm:max-w-52"
          >
            <span className="tabular text-ink-3">#{incident}</span> {title}
          </RowLink>
          <span className="flex flex-wrap items-center gap-x-2 text-ink-3 text-xs">
            {model !== null && <span className="font-mono">{model}</span>}
            {edition > 1 && <span>edition {edition}</span>}
            <span className="sm:hidden">{postmortemStateNames[state]}</span>
          </span>
        </span>
      ),
    },
    {
      id: "state",
      header: "State",
      from: "sm",
      width: "112px",
      sortBy: ({ state }) => postmortemStates.indexOf(state),
      csv: ({ state }) => postmortemStateNames[state],
      cell: ({ state }) => <Badge>{postmortemStateNames[state]}</Badge>,
    },
    {
      id: "items",
      header: "Items open",
      isRight: true,
      width: "100px",
      sortBy: ({ openItemCount }) => openItemCount,
      csv: ({ openItemCount }) => openItemCount,
      cell: ({ openItemCount, itemCount }) =>
        itemCount === 0 ? (
          <span className="text-ink-3">none</span>
        ) : (
          `${openItemCount} of ${itemCount}`
        ),
    },
    {
      id: "owner",
      header: "Owner",
      from: "md",
      width: "160px",
      sortBy: ({ owner }) => owner,
      csv: ({ owner }) => owner,
      cell: ({ owner }) => owner ?? <span className="text-ink-3">nobody</span>,
    },
    {
      id: "changed",
      header: "Changed",
      isRight: true,
      from: "sm",
      width: "112px",
      sortBy: ({ updatedAt }) => Date.parse(updatedAt),
      csv: ({ updatedAt }) => updatedAt,
      cell: ({ updatedAt }) => <TimeText iso={updatedAt} />,
    },
  ];
}
