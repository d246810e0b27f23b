"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { DriftSeries } from "#lib/api/drift.ts";
import { driftSeriesQuery } from "#lib/api/drift.ts";
import { formatCount, formatNumber } from "#lib/charts/format-number.ts";
import { nameChunk, nameMethod, profileNames } from "#lib/charts/name-series.ts";
import { subjectLabel } from "#lib/charts/name-statistic.ts";
import { driftProfileSchema, driftProfiles } from "#lib/domain/health.ts";
import { QueryView } from "../request/query-view.tsx";
import { useScope } from "../shell/use-scope.ts";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { NameText } from "../ui/name-text.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { StatusShape } from "../ui/status-mark.tsx";
import { toDriftScope } from "./to-drift-scope.ts";

type Grain = DriftSeries["grain"];
type Row = DriftSeries["rows"][number];

const grains: readonly { value: Grain; label: string }[] = [
  { value: "day", label: "Day" },
  { value: "week", label: "Week" },
  { value: "month", label: "Month" },
];
const toGrain = (value: string | undefined): Grain =>
  grains.find((one) => one.value === value)?.value ?? "month";

/** Every value of the window by the calendar, as a table that can be taken away; under our rules or those of another tool. */
export function SeriesTable({ workspace, model }: { workspace: string; model: string }) {
  const scope = useScope();
  const { get, set } = useUrlState();
  const [sort, onSort] = useSort("series");
  const grain = toGrain(get("values"));
  const profile = driftProfileSchema.safeParse(get("profile")).data ?? "plumbline";
  const { statistic: _, ...asked } = toDriftScope(scope);
  const query = useQuery(driftSeriesQuery(workspace, model, { ...asked, grain, profile }));
  const columns = useMemo(
    () => (query.data === undefined ? [] : columnsOf(query.data)),
    [query.data],
  );
  return (
    <QueryView query={query} what="The values" skeleton={<SkeletonTable rows={8} />}>
      {(series) => (
        <DataTable
          name={`Drift of ${model} by ${grain}`}
          columns={columns}
          rows={series.rows}
          rowKey={({ subject, feature, method }) => `${subject}:${feature}:${method}`}
          sort={sort}
          onSort={onSort}
          toolbar={
            <>
              <h2 className="font-semibold text-base">
                Values by {grain}{" "}
                <span className="font-normal text-ink-3 text-xs">
                  {series.reference?.label}, UTC
                </span>
              </h2>
              <Segmented
                label="Grain"
                value={grain}
                options={grains}
                onChange={(value) => set({ values: value })}
              />
              <Select
                label="Rules"
                value={profile}
                options={driftProfiles.map((value) => ({ value, label: profileNames[value] }))}
                onChange={(value) => set({ profile: value === "plumbline" ? null : value })}
              />
            </>
          }
          empty="No feature of this window can be compared."
        />
      )}
    </QueryView>
  );
}

function columnsOf({ chunks, grain }: DriftSeries): Column<Row>[] {
  return [
    {
      id: "feature",
      header: "Feature",
      sortBy: ({ subject, feature }) => subjectLabel(subject, feature),
      csv: ({ subject, feature }) => subjectLabel(subject, feature),
      cell: ({ subject, feature }) => (
        <NameText
          text={subjectLabel(subject, feature)}
          className="max-w-44 font-medium font-mono"
        />
      ),
    },
    {
      id: "method",
      header: "Method",
      sortBy: ({ method }) => method,
      csv: ({ method }) => method,
      cell: ({ method, note }) => (
        <span className="whitespace-nowrap text-ink-2" title={note}>
          {nameMethod(method)}
        </span>
      ),
    },
    ...(chunks.some(({ period }) => period === "reference")
      ? [
          {
            id: "threshold",
            header: "Alerts above",
            isRight: true,
            sortBy: ({ threshold }: Row) => threshold,
            csv: ({ threshold }: Row) => threshold,
            cell: ({ threshold }: Row) => formatNumber(threshold),
          },
        ]
      : []),
    ...chunks.map(
      (chunk, i): Column<Row> => ({
        id: `${chunk.period} ${chunk.from}`,
        header: nameChunk(chunk, grain),
        isRight: true,
        sortBy: ({ cells }) => cells[i]?.value ?? null,
        csv: ({ cells }) => cells[i]?.value ?? null,
        cell: ({ cells }) => <Value cell={cells[i]} />,
      }),
    ),
  ];
}

function Value({ cell }: { cell: Row["cells"][number] | undefined }) {
  if (cell === undefined || cell.value === null) return <span className="text-ink-3">–</span>;
  return (
    <span
      className="tabular inline-flex items-center gap-1.5"
      title={`${formatCount(cell.count)} values`}
    >
      {cell.isDrift === true && (
        <>
          <StatusShape status="watch" size={8} />
          <span className="sr-only">drift</span>
        </>
      )}
      {formatNumber(cell.value)}
    </span>
  );
}
