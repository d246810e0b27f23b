"use client";

import type { ReactNode } from "react";
import { useMemo } from "react";
import type { ActionItem } from "#lib/api/action-item.ts";
import {
  actionItemKindNames,
  actionItemStateNames,
  priorityNames,
} from "#lib/charts/name-action-item.ts";
import { actionItemStates, priorities } from "#lib/domain/action-item.ts";
import { paths } from "../shell/paths.ts";
import { useSort } from "../shell/use-sort.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowLink } from "../ui/row-link.tsx";
import { DueText } from "./due-text.tsx";
import { TestMark } from "./test-mark.tsx";

export function ActionItemTable({
  workspace,
  items,
  toolbar,
}: {
  workspace: string;
  items: readonly ActionItem[];
  toolbar?: ReactNode;
}) {
  const [sort, onSort] = useSort();
  const columns = useMemo(() => itemColumns(workspace), [workspace]);
  return (
    <DataTable
      name="Action items"
      columns={columns}
      rows={items}
      rowKey={({ number }) => String(number)}
      sort={sort}
      onSort={onSort}
      hasKeys
      toolbar={toolbar}
      empty="No item matches."
    />
  );
}

function itemColumns(workspace: string): Column<ActionItem>[] {
  return [
    {
      id: "priority",
      header: "Priority",
      width: "84px",
      from: "sm",
      sortBy: ({ priority }) => priorities.indexOf(priority),
      csv: ({ priority }) => priority,
      cell: ({ priority }) => priorityNames[priority],
    },
    {
      id: "item",
      header: "What is to be done",
      sortBy: ({ number }) => number,
      csv: ({ number, title }) => `A-${number} ${title}`,
      cell: (item) => (
        <span className="flex min-w-0 flex-col py-1.5">
          <RowLink
            href={paths.actionItem(workspace, item.number)}
            className="block max-w-[60ch] truncate font-medium max-sm:max-w-60"
          >
            <span className="tabular text-ink-3">A-{item.number}</span> {item.title}
          </RowLink>
          <span className="flex flex-wrap items-center gap-x-2 text-ink-3 text-xs">
            <span>{actionItemKindNames[item.kind]}</span>
            {item.incident !== null && <span>of #{item.incident}</span>}
            <TestMark item={item} />
            <span className="sm:hidden">
              <DueText item={item} />
            </span>
          </span>
        </span>
      ),
    },
    {
      id: "state",
      header: "State",
      width: "108px",
      from: "sm",
      sortBy: ({ state }) => actionItemStates.indexOf(state),
      csv: ({ state }) => actionItemStateNames[state],
      cell: ({ state }) => actionItemStateNames[state],
    },
    {
      id: "owner",
      header: "Owner",
      width: "160px",
      from: "md",
      sortBy: ({ owner }) => owner?.name ?? null,
      csv: ({ owner }) => owner?.name ?? null,
      cell: ({ owner }) => owner?.name ?? <span className="text-breach">no owner</span>,
    },
    {
      id: "due",
      header: "Due",
      isRight: true,
      width: "128px",
      from: "sm",
      sortBy: ({ dueOn }) => (dueOn === null ? null : Date.parse(dueOn)),
      csv: ({ dueOn }) => dueOn,
      cell: (item) =>
        item.due === null ? (
          <span className="text-ink-3">{item.dueOn ?? "–"}</span>
        ) : (
          <DueText item={item} />
        ),
    },
  ];
}
