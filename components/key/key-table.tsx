"use client";

import { useMemo } from "react";
import type { Key } from "#lib/api/key.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { TimeText } from "../ui/time-text.tsx";

export function KeyTable({
  keys,
  onRevoke,
}: {
  keys: readonly Key[];
  onRevoke: (key: Key) => void;
}) {
  const [sort, onSort] = useSort();
  const columns = useMemo(() => keyColumns(onRevoke), [onRevoke]);
  return (
    <DataTable
      name="Keys"
      columns={columns}
      rows={keys}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      toolbar={<h2 className="font-semibold text-base">Keys</h2>}
      empty="No key was created yet."
    />
  );
}

function keyColumns(onRevoke: (key: Key) => void): Column<Key>[] {
  return [
    {
      id: "name",
      header: "Name",
      sortBy: ({ name }) => name,
      csv: ({ name }) => name,
      cell: ({ name, revokedAt }) => (
        <span className={revokedAt === null ? "font-medium" : "text-ink-3 line-through"}>
          {name}
        </span>
      ),
    },
    {
      id: "prefix",
      header: "Begins with",
      csv: ({ prefix }) => prefix,
      cell: ({ prefix }) => (
        <span className="whitespace-nowrap font-mono text-ink-2">{prefix}…</span>
      ),
    },
    {
      id: "scopes",
      header: "May",
      from: "sm",
      csv: ({ scopes }) => scopes.join(" "),
      cell: ({ scopes }) => (
        <span className="flex gap-1">
          {scopes.map((scope) => (
            <Badge key={scope}>{scope}</Badge>
          ))}
        </span>
      ),
    },
    {
      id: "used",
      header: "Last used",
      isRight: true,
      sortBy: ({ lastUsedAt }) => (lastUsedAt === null ? null : Date.parse(lastUsedAt)),
      csv: ({ lastUsedAt }) => lastUsedAt,
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? (
          <span className="text-ink-3">never</span>
        ) : (
          <TimeText iso={lastUsedAt} />
        ),
    },
    {
      id: "created",
      header: "Created",
      isRight: true,
      from: "md",
      sortBy: ({ createdAt }) => Date.parse(createdAt),
      csv: ({ createdAt }) => createdAt,
      cell: ({ createdAt, createdBy }) => (
        <span title={createdBy === null ? undefined : `by ${createdBy}`}>
          <TimeText iso={createdAt} />
        </span>
      ),
    },
    {
      id: "expires",
      header: "Ends",
      isRight: true,
      from: "lg",
      sortBy: ({ expiresAt }) => (expiresAt === null ? null : Date.parse(expiresAt)),
      csv: ({ expiresAt }) => expiresAt,
      cell: ({ expiresAt }) =>
        expiresAt === null ? (
          <span className="text-ink-3">never</span>
        ) : (
          <TimeText iso={expiresAt} />
        ),
    },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      isRight: true,
      width: "96px",
      csv: () => null,
      cell: (key) =>
        key.revokedAt === null ? (
          <Button size="sm" kind="quiet" onClick={() => onRevoke(key)}>
            Revoke
          </Button>
        ) : (
          <span className="text-ink-3">revoked</span>
        ),
    },
  ];
}
