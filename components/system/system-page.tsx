"use client";

import { useQuery } from "@tanstack/react-query";
import type { JobStatus } from "#lib/api/job.ts";
import { jobStatusQuery } from "#lib/api/job.ts";
import { formatCount } from "#lib/charts/format-number.ts";
import { jobTitle } from "#lib/charts/name-job.ts";
import { prepareSystemAnswer } from "#lib/charts/prepare-system-answer.ts";
import { RunLog } from "../job/run-log.tsx";
import { AsOf } from "../request/as-of.tsx";
import { QueryView } from "../request/query-view.tsx";
import { PageBody, PageHeader } from "../shell/page-header.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { SkeletonTable } from "../ui/skeleton.tsx";
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
              <RunLog workspace={workspace} />
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
            <span className="truncate font-medium text-sm">{jobTitle(run.name)}</span>
            <span className="truncate font-mono text-ink-3 text-xs">{run.model}</span>
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
