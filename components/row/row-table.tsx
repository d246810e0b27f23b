"use client";

import { useMemo } from "react";
import type { Prediction } from "#lib/api/prediction.ts";
import { formatDuration } from "#lib/charts/format-number.ts";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowButton } from "../ui/row-link.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { rowKey } from "./row-key.ts";
import { sayPrediction, sayValue } from "./say-prediction.ts";

export interface RowTableProps {
  rows: readonly Prediction[];
  openKey: string | null;
  isNarrow: boolean;
}

export function RowTable({ rows, openKey, isNarrow }: RowTableProps) {
  const { set } = useUrlState();
  const [sort, onSort] = useSort();
  const columns = useMemo(
    () => rowColumns(openKey, isNarrow, (key) => set({ row: key === openKey ? null : key })),
    [openKey, isNarrow, set],
  );
  return (
    <DataTable
      name="Rows"
      columns={columns}
      rows={rows}
      rowKey={rowKey}
      sort={sort}
      onSort={onSort}
      hasKeys
      isRowActive={(row) => rowKey(row) === openKey}
      toolbar={<h2 className="font-semibold text-base">Rows</h2>}
      empty="No row matches. Take a longer range, another environment, or check the id."
    />
  );
}

function rowColumns(
  openKey: string | null,
  isNarrow: boolean,
  onOpen: (key: string) => void,
): Column<Prediction>[] {
  const columns: Column<Prediction>[] = [
    {
      id: "time",
      header: "Made",
      width: "110px",
      sortBy: ({ timestamp }) => Date.parse(timestamp),
      csv: ({ timestamp }) => timestamp,
      cell: ({ timestamp }) => <TimeText iso={timestamp} />,
    },
    {
      id: "id",
      header: "Prediction id",
      sortBy: ({ predictionId }) => predictionId,
      csv: ({ predictionId }) => predictionId,
      cell: (row) => (
        <RowButton
          isPressed={rowKey(row) === openKey}
          onClick={() => onOpen(rowKey(row))}
          className="block max-w-28 truncate font-mono sm:max-w-56"
        >
          {row.predictionId}
        </RowButton>
      ),
    },
    {
      id: "prediction",
      header: "Prediction",
      sortBy: ({ prediction }) => prediction.score ?? prediction.value ?? prediction.label,
      csv: sayPrediction,
      cell: (row) => (
        <span className="tabular whitespace-nowrap font-medium">{sayPrediction(row)}</span>
      ),
    },
    {
      id: "label",
      header: "Label",
      from: "sm",
      sortBy: ({ label }) => (label === null ? null : sayValue(label.value)),
      csv: ({ label }) => (label === null ? null : label.value),
      cell: ({ label }) =>
        label === null ? <span className="text-ink-3">not in yet</span> : sayValue(label.value),
    },
  ];
  if (isNarrow) return columns;
  return [
    ...columns,
    {
      id: "entity",
      header: "Entity",
      from: "md",
      isOptional: true,
      sortBy: ({ entityId }) => entityId,
      csv: ({ entityId }) => entityId,
      cell: ({ entityId }) => (
        <span className="block max-w-40 truncate font-mono text-ink-2">{entityId}</span>
      ),
    },
    {
      id: "version",
      header: "Version",
      from: "lg",
      isOptional: true,
      sortBy: ({ version }) => version,
      csv: ({ version }) => version,
      cell: ({ version }) => (
        <span className="block max-w-40 truncate font-mono text-ink-2">{version}</span>
      ),
    },
    {
      id: "latency",
      header: "Latency",
      isRight: true,
      from: "lg",
      isOptional: true,
      sortBy: ({ latencyMs }) => latencyMs,
      csv: ({ latencyMs }) => latencyMs,
      cell: ({ latencyMs }) => formatDuration(latencyMs),
    },
  ];
}
