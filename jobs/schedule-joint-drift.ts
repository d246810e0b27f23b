import { z } from "zod";
import { listModelsSeenSince } from "#db/postgres/queries/active-models.ts";
import { defineJob } from "./define-job.ts";
import { evaluateJointDriftJob } from "./evaluate-joint-drift.ts";

const seenWithinMs = 50 * 3_600_000;

/** Every hour, so that a day that could not be judged in its first hour is judged in a later one; what was judged is left
 *  alone. */
export const scheduleJointDriftJob = defineJob({
  name: "schedule-joint-drift",
  payload: z.object({}),
  cron: "25 * * * *",
  key: () => "all",
  timeoutMs: 60_000,
  retriesMax: 0,
  async run(ctx) {
    const since = new Date(ctx.now().getTime() - seenWithinMs);
    const seen = await listModelsSeenSince(ctx.stores.postgres.db, since);
    for (const model of seen) await ctx.enqueue(evaluateJointDriftJob, model);
    return { state: "done", detail: `${seen.length} models had rows in the last 50 hours.` };
  },
});
