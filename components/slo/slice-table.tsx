"use client";

import { useMemo } from "react";
import type { SloDetail } from "#lib/api/slo.ts";
import { formatCount, formatNumber } from "#lib/charts/format-number.ts";
import { formatSpan } from "#lib/charts/format-time.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { useZone } from "../ui/use-zone.ts";

type Slice = SloDetail["slices"][number];

/** What spent the budget, newest first. */
export function SliceTable({ slo }: { slo: SloDetail }) {
  const zone = useZone();
  const [sort, onSort] = useSort("slices");
  const columns = useMemo(() => sliceColumns(zone), [zone]);
  return (
    <DataTable
      name="Bad and unmeasured slices"
      columns={columns}
      rows={slo.slices}
      rowKey={({ from }) => from}
      sort={sort}
      onSort={onSort}
      toolbar={
        <h2 className="font-semibold text-base">What was bad or unmeasured, newest first</h2>
      }
      empty="Nothing that was measured was bad."
    />
  );
}

function sliceColumns(zone: string): Column<Slice>[] {
  return [
    {
      id: "when",
      header: "When",
      csv: ({ from }) => from,
      cell: ({ from, until }) => (
        <span className="tabular whitespace-nowrap">
          {formatSpan(Date.parse(from), Date.parse(until), zone)}
        </span>
      ),
    },
    {
      id: "state",
      header: "Known",
      csv: ({ state }) => state,
      cell: ({ state }) => <Badge>{state}</Badge>,
    },
    {
      id: "bad",
      header: "Bad",
      isRight: true,
      sortBy: ({ badCount }) => badCount,
      csv: ({ badCount }) => badCount,
      cell: ({ badCount }) => formatCount(badCount),
    },
    {
      id: "good",
      header: "Good",
      isRight: true,
      from: "sm",
      sortBy: ({ goodCount }) => goodCount,
      csv: ({ goodCount }) => goodCount,
      cell: ({ goodCount }) => formatCount(goodCount),
    },
    {
      id: "value",
      header: "Value",
      isRight: true,
      from: "sm",
      sortBy: ({ value }) => value,
      csv: ({ value }) => value,
      cell: ({ value }) => formatNumber(value),
    },
    {
      id: "reason",
      header: "Why",
      from: "md",
      csv: ({ reason }) => reason,
      cell: ({ reason }) => <span className="text-ink-2">{reason}</span>,
    },
  ];
}
