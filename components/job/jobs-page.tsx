"use client";

import { useQuery } from "@tanstack/react-query";
import { jobRunListQuery } from "#lib/api/job.ts";
import { jobKindNames } from "#lib/charts/name-job.ts";
import { prepareJobAnswer } from "#lib/charts/prepare-job-answer.ts";
import { jobKinds } from "#lib/domain/evaluation.ts";
import { ModelHeader } from "../model/model-header.tsx";
import { PageBody } from "../shell/page-header.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import { useNow } from "../ui/use-now.ts";
import { RunLog } from "./run-log.tsx";
import { RunNow } from "./run-now.tsx";
import { useNewestRun } from "./use-newest-run.ts";

/** What is evaluated of a model, when it was last, and the way to have it done now. */
export function JobsPage({ workspace, model }: { workspace: string; model: string }) {
  const query = useQuery(jobRunListQuery(workspace, { model }));
  const nowMs = useNow(5_000);
  const drift = useNewestRun(workspace, model, "drift").run;
  const quality = useNewestRun(workspace, model, "quality").run;
  const performance = useNewestRun(workspace, model, "performance").run;
  const joint = useNewestRun(workspace, model, "joint").run;
  const newest = { drift, quality, performance, joint };
  const isKnown = (runs: typeof newest): runs is Parameters<typeof prepareJobAnswer>[1] =>
    Object.values(runs).every((run) => run !== undefined);
  return (
    <>
      <ModelHeader
        workspace={workspace}
        model={model}
        query={query}
        hasScope={false}
        answer={isKnown(newest) && nowMs !== null ? prepareJobAnswer(model, newest, nowMs) : null}
      />
      <PageBody>
        <section aria-label="Evaluations" className="grid gap-4 sm:grid-cols-2">
          {jobKinds.map((kind) => {
            const run = newest[kind];
            return (
              <div key={kind} className="flex flex-col gap-2 rounded-lg border px-4 py-3">
                <h2 className="font-semibold text-base">{jobKindNames[kind]}</h2>
                <RunNow workspace={workspace} model={model} kind={kind} />
                {run?.state === "running" && run.totalCount !== null && run.totalCount > 1 && (
                  <ProgressBar
                    label={`${run.doneCount} of ${run.totalCount}`}
                    done={run.doneCount}
                    total={run.totalCount}
                  />
                )}
              </div>
            );
          })}
        </section>
        <RunLog workspace={workspace} model={model} />
      </PageBody>
    </>
  );
}
