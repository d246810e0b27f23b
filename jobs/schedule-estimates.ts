import { z } from "zod";
import {
  listBaselinesToLearn,
  listModelsToEstimate,
} from "#db/postgres/queries/estimate-reference.ts";
import { estimatedTasks } from "#lib/services/performance/learn-estimate.ts";
import { estimateMethod } from "#lib/services/performance/stored-reference.ts";
import { defineJob } from "./define-job.ts";
import { estimateHoursJob } from "./estimate-hours.ts";
import { learnEstimateJob } from "./learn-estimate.ts";

/** Every five minutes: baselines that became active, whose model's task was confirmed, or that an older method learned from; and models
 *  whose rows are estimated hour by hour. */
export const scheduleEstimatesJob = defineJob({
  name: "schedule-estimates",
  payload: z.object({}),
  cron: "*/5 * * * *",
  key: () => "all",
  timeoutMs: 60_000,
  retriesMax: 0,
  async run(ctx) {
    const wanted = { tasks: estimatedTasks, method: estimateMethod };
    for (const baseline of await listBaselinesToLearn(ctx.stores.postgres.db, wanted))
      await ctx.enqueue(learnEstimateJob, baseline);
    for (const model of await listModelsToEstimate(ctx.stores.postgres.db, estimateMethod))
      await ctx.enqueue(estimateHoursJob, model);
    return undefined;
  },
});
