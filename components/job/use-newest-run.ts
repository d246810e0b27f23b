"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { JobRun } from "#lib/api/job.ts";
import { jobRunListQuery } from "#lib/api/job.ts";
import type { JobKind } from "#lib/domain/evaluation.ts";

/** What the figures of a kind of run are asked by: when one ends they are asked for anew. */
const shownBy: Record<JobKind, readonly string[]> = {
  drift: ["drift", "fleet"],
  quality: ["quality", "freshness", "volume", "fleet"],
  performance: ["performance"],
  joint: ["joint"],
};

const isOpen = (run: JobRun | null | undefined) =>
  run?.state === "queued" || run?.state === "running";

/** The newest run of one kind of one model; undefined until it is known. */
export function useNewestRun(workspace: string, model: string, kind: JobKind) {
  const client = useQueryClient();
  const query = useQuery(jobRunListQuery(workspace, { model, kind, limit: 1 }));
  const run = query.data === undefined ? undefined : (query.data.runs[0] ?? null);
  const wasOpen = useRef(false);
  const isNowOpen = isOpen(run);
  // The server tells the end of a run in its own time.
  useEffect(() => {
    if (wasOpen.current && !isNowOpen)
      for (const noun of shownBy[kind])
        void client.invalidateQueries({ queryKey: [noun, workspace] });
    wasOpen.current = isNowOpen;
  }, [client, isNowOpen, kind, workspace]);
  return { run, isOpen: isNowOpen };
}
