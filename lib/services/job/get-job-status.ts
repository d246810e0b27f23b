import { z } from "zod";
import { countDirtyBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import { listJobRuns } from "#db/postgres/queries/job-run.ts";
import { jobStatusOutput } from "#lib/api/job.ts";
import { defineService } from "../define-service.ts";
import { toJobRun } from "./to-job-run.ts";

/** What the worker is doing for a workspace, and how far it is. */
export const getJobStatus = defineService({
  name: "getJobStatus",
  role: "viewer",
  input: z.object({}),
  output: jobStatusOutput,
  writes: false,
  async run(ctx) {
    const [dirty, runs] = await Promise.all([countDirtyBuckets(ctx), listJobRuns(ctx)]);
    return {
      dirtyBuckets: {
        count: dirty.count,
        oldestMarkedAt: dirty.oldestMarkedAt?.toISOString() ?? null,
      },
      runs: runs.map((run) => toJobRun(run, ctx.now)),
    };
  },
});
