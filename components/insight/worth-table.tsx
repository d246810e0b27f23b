"use client";

import Link from "next/link";
import type { Insight } from "#lib/api/insight.ts";
import { formatNumber, formatShare } from "#lib/charts/format-number.ts";
import { insightLimits } from "#lib/domain/insight.ts";
import { paths } from "../shell/paths.ts";
import { useSort } from "../shell/use-sort.ts";
import { Badge } from "../ui/badge.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";

type Monitor = Insight["monitors"][number];

/** What each monitor's pages were worth, those that cost more than they tell first. */
export function WorthTable({ workspace, insight }: { workspace: string; insight: Insight }) {
  const [sort, onSort] = useSort("monitors");
  const retiring = insight.monitors.filter(({ isForRetirement }) => isForRetirement).length;
  return (
    <div>
      <DataTable
        name="What pages were worth"
        columns={columnsFor(workspace)}
        rows={insight.monitors}
        rowKey={({ monitorId }) => monitorId}
        sort={sort}
        onSort={onSort}
        toolbar={<h2 className="font-semibold text-base">What pages were worth</h2>}
        empty="No monitor has an alert in these incidents."
      />
      <p className="mt-2 text-ink-3 text-xs">
        A page is a message that asks somebody to look: the first, a reminder, a reopening or an
        escalation, at one destination. Real is what was closed as a real degradation or a data bug.{" "}
        {retiring === 0
          ? `A monitor is listed for retirement when at least ${insightLimits.judgedMin} of its incidents were judged and even at best, with 95 %, fewer than half are real.`
          : `${retiring} ${retiring === 1 ? "monitor is" : "monitors are"} for retirement: even at best, with 95 %, fewer than half of their incidents are real.`}
      </p>
    </div>
  );
}

const columnsFor = (workspace: string): Column<Monitor>[] => [
  {
    id: "monitor",
    header: "Monitor",
    sortBy: ({ name }) => name,
    csv: ({ name }) => name,
    cell: ({ monitorId, name, isForRetirement }) => (
      <span className="flex flex-wrap items-center gap-1.5">
        <Link
          href={paths.monitor(workspace, monitorId)}
          prefetch={false}
          className="font-medium text-accent hover:underline"
        >
          {name}
        </Link>
        {isForRetirement && <Badge>for retirement</Badge>}
      </span>
    ),
  },
  {
    id: "incidents",
    header: "Incidents",
    isRight: true,
    sortBy: ({ incidentCount }) => incidentCount,
    csv: ({ incidentCount }) => incidentCount,
    cell: ({ incidentCount }) => <span className="tabular">{incidentCount}</span>,
  },
  {
    id: "pages",
    header: "Pages",
    isRight: true,
    sortBy: ({ pageCount }) => pageCount,
    csv: ({ pageCount }) => pageCount,
    cell: ({ pageCount }) => <span className="tabular">{pageCount}</span>,
  },
  {
    id: "real",
    header: "Real, of judged",
    isRight: true,
    sortBy: ({ realShare }) => realShare?.value ?? null,
    csv: ({ realShare }) => realShare?.value ?? null,
    cell: ({ realShare, realCount, judgedCount }) =>
      realShare === null ? (
        <span className="text-ink-3">none judged</span>
      ) : (
        <span className="tabular">
          {realCount} of {judgedCount}{" "}
          <span className="text-ink-3 max-sm:hidden">
            ({formatShare(realShare.lower)} to {formatShare(realShare.upper)})
          </span>
        </span>
      ),
  },
  {
    id: "cost",
    header: "Pages per real incident",
    isRight: true,
    from: "sm",
    sortBy: ({ pagesPerReal }) => pagesPerReal,
    csv: ({ pagesPerReal }) => pagesPerReal,
    cell: ({ pagesPerReal, judgedCount }) =>
      pagesPerReal === null ? (
        <span className="text-ink-3">{judgedCount === 0 ? "not known" : "none was real"}</span>
      ) : (
        <span className="tabular">{formatNumber(pagesPerReal)}</span>
      ),
  },
];
