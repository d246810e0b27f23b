"use client";

import { useMemo } from "react";
import type { SilenceRow } from "#lib/api/silence.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import { sayRecurrence } from "#lib/charts/say-weekly.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowButton } from "../ui/row-link.tsx";
import { TimeText } from "../ui/time-text.tsx";

export interface SilenceTableProps {
  silences: readonly SilenceRow[];
  opened: string | null;
  onOpen: (silenceId: string) => void;
  onExpire: (silence: SilenceRow) => void;
}

export function SilenceTable({ silences, opened, onOpen, onExpire }: SilenceTableProps) {
  const [sort, onSort] = useSort();
  const columns = useMemo(
    () => silenceColumns(opened, onOpen, onExpire),
    [opened, onOpen, onExpire],
  );
  return (
    <DataTable
      name="Silences"
      columns={columns}
      rows={silences}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      hasKeys
      isRowActive={({ id }) => id === opened}
      empty="No silence."
    />
  );
}

function silenceColumns(
  opened: string | null,
  onOpen: SilenceTableProps["onOpen"],
  onExpire: SilenceTableProps["onExpire"],
): Column<SilenceRow>[] {
  return [
    {
      id: "state",
      header: "State",
      width: "88px",
      csv: ({ state }) => state,
      cell: ({ state }) => <Badge>{state}</Badge>,
    },
    {
      id: "where",
      header: "Where",
      csv: ({ sentence }) => sentence,
      cell: ({ id, sentence, reason, ticket }) => (
        <span className="flex min-w-0 flex-col py-1.5">
          <RowButton isPressed={id === opened} onClick={() => onOpen(id)} className="font-medium">
            {sentence}
          </RowButton>
          <span className="text-ink-2 text-xs">
            {reason}
            {ticket !== "" && ` (${ticket})`}
          </span>
        </span>
      ),
    },
    {
      id: "hidden",
      header: "Alerts hidden",
      isRight: true,
      width: "112px",
      sortBy: ({ hiddenAlertCount }) => hiddenAlertCount,
      csv: ({ hiddenAlertCount }) => hiddenAlertCount,
      cell: ({ hiddenAlertCount }) => formatCount(hiddenAlertCount),
    },
    {
      id: "ends",
      header: "Over",
      isRight: true,
      from: "sm",
      width: "160px",
      sortBy: ({ overAt }) => Date.parse(overAt),
      csv: ({ overAt }) => overAt,
      cell: ({ overAt, quietMinutes, recurrence }) => (
        <span>
          <TimeText iso={overAt} />
          {quietMinutes !== null && <span className="block text-ink-3 text-xs">if quiet</span>}
          {recurrence !== null && (
            <span className="block text-ink-3 text-xs">{sayRecurrence(recurrence)}</span>
          )}
        </span>
      ),
    },
    {
      id: "by",
      header: "By",
      from: "lg",
      csv: ({ createdBy }) => createdBy,
      cell: ({ createdBy, expiredBy }) => (
        <span className="text-ink-2">
          {createdBy}
          {expiredBy !== null && `, ended by ${expiredBy}`}
        </span>
      ),
    },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      isRight: true,
      width: "84px",
      csv: () => null,
      cell: (silence) =>
        silence.state === "ended" ? null : (
          <Button
            size="sm"
            kind="quiet"
            className="relative z-10"
            onClick={() => onExpire(silence)}
          >
            End now
          </Button>
        ),
    },
  ];
}
