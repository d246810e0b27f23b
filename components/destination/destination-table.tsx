"use client";

import { MoreHorizontal } from "lucide-react";
import { useMemo } from "react";
import type { Destination } from "#lib/api/destination.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import { destinationKindNames } from "#lib/charts/name-delivery.ts";
import { judgeDestination, sayDestination } from "#lib/charts/prepare-destination-answer.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Menu } from "../ui/menu.tsx";
import { StatusShape } from "../ui/status-mark.tsx";

export interface DestinationActions {
  onTest: (destination: Destination) => void;
  onEdit: (destination: Destination) => void;
  onRotate: (destination: Destination) => void;
  onSwitch: (destination: Destination) => void;
  onDefault: (destination: Destination) => void;
  onDelete: (destination: Destination) => void;
  onLog: (destination: Destination) => void;
}

export function DestinationTable({
  destinations,
  nowMs,
  actions,
}: {
  destinations: readonly Destination[];
  nowMs: number;
  actions: DestinationActions;
}) {
  const [sort, onSort] = useSort();
  const columns = useMemo(() => destinationColumns(nowMs, actions), [nowMs, actions]);
  return (
    <DataTable
      name="Destinations"
      columns={columns}
      rows={destinations}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      toolbar={<h2 className="font-semibold text-base">Destinations</h2>}
      empty="No destination was added yet."
    />
  );
}

function destinationColumns(nowMs: number, actions: DestinationActions): Column<Destination>[] {
  return [
    {
      id: "name",
      header: "Name",
      sortBy: ({ name }) => name.toLowerCase(),
      csv: ({ name }) => name,
      cell: (destination) => (
        <span className="flex min-w-0 items-center gap-2">
          <StatusShape status={judgeDestination(destination, nowMs)} />
          <span className="sr-only">{judgeDestination(destination, nowMs)}</span>
          <span
            className={destination.isEnabled ? "truncate font-medium" : "truncate text-ink-3"}
            title={destination.name}
          >
            {destination.name}
          </span>
          {destination.isDefault && (
            <span title="Hears of every incident for which nobody named a destination">
              <Badge>default</Badge>
            </span>
          )}
        </span>
      ),
    },
    {
      id: "kind",
      header: "Kind",
      from: "sm",
      sortBy: ({ kind }) => destinationKindNames[kind],
      csv: ({ kind }) => kind,
      cell: ({ kind }) => (
        <span className="whitespace-nowrap text-ink-2">{destinationKindNames[kind]}</span>
      ),
    },
    {
      id: "address",
      header: "Goes to",
      from: "lg",
      csv: ({ address }) => address,
      cell: ({ address }) => (
        <span className="block max-w-64 truncate font-mono text-ink-2" title={address}>
          {address}
        </span>
      ),
    },
    {
      id: "state",
      header: "Delivery",
      csv: (destination) => sayDestination(destination, nowMs),
      cell: (destination) => {
        const text = sayDestination(destination, nowMs);
        return (
          <span className="block max-w-[52ch] truncate text-ink-2 max-sm:max-w-[18ch]" title={text}>
            {text}
          </span>
        );
      },
    },
    {
      id: "sent",
      header: "Taken in 7 d",
      isRight: true,
      from: "md",
      width: "104px",
      sortBy: ({ sentCount }) => sentCount,
      csv: ({ sentCount }) => sentCount,
      cell: ({ sentCount }) => formatCount(sentCount),
    },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      isRight: true,
      csv: () => null,
      cell: (destination) => (
        <span className="flex justify-end gap-1">
          <Button
            size="sm"
            className="max-sm:hidden"
            disabled={!destination.isEnabled}
            onClick={() => actions.onTest(destination)}
          >
            Send test
          </Button>
          <Menu
            align="end"
            trigger={
              <Button size="iconSm" kind="quiet" aria-label={`More for ${destination.name}`}>
                <MoreHorizontal size={16} aria-hidden />
              </Button>
            }
            entries={entriesOf(destination, actions)}
          />
        </span>
      ),
    },
  ];
}

function entriesOf(destination: Destination, actions: DestinationActions) {
  const entry = (text: string, act: (destination: Destination) => void) =>
    ({ kind: "item", id: text, text, onSelect: () => act(destination) }) as const;
  return [
    ...(destination.isEnabled ? [entry("Send test", actions.onTest)] : []),
    entry("Edit", actions.onEdit),
    ...(destination.kind === "webhook" ? [entry("Rotate the secret", actions.onRotate)] : []),
    entry("Delivery log", actions.onLog),
    entry(
      destination.isDefault ? "No longer hear of everything else" : "Hear of everything else",
      actions.onDefault,
    ),
    entry(destination.isEnabled ? "Switch off" : "Switch on", actions.onSwitch),
    { kind: "line", id: "line" } as const,
    entry("Delete", actions.onDelete),
  ];
}
