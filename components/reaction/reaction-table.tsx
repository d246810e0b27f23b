"use client";

import { Ellipsis } from "lucide-react";
import { useMemo } from "react";
import type { Reaction } from "#lib/api/reaction.ts";
import { sayGuards, sayReaction } from "#lib/charts/draft-reaction.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Menu } from "../ui/menu.tsx";
import { RowButton } from "../ui/row-link.tsx";

type OnReaction = (reaction: Reaction) => void;

export interface ReactionTableProps {
  reactions: readonly Reaction[];
  onEdit: OnReaction;
  onDelete: OnReaction;
  onSwitch: OnReaction;
}

export function ReactionTable({ reactions, onEdit, onDelete, onSwitch }: ReactionTableProps) {
  const [sort, onSort] = useSort();
  const columns = useMemo(
    () => reactionColumns({ onEdit, onDelete, onSwitch }),
    [onEdit, onDelete, onSwitch],
  );
  return (
    <DataTable
      name="Reactions"
      columns={columns}
      rows={reactions}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      hasKeys
      empty="No reaction."
    />
  );
}

function reactionColumns(on: Omit<ReactionTableProps, "reactions">): Column<Reaction>[] {
  return [
    {
      id: "name",
      header: "Reaction",
      sortBy: ({ name }) => name.toLowerCase(),
      csv: ({ name }) => name,
      cell: (reaction) => (
        <span className="flex min-w-0 flex-col py-1.5">
          <span className="flex flex-wrap items-center gap-2">
            <RowButton
              isPressed={false}
              onClick={() => on.onEdit(reaction)}
              className="font-medium"
            >
              {reaction.name}
            </RowButton>
            {!reaction.isEnabled && <Badge>off</Badge>}
            {reaction.definition.isDryRun && <Badge>dry run</Badge>}
          </span>
          <span className="text-ink-2 text-xs">{sayReaction(reaction.definition)}.</span>
        </span>
      ),
    },
    {
      id: "action",
      header: "Calls",
      width: "160px",
      sortBy: ({ actionName }) => actionName.toLowerCase(),
      csv: ({ actionName }) => actionName,
      cell: ({ actionName }) => actionName,
    },
    {
      id: "guards",
      header: "Within",
      from: "md",
      csv: ({ definition }) => sayGuards(definition),
      cell: ({ definition }) => <span className="text-ink-2 text-xs">{sayGuards(definition)}</span>,
    },
    {
      id: "more",
      header: "More",
      isHeaderHidden: true,
      isRight: true,
      width: "48px",
      csv: () => null,
      cell: (reaction) => (
        <span className="relative z-10">
          <Menu
            align="end"
            trigger={
              <Button kind="quiet" size="iconSm" aria-label={`More about ${reaction.name}`}>
                <Ellipsis size={15} aria-hidden />
              </Button>
            }
            entries={[
              { kind: "item", text: "Edit", onSelect: () => on.onEdit(reaction) },
              {
                kind: "item",
                text: reaction.isEnabled ? "Switch off" : "Switch on",
                onSelect: () => on.onSwitch(reaction),
              },
              { kind: "item", text: "Delete", onSelect: () => on.onDelete(reaction) },
            ]}
          />
        </span>
      ),
    },
  ];
}
