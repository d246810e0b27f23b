"use client";

import { clsx } from "clsx";
import type { ReactNode } from "react";
import { useMemo } from "react";
import type { Notification } from "#lib/api/notification.ts";
import {
  destinationKindNames,
  notificationKindNames,
  sayAnswer,
  sayDelivery,
} from "#lib/charts/name-delivery.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowButton } from "../ui/row-link.tsx";
import { TimeText } from "../ui/time-text.tsx";

export function NotificationTable({
  notifications,
  nowMs,
  zone,
  toolbar,
  empty,
  onOpen,
}: {
  notifications: readonly Notification[];
  nowMs: number;
  zone: string;
  toolbar: ReactNode;
  empty: string;
  onOpen: (notification: Notification) => void;
}) {
  const [sort, onSort] = useSort();
  const columns = useMemo(() => columnsOf({ nowMs, zone, onOpen }), [nowMs, zone, onOpen]);
  return (
    <DataTable
      name="Messages"
      columns={columns}
      rows={notifications}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      hasKeys
      toolbar={toolbar}
      empty={empty}
    />
  );
}

const inkOf = ({ state }: Notification) => {
  if (state === "dead") return "font-medium text-breach";
  return state === "failed" ? "font-medium text-watch" : "text-ink-2";
};

function columnsOf({
  nowMs,
  zone,
  onOpen,
}: {
  nowMs: number;
  zone: string;
  onOpen: (notification: Notification) => void;
}): Column<Notification>[] {
  return [
    {
      id: "created",
      header: "Asked for",
      from: "sm",
      width: "104px",
      sortBy: ({ createdAt }) => Date.parse(createdAt),
      csv: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <TimeText iso={createdAt} />,
    },
    {
      id: "message",
      header: "Message",
      csv: ({ kind, incidentNumber, title }) =>
        `${notificationKindNames[kind]} #${incidentNumber} ${title}`,
      cell: (notification) => (
        <RowButton onClick={() => onOpen(notification)} className="flex items-center gap-2">
          <span className="whitespace-nowrap font-medium">
            {notificationKindNames[notification.kind]}
          </span>
          <span
            className="block max-w-72 truncate text-ink-2 max-sm:hidden"
            title={notification.title}
          >
            {notification.incidentNumber > 0 && `#${notification.incidentNumber} `}
            {notification.title}
          </span>
          <span className="block max-w-32 truncate text-ink-2 sm:hidden">
            {notification.destinationName ?? "unknown"}
          </span>
        </RowButton>
      ),
    },
    {
      id: "destination",
      header: "To",
      from: "sm",
      sortBy: ({ destinationName }) => destinationName,
      csv: ({ destinationName }) => destinationName,
      cell: ({ destinationName, destinationKind }) => (
        <span
          className="block max-w-44 truncate"
          title={destinationKind === null ? undefined : destinationKindNames[destinationKind]}
        >
          {destinationName ?? "unknown"}
        </span>
      ),
    },
    {
      id: "state",
      header: "State",
      sortBy: ({ state }) => state,
      csv: ({ state }) => state,
      cell: (notification) => (
        <span className="flex items-center gap-2">
          <span
            className={clsx("block max-w-[44ch] truncate max-sm:max-w-[20ch]", inkOf(notification))}
            title={sayDelivery(notification, nowMs, zone)}
          >
            {sayDelivery(notification, nowMs, zone)}
          </span>
          {notification.possibleDuplicate && <Badge>maybe twice</Badge>}
        </span>
      ),
    },
    {
      id: "attempts",
      header: "Attempts",
      isRight: true,
      from: "md",
      width: "84px",
      sortBy: ({ attempt }) => attempt,
      csv: ({ attempt }) => attempt,
      cell: ({ attempt }) => attempt,
    },
    {
      id: "answer",
      header: "Answer",
      from: "lg",
      csv: sayAnswer,
      cell: (notification) => {
        const text = sayAnswer(notification);
        return (
          <span className="block max-w-[40ch] truncate font-mono text-ink-3 text-xs" title={text}>
            {text}
          </span>
        );
      },
    },
  ];
}
