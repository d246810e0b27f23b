import { z } from "zod";
import { listModelsSeenSince } from "#db/postgres/queries/active-models.ts";
import { defineJob } from "./define-job.ts";
import { evaluateDriftJob } from "./evaluate-drift.ts";
import { evaluateQualityJob } from "./evaluate-quality.ts";
import { learnSurrogatesJob } from "./learn-surrogates.ts";

const seenWithinMs = 26 * 3_600_000;

/** The cadence of the evaluations of drift and of quality, freshness and volume, and of learning what explains a change: every
 *  model with traffic on its own, so that none waits for another. */
export const scheduleEvaluationsJob = defineJob({
  name: "schedule-evaluations",
  payload: z.object({}),
  cron: "*/5 * * * *",
  key: () => "all",
  timeoutMs: 60_000,
  retriesMax: 0,
  async run(ctx) {
    const since = new Date(ctx.now().getTime() - seenWithinMs);
    for (const model of await listModelsSeenSince(ctx.stores.postgres.db, since)) {
      await ctx.enqueue(evaluateDriftJob, model);
      await ctx.enqueue(evaluateQualityJob, model);
      await ctx.enqueue(learnSurrogatesJob, model);
    }
  },
});
