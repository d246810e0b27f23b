"use client";

import { useMemo } from "react";
import type { RunbookSummary } from "#lib/api/runbook.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import { paths } from "../shell/paths.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { TimeText } from "../ui/time-text.tsx";

export function RunbookTable({
  workspace,
  runbooks,
}: {
  workspace: string;
  runbooks: readonly RunbookSummary[];
}) {
  const [sort, onSort] = useSort();
  const columns = useMemo(() => runbookColumns(workspace), [workspace]);
  return (
    <DataTable
      name="Runbooks"
      columns={columns}
      rows={runbooks}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      hasKeys
      empty="No runbook."
    />
  );
}

function runbookColumns(workspace: string): Column<RunbookSummary>[] {
  return [
    {
      id: "title",
      header: "Runbook",
      sortBy: ({ title }) => title,
      csv: ({ title }) => title,
      cell: ({ id, title, attachSentence, isEnabled }) => (
        <span className="flex min-w-0 flex-col py-1.5">
          <RowLink href={paths.runbook(workspace, id)} className="font-medium">
            {title}
          </RowLink>
          <span className="text-ink-2 text-xs">
            {isEnabled ? attachSentence : "switched off: by hand only"}
          </span>
        </span>
      ),
    },
    {
      id: "owner",
      header: "Owner",
      from: "md",
      width: "150px",
      sortBy: ({ owner }) => owner?.name ?? null,
      csv: ({ owner }) => owner?.name ?? null,
      cell: ({ owner }) => owner?.name ?? <span className="text-ink-3">nobody</span>,
    },
    {
      id: "review",
      header: "Review by",
      from: "sm",
      width: "150px",
      sortBy: ({ reviewBy }) => reviewBy,
      csv: ({ reviewBy }) => reviewBy,
      cell: ({ reviewBy, review }) => <ReviewMark reviewBy={reviewBy} review={review} />,
    },
    {
      id: "uses",
      header: "Incidents",
      isRight: true,
      width: "90px",
      sortBy: ({ useCount }) => useCount,
      csv: ({ useCount }) => useCount,
      cell: ({ useCount }) => formatCount(useCount),
    },
    {
      id: "version",
      header: "Version",
      isRight: true,
      from: "sm",
      width: "80px",
      sortBy: ({ version }) => version,
      csv: ({ version }) => version,
      cell: ({ version, isReady }) =>
        isReady && version === 1 ? <Badge>ready-made</Badge> : version,
    },
    {
      id: "updated",
      header: "Changed",
      isRight: true,
      from: "lg",
      width: "110px",
      sortBy: ({ updatedAt }) => Date.parse(updatedAt),
      csv: ({ updatedAt }) => updatedAt,
      cell: ({ updatedAt }) => <TimeText iso={updatedAt} />,
    },
  ];
}

export function ReviewMark({ reviewBy, review }: Pick<RunbookSummary, "reviewBy" | "review">) {
  if (reviewBy === null) return <span className="text-ink-3">no day is set</span>;
  if (review === "due") return <StatusMark status="watch" text={`due, ${reviewBy}`} />;
  return <span className={review === "soon" ? "font-medium" : ""}>{reviewBy}</span>;
}
