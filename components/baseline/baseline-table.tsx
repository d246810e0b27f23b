"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Baseline } from "#lib/api/baseline.ts";
import { activateBaseline, baselineListQuery, deleteBaseline } from "#lib/api/baseline.ts";
import { formatBytes, formatCount } from "#lib/charts/format-number.ts";
import { sayFailure } from "../request/query-view.tsx";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { TimeText } from "../ui/time-text.tsx";

export interface BaselineTableProps {
  workspace: string;
  model: string;
  baselines: readonly Baseline[];
}

export function BaselineTable({ workspace, model, baselines }: BaselineTableProps) {
  const client = useQueryClient();
  const [sort, onSort] = useSort();
  const [deleting, setDeleting] = useState<Baseline | null>(null);
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: baselineListQuery(workspace, model).queryKey });
    await client.invalidateQueries({ queryKey: ["drift", workspace, model] });
  };
  const activation = useMutation({
    mutationFn: ({ id }: Baseline) => activateBaseline(workspace, model, id),
    onSuccess: refresh,
  });
  const deletion = useMutation({
    mutationFn: ({ id }: Baseline) => deleteBaseline(workspace, model, id),
    onSuccess: async () => {
      setDeleting(null);
      await refresh();
    },
  });
  const columns = useMemo(
    () =>
      baselineColumns({
        activate: activation.mutate,
        isBusy: activation.isPending,
        ask: setDeleting,
      }),
    [activation.mutate, activation.isPending],
  );
  const failure = sayFailure(activation.error);
  return (
    <>
      {failure !== null && (
        <p role="alert" className="text-breach text-sm">
          {failure}
        </p>
      )}
      <DataTable
        name="Baselines"
        columns={columns}
        rows={baselines}
        rowKey={({ id }) => id}
        sort={sort}
        onSort={onSort}
        toolbar={<h2 className="font-semibold text-base">Baselines</h2>}
        empty="No baseline was uploaded yet."
      />
      <ConfirmDialog
        isOpen={deleting !== null}
        onOpenChange={(isOpen) => {
          if (!isOpen) setDeleting(null);
        }}
        title={`Delete the baseline "${deleting?.name ?? ""}"`}
        description={`Its ${formatCount(deleting?.rowCount ?? 0)} rows go, and what was compared with them can no longer be recomputed.`}
        name={deleting?.name ?? ""}
        action="Delete it"
        isBusy={deletion.isPending}
        error={sayFailure(deletion.error)}
        onConfirm={() => {
          if (deleting !== null) deletion.mutate(deleting);
        }}
      />
    </>
  );
}

interface Actions {
  activate: (baseline: Baseline) => void;
  ask: (baseline: Baseline) => void;
  isBusy: boolean;
}

const stateWords = {
  uploading: "uploading",
  profiling: "being profiled",
  ready: "ready",
  failed: "failed",
} as const;

function baselineColumns({ activate, ask, isBusy }: Actions): Column<Baseline>[] {
  return [
    {
      id: "name",
      header: "Name",
      sortBy: ({ name }) => name,
      csv: ({ name }) => name,
      cell: ({ name, isActive }) => (
        <span className="flex items-center gap-2">
          <span className="max-w-48 truncate font-medium font-mono">{name}</span>
          {isActive && <Badge>active</Badge>}
        </span>
      ),
    },
    {
      id: "version",
      header: "Version",
      sortBy: ({ version }) => version,
      csv: ({ version }) => version,
      cell: ({ version }) => <span className="block max-w-40 truncate font-mono">{version}</span>,
    },
    {
      id: "state",
      header: "State",
      sortBy: ({ state }) => state,
      csv: ({ state }) => state,
      cell: ({ state, error }) => (
        <span
          className={state === "failed" ? "block max-w-64 truncate text-breach" : "text-ink-2"}
          title={error ?? undefined}
        >
          {state === "failed" && error !== null ? error : stateWords[state]}
        </span>
      ),
    },
    {
      id: "rows",
      header: "Rows",
      isRight: true,
      sortBy: ({ rowCount }) => rowCount,
      csv: ({ rowCount }) => rowCount,
      cell: ({ rowCount }) => formatCount(rowCount),
    },
    {
      id: "file",
      header: "File",
      isRight: true,
      from: "lg",
      sortBy: ({ sourceBytes }) => sourceBytes,
      csv: ({ sourceBytes }) => sourceBytes,
      cell: ({ sourceFormat, sourceBytes }) => (
        <span className="text-ink-2">
          {formatBytes(sourceBytes)} {sourceFormat}
        </span>
      ),
    },
    {
      id: "created",
      header: "Uploaded",
      isRight: true,
      from: "md",
      sortBy: ({ createdAt }) => Date.parse(createdAt),
      csv: ({ createdAt }) => createdAt,
      cell: ({ createdAt, createdBy }) => (
        <span title={`by ${createdBy}`}>
          <TimeText iso={createdAt} />
        </span>
      ),
    },
    {
      id: "actions",
      header: "Actions",
      isHeaderHidden: true,
      isRight: true,
      width: "170px",
      csv: () => null,
      cell: (baseline) => (
        <span className="flex justify-end gap-1">
          {!baseline.isActive && baseline.state === "ready" && (
            <Button size="sm" disabled={isBusy} onClick={() => activate(baseline)}>
              Activate
            </Button>
          )}
          <Button size="sm" kind="quiet" onClick={() => ask(baseline)}>
            Delete
          </Button>
        </span>
      ),
    },
  ];
}
