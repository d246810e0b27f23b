"use client";

import { useMemo } from "react";
import type { MonitorDetail } from "#lib/api/monitor.ts";
import { formatReading } from "#lib/charts/describe-reading.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import { nameSeriesOf } from "#lib/charts/name-monitor.ts";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { RowButton } from "../ui/row-link.tsx";
import { StatusMark } from "../ui/status-mark.tsx";
import { TimeText } from "../ui/time-text.tsx";

type Row = MonitorDetail["series"][number];

/** How every series came out last, the worst first; one is chosen for the chart. */
export function SeriesTable({ monitor }: { monitor: MonitorDetail }) {
  const [sort, onSort] = useSort();
  const { set } = useUrlState();
  const columns = useMemo(
    () =>
      columnsFor(monitor, (row) =>
        set({
          version: row.series.version,
          subject: row.series.subject,
          // Of the whole model it is empty, and yet chosen.
          column: row.series.column === "" ? " " : row.series.column,
          segmentKey: row.series.segmentKey,
          segmentValue: row.series.segmentValue,
        }),
      ),
    [monitor, set],
  );
  return (
    <DataTable
      name={`${monitor.name} series`}
      columns={columns}
      rows={monitor.series}
      rowKey={({ series }) => JSON.stringify(series)}
      sort={sort}
      onSort={onSort}
      hasKeys
      toolbar={<h2 className="font-semibold text-base">Newest answers</h2>}
      empty="It has not been asked yet."
    />
  );
}

function columnsFor(monitor: MonitorDetail, onChoose: (row: Row) => void): Column<Row>[] {
  const nameSeries = nameSeriesOf(monitor.series.map(({ series }) => series));
  return [
    {
      id: "series",
      header: "Of",
      sortBy: ({ series }) => nameSeries(series),
      csv: ({ series }) => nameSeries(series),
      cell: (row) => (
        <RowButton onClick={() => onChoose(row)} className="font-medium">
          {nameSeries(row.series)}
        </RowButton>
      ),
    },
    {
      id: "judged",
      header: "State",
      csv: ({ result }) => result.judged ?? result.kind,
      cell: ({ result }) => <ResultMark result={result} />,
    },
    {
      id: "value",
      header: "Value",
      isRight: true,
      sortBy: ({ result }) => result.value,
      csv: ({ result }) => result.value,
      cell: ({ result }) => (
        <span className="tabular">
          {result.value === null ? "–" : formatReading(result.value, monitor.unit)}
        </span>
      ),
    },
    {
      id: "rows",
      header: "Rows",
      isRight: true,
      from: "md",
      sortBy: ({ result }) => result.sampleCount,
      csv: ({ result }) => result.sampleCount,
      cell: ({ result }) => <span className="tabular">{formatCount(result.sampleCount)}</span>,
    },
    {
      id: "why",
      header: "Why",
      from: "sm",
      csv: ({ result }) => result.sentence,
      cell: ({ result }) => (
        <span className="block max-w-[60ch] truncate text-ink-2" title={result.sentence}>
          {result.sentence}
        </span>
      ),
    },
    {
      id: "until",
      header: "Window ended",
      isRight: true,
      from: "md",
      sortBy: ({ until }) => Date.parse(until),
      csv: ({ until }) => until,
      cell: ({ until }) => <TimeText iso={until} />,
    },
  ];
}

function ResultMark({ result }: { result: Row["result"] }) {
  if (result.kind !== "value")
    return (
      <StatusMark status="unknown" text={result.kind === "failed" ? "Failed" : "Cannot say"} />
    );
  if (result.judged === "fire") return <StatusMark status="breach" text="Beyond" />;
  return result.judged === "between" ? (
    <StatusMark status="watch" text="Between" />
  ) : (
    <StatusMark status="healthy" text="Not beyond" />
  );
}
