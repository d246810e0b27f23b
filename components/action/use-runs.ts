"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RunDecision, RunFinding } from "#lib/api/action.ts";
import { decideRun, runListQuery, settleRun } from "#lib/api/action.ts";
import type { ActionRunState } from "#lib/domain/action.ts";

const liveMs = 2_000;
const quietMs = 15_000;
/** These last for a moment; others wait for people, pipelines and monitors. */
const brief: readonly ActionRunState[] = ["requested", "approved", "sending"];

/** Runs that look after themselves: quick while something is about to happen. */
export function useRuns(workspace: string, filter: Parameters<typeof runListQuery>[1]) {
  return useQuery({
    ...runListQuery(workspace, filter),
    refetchInterval: ({ state }) =>
      state.data?.runs.some((run) => brief.includes(run.state)) === true ? liveMs : quietMs,
  });
}

export type RunChange =
  | { kind: "decide"; decision: RunDecision; reason: string }
  | { kind: "settle"; finding: RunFinding };

/** Whatever a person does to a run; its incident's timeline is read again. */
export function useChangeRun(workspace: string, runId: string, onDone?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: RunChange) =>
      change.kind === "decide"
        ? decideRun(workspace, runId, { decision: change.decision, reason: change.reason })
        : settleRun(workspace, runId, change.finding),
    onSuccess: async () => {
      onDone?.();
      await Promise.all([
        client.invalidateQueries({ queryKey: ["action", workspace] }),
        client.invalidateQueries({ queryKey: ["incident", workspace] }),
      ]);
    },
  });
}
