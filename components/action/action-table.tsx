"use client";

import { Ellipsis } from "lucide-react";
import { useMemo } from "react";
import type { Action } from "#lib/api/action.ts";
import { actionKindNames, sayRules } from "#lib/charts/name-action.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Menu } from "../ui/menu.tsx";
import { RowButton } from "../ui/row-link.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { RunState } from "./run-state.tsx";

type OnAction = (action: Action) => void;

export interface ActionTableProps {
  actions: readonly Action[];
  onEdit: OnAction;
  onTest: OnAction;
  onRotate: OnAction;
  onDelete: OnAction;
  onSwitch: OnAction;
}

export function ActionTable(props: ActionTableProps) {
  const { actions, onEdit, onTest, onRotate, onDelete, onSwitch } = props;
  const [sort, onSort] = useSort();
  const columns = useMemo(
    () => actionColumns({ onEdit, onTest, onRotate, onDelete, onSwitch }),
    [onEdit, onTest, onRotate, onDelete, onSwitch],
  );
  return (
    <DataTable
      name="Actions"
      columns={columns}
      rows={actions}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      hasKeys
      empty="No action."
    />
  );
}

function actionColumns(on: Omit<ActionTableProps, "actions">): Column<Action>[] {
  return [
    {
      id: "name",
      header: "Action",
      sortBy: ({ name }) => name.toLowerCase(),
      csv: ({ name }) => name,
      cell: (action) => (
        <span className="flex min-w-0 flex-col py-1.5">
          <span className="flex flex-wrap items-center gap-2">
            <RowButton isPressed={false} onClick={() => on.onEdit(action)} className="font-medium">
              {action.name}
            </RowButton>
            {!action.isEnabled && <Badge>off</Badge>}
            {action.definition.isDryRun && <Badge>dry run</Badge>}
          </span>
          <span className="font-mono text-ink-3 text-xs">{action.slug}</span>
        </span>
      ),
    },
    {
      id: "kind",
      header: "Kind",
      from: "sm",
      width: "112px",
      sortBy: ({ kind }) => actionKindNames[kind],
      csv: ({ kind }) => kind,
      cell: ({ kind }) => actionKindNames[kind],
    },
    {
      id: "rules",
      header: "Before and after",
      from: "lg",
      csv: ({ definition }) => sayRules(definition).join(" "),
      cell: ({ definition }) => (
        <span className="text-ink-2 text-xs">{sayRules(definition).join(" ")}</span>
      ),
    },
    {
      id: "address",
      header: "Calls",
      from: "md",
      csv: ({ address }) => address,
      cell: ({ address }) => <span className="font-mono text-ink-2 text-xs">{address}</span>,
    },
    {
      id: "last",
      header: "Last run",
      width: "180px",
      sortBy: ({ lastRun }) => (lastRun === null ? null : Date.parse(lastRun.requestedAt)),
      csv: ({ lastRun }) => lastRun?.requestedAt ?? null,
      cell: ({ lastRun }) =>
        lastRun === null ? (
          <span className="text-ink-3">never</span>
        ) : (
          <span className="flex flex-col text-sm">
            <RunState state={lastRun.state} mode="real" />
            <span className="text-ink-3 text-xs">
              <TimeText iso={lastRun.requestedAt} />
            </span>
          </span>
        ),
    },
    {
      id: "more",
      header: "More",
      isHeaderHidden: true,
      isRight: true,
      width: "48px",
      csv: () => null,
      cell: (action) => (
        <span className="relative z-10">
          <Menu
            align="end"
            trigger={
              <Button kind="quiet" size="iconSm" aria-label={`More about ${action.name}`}>
                <Ellipsis size={15} aria-hidden />
              </Button>
            }
            entries={[
              { kind: "item", text: "Edit", onSelect: () => on.onEdit(action) },
              { kind: "item", text: "Send test", onSelect: () => on.onTest(action) },
              { kind: "item", text: "Rotate the secret", onSelect: () => on.onRotate(action) },
              {
                kind: "item",
                text: action.isEnabled ? "Switch off" : "Switch on",
                onSelect: () => on.onSwitch(action),
              },
              { kind: "item", text: "Delete", onSelect: () => on.onDelete(action) },
            ]}
          />
        </span>
      ),
    },
  ];
}
