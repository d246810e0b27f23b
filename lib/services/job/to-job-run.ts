import type { z } from "zod";
import type { findJobRuns } from "#db/postgres/queries/job-run.ts";
import type { jobRunSchema } from "#lib/api/job.ts";

type Row = Awaited<ReturnType<typeof findJobRuns>>[number];

/** A running job says every ten seconds that it is alive. */
const silentMs = 60_000;

export function toJobRun(row: Row, now: Date): z.input<typeof jobRunSchema> {
  const { aliveAt, windowCount, windowFrom, windowUntil, ...run } = row;
  return {
    ...run,
    isSilent:
      run.state === "running" && aliveAt !== null && now.getTime() - aliveAt.getTime() > silentMs,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
    windows:
      windowFrom === null || windowUntil === null
        ? null
        : {
            count: windowCount,
            from: windowFrom.toISOString(),
            until: windowUntil.toISOString(),
          },
  };
}
