"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { requestJobRun } from "#lib/api/job.ts";
import { jobKindNames } from "#lib/charts/name-job.ts";
import { sayNewestRun } from "#lib/charts/prepare-job-answer.ts";
import type { JobKind } from "#lib/domain/evaluation.ts";
import { sayFailure } from "../request/query-view.tsx";
import { Button } from "../ui/button.tsx";
import { useNow } from "../ui/use-now.ts";
import { useNewestRun } from "./use-newest-run.ts";

export interface RunNowProps {
  workspace: string;
  model: string;
  kind: JobKind;
}

/** Asks for a run, and says how far it is; while one runs there is nothing to ask for. */
export function RunNow({ workspace, model, kind }: RunNowProps) {
  const client = useQueryClient();
  const nowMs = useNow(5_000);
  const { run, isOpen } = useNewestRun(workspace, model, kind);
  const ask = useMutation({
    mutationFn: () => requestJobRun(workspace, { model, kind }),
    onSettled: () => client.invalidateQueries({ queryKey: ["job", workspace] }),
  });
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <Button
        size="sm"
        disabled={isOpen || ask.isPending}
        aria-label={`Run now: ${jobKindNames[kind]}`}
        onClick={() => ask.mutate()}
      >
        Run now
      </Button>
      <span role="status" className="tabular text-ink-2">
        {run !== undefined && nowMs !== null && sayNewestRun(run, nowMs)}
      </span>
      {ask.isError && (
        <span role="alert" className="text-breach">
          {sayFailure(ask.error)}
        </span>
      )}
    </p>
  );
}
