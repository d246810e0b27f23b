"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import type { JobRun, JobRunFilter } from "#lib/api/job.ts";
import { jobRunListQuery } from "#lib/api/job.ts";
import { formatCount, formatDuration } from "#lib/charts/format-number.ts";
import { jobKindNames, jobStateNames, jobTitle } from "#lib/charts/name-job.ts";
import { describeRun, runDuration } from "#lib/charts/prepare-job-answer.ts";
import { toPlainText } from "#lib/charts/sentence.ts";
import { jobKindSchema, jobKinds, jobStateSchema, jobStates } from "#lib/domain/evaluation.ts";
import { QueryView } from "../request/query-view.tsx";
import { useSort } from "../shell/use-sort.ts";
import { useUrlState } from "../shell/use-url-state.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import type { Column } from "../ui/data-table.tsx";
import { DataTable } from "../ui/data-table.tsx";
import { Select } from "../ui/select.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
import { TimeText } from "../ui/time-text.tsx";

const any = "*";

/** What the worker did, newest first: of one model, or of all of them. Filters and the page stand in the address. */
export function RunLog({ workspace, model }: { workspace: string; model?: string }) {
  const { get, set } = useUrlState();
  const [sort, onSort] = useSort();
  const kind = jobKindSchema.safeParse(get("kind")).data;
  const state = jobStateSchema.safeParse(get("outcome")).data;
  const cursor = get("before");
  const filter: JobRunFilter = {
    ...(model === undefined ? {} : { model }),
    ...(kind === undefined ? {} : { kind }),
    ...(state === undefined ? {} : { state }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  const query = useQuery({
    ...jobRunListQuery(workspace, filter),
    placeholderData: keepPreviousData,
  });
  const choose = (patch: Record<string, string | null>) => set({ ...patch, before: null });
  return (
    <QueryView query={query} what="The run log" skeleton={<SkeletonTable rows={8} />}>
      {({ runs, next }) => (
        <>
          <DataTable
            name="Job runs"
            columns={model === undefined ? [...start, modelColumn, ...rest] : [...start, ...rest]}
            rows={runs}
            rowKey={({ id }) => id}
            sort={sort}
            onSort={onSort}
            toolbar={
              <>
                <h2 className="font-semibold text-base">Runs</h2>
                <Select
                  label="Kind"
                  value={kind ?? any}
                  options={[
                    { value: any, label: "All kinds" },
                    ...jobKinds.map((value) => ({ value, label: jobKindNames[value] })),
                  ]}
                  onChange={(value) => choose({ kind: value === any ? null : value })}
                />
                <Select
                  label="Outcome"
                  value={state ?? any}
                  options={[
                    { value: any, label: "All outcomes" },
                    ...jobStates.map((value) => ({ value, label: jobStateNames[value] })),
                  ]}
                  onChange={(value) => choose({ outcome: value === any ? null : value })}
                />
              </>
            }
            empty={
              kind === undefined && state === undefined
                ? "No job has run yet."
                : "No run of this kind ended like this."
            }
          />
          <div className="flex gap-2">
            {cursor !== undefined && (
              <Button size="sm" onClick={() => set({ before: null })}>
                Newest
              </Button>
            )}
            {next !== null && (
              <Button size="sm" onClick={() => set({ before: next })}>
                Older
              </Button>
            )}
          </div>
        </>
      )}
    </QueryView>
  );
}

const start: Column<JobRun>[] = [
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
    sortBy: ({ name }) => jobTitle(name),
    csv: ({ name }) => name,
    cell: ({ name, trigger, attempt }) => (
      <span className="flex items-center gap-2">
        <span className="block max-w-56 truncate" title={name}>
          {jobTitle(name)}
        </span>
        {trigger === "request" && <Badge>asked for</Badge>}
        {attempt > 1 && <Badge>taken up again</Badge>}
      </span>
    ),
  },
];

const modelColumn: Column<JobRun> = {
  id: "model",
  header: "Model",
  from: "sm",
  sortBy: ({ model }) => model,
  csv: ({ model }) => model,
  cell: ({ model }) => <span className="block max-w-40 truncate font-mono">{model ?? "–"}</span>,
};

const rest: Column<JobRun>[] = [
  {
    id: "state",
    header: "Outcome",
    width: "92px",
    sortBy: ({ state }) => state,
    csv: ({ state }) => state,
    cell: ({ state, isSilent }) => (
      <span className={clsx(state === "failed" ? "font-medium text-breach" : "text-ink-2")}>
        {isSilent ? "cut off" : jobStateNames[state]}
      </span>
    ),
  },
  {
    id: "took",
    header: "Took",
    isRight: true,
    width: "84px",
    sortBy: runDuration,
    csv: runDuration,
    cell: (run) => formatDuration(runDuration(run)),
  },
  {
    id: "windows",
    header: "Windows",
    isRight: true,
    from: "md",
    width: "84px",
    sortBy: ({ windows }) => windows?.count ?? null,
    csv: ({ windows }) => windows?.count ?? null,
    cell: ({ windows }) =>
      windows === null ? (
        "–"
      ) : (
        <span title={`${windows.from} to ${windows.until}`}>{formatCount(windows.count)}</span>
      ),
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
    header: "What it did, or why not",
    from: "md",
    csv: (run) => toPlainText(describeRun(run)),
    cell: (run) => {
      const text = toPlainText(describeRun(run));
      return (
        <span className="block max-w-[48ch] truncate text-ink-2" title={text}>
          {text}
        </span>
      );
    },
  },
];
