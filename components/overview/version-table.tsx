"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Model } from "#lib/api/model.ts";
import { modelQuery } from "#lib/api/model.ts";
import { QueryView } from "../request/query-view.tsx";
import { paths } from "../shell/paths.ts";
import type { Scope } from "../shell/use-scope.ts";
import { useScope } from "../shell/use-scope.ts";
import { useSort } from "../shell/use-sort.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

type Version = Model["versions"][number];

/** Which versions serve where, newest first. */
export function VersionTable({ workspace, model }: { workspace: string; model: string }) {
  const query = useQuery(modelQuery(workspace, model));
  const scope = useScope();
  const [sort, onSort] = useSort();
  const columns = useMemo(() => versionColumns(workspace, model, scope), [workspace, model, scope]);
  return (
    <QueryView
      query={query}
      what={`The versions of ${model}`}
      skeleton={<SkeletonTable rows={3} />}
    >
      {(data) => (
        <DataTable
          name="Versions"
          columns={columns}
          rows={data.versions}
          rowKey={({ environment, version }) => `${environment} ${version}`}
          sort={sort}
          onSort={onSort}
          hasKeys
          isRowActive={({ version }) => version === scope.version}
          toolbar={<h2 className="font-semibold text-base">Versions</h2>}
          empty="No version has sent a row yet."
        />
      )}
    </QueryView>
  );
}

function versionColumns(workspace: string, model: string, scope: Scope): Column<Version>[] {
  return [
    {
      id: "version",
      header: "Version",
      sortBy: ({ version }) => version,
      csv: ({ version }) => version,
      cell: ({ version, environment }) => (
        <RowLink
          href={scope.href(paths.model(workspace, model), { environment, version })}
          className="max-w-64 truncate font-mono"
        >
          {version}
        </RowLink>
      ),
    },
    {
      id: "environment",
      header: "Environment",
      sortBy: ({ environment }) => environment,
      csv: ({ environment }) => environment,
      cell: ({ environment }) => environment,
    },
    {
      id: "baseline",
      header: "Baseline",
      from: "sm",
      sortBy: ({ hasBaseline }) => (hasBaseline ? 1 : 0),
      csv: ({ hasBaseline }) => String(hasBaseline),
      cell: ({ hasBaseline }) =>
        hasBaseline ? "active" : <span className="text-ink-3">none</span>,
    },
    {
      id: "first",
      header: "First row",
      isRight: true,
      from: "md",
      sortBy: ({ firstSeenAt }) => Date.parse(firstSeenAt),
      csv: ({ firstSeenAt }) => firstSeenAt,
      cell: ({ firstSeenAt }) => <TimeText iso={firstSeenAt} />,
    },
    {
      id: "last",
      header: "Newest row",
      isRight: true,
      sortBy: ({ lastSeenAt }) => Date.parse(lastSeenAt),
      csv: ({ lastSeenAt }) => lastSeenAt,
      cell: ({ lastSeenAt }) => <TimeText iso={lastSeenAt} />,
    },
  ];
}
