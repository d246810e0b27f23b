"use client";

import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { useMemo } from "react";
import type { JobStatus } from "#lib/api/job.ts";
import { jobStatusQuery } from "#lib/api/job.ts";
import { formatCount, formatDuration } from "#lib/charts/format-number.ts";
import { prepareSystemAnswer } from "#lib/charts/prepare-system-answer.ts";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { useSort } from "../shell/use-sort.ts";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";
import { useNow } from "../ui/use-now.ts";

type Run = JobStatus["runs"][number];

export function SystemPage({ workspace }: { workspace: string }) {
  const query = useQuery(jobStatusQuery(workspace));
  const nowMs = useNow(1_000);
  return (
    <>
      <PageHeader
        crumbs={[{ label: "System", href: null }]}
        answer={query.data && nowMs !== null ? prepareSystemAnswer(query.data, nowMs) : null}
        asOf={<AsOf query={query} />}
        isFailed={query.isError}
      />
      <PageBody>
        <QueryView query={query} what="The state of the jobs" skeleton={<SkeletonTable rows={8} />}>
          {(status) => (
            <>
              <RunningJobs runs={status.runs} />
              <RunTable runs={status.runs} />
            </>
          )}
        </QueryView>
      </PageBody>
    </>
  );
}

/** What runs now and knows how much there is to do, with its progress. */
function RunningJobs({ runs }: { runs: readonly Run[] }) {
  const running = runs.filter(
    ({ state, totalCount }) => state === "running" && totalCount !== null,
  );
  if (running.length === 0) return null;
  return (
    <section aria-label="Running now" className="grid gap-4 sm:grid-cols-2">
      {running.map((run) => (
        <div key={run.id} className="rounded-lg border px-4 py-3">
          <p className="mb-2 flex items-baseline justify-between gap-3">
            <span className="truncate font-medium font-mono text-sm">{run.name}</span>
            <span className="truncate text-ink-3 text-xs">{run.detail}</span>
          </p>
          <ProgressBar
            label={`${formatCount(run.doneCount)} of ${formatCount(run.totalCount)}`}
            done={run.doneCount}
            total={run.totalCount ?? 0}
          />
        </div>
      ))}
    </section>
  );
}

function RunTable({ runs }: { runs: readonly Run[] }) {
  const [sort, onSort] = useSort();
  const rows = useMemo(() => [...runs], [runs]);
  return (
    <DataTable
      name="Job runs"
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      sort={sort}
      onSort={onSort}
      toolbar={<h2 className="font-semibold text-base">The last runs</h2>}
      empty="No job has run yet."
    />
  );
}

const durationOf = ({ startedAt, finishedAt }: Run): number | null =>
  finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt);

const columns: Column<Run>[] = [
  {
    id: "started",
    header: "Started",
    width: "110px",
    sortBy: ({ startedAt }) => Date.parse(startedAt),
    csv: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => <TimeText iso={startedAt} />,
  },
  {
    id: "name",
    header: "Job",
    sortBy: ({ name }) => name,
    csv: ({ name }) => name,
    cell: ({ name }) => <span className="whitespace-nowrap font-mono">{name}</span>,
  },
  {
    id: "state",
    header: "State",
    width: "90px",
    sortBy: ({ state }) => state,
    csv: ({ state }) => state,
    cell: ({ state }) => (
      <span className={clsx(state === "failed" ? "font-medium text-breach" : "text-ink-2")}>
        {state}
      </span>
    ),
  },
  {
    id: "took",
    header: "Took",
    isRight: true,
    width: "84px",
    sortBy: durationOf,
    csv: durationOf,
    cell: (run) => formatDuration(durationOf(run)),
  },
  {
    id: "done",
    header: "Done",
    isRight: true,
    from: "sm",
    width: "120px",
    sortBy: ({ doneCount }) => doneCount,
    csv: ({ doneCount }) => doneCount,
    cell: ({ doneCount, totalCount }) =>
      totalCount === null
        ? formatCount(doneCount)
        : `${formatCount(doneCount)} of ${formatCount(totalCount)}`,
  },
  {
    id: "rows",
    header: "Rows read",
    isRight: true,
    from: "md",
    width: "100px",
    sortBy: ({ rowsRead }) => rowsRead,
    csv: ({ rowsRead }) => rowsRead,
    cell: ({ rowsRead }) => formatCount(rowsRead),
  },
  {
    id: "detail",
    header: "Detail",
    from: "md",
    csv: ({ detail }) => detail,
    cell: ({ detail }) => (
      <span className="block max-w-[48ch] truncate text-ink-2" title={detail}>
        {detail}
      </span>
    ),
  },
];
