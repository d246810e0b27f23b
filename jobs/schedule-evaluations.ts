import { z } from "zod";
import { listModelsSeenSince } from "#db/postgres/queries/active-models.ts";
import { listModelsWithDueWindows } from "#db/postgres/queries/evaluated-window.ts";
import { defineJob } from "./define-job.ts";
import { evaluateDriftJob } from "./evaluate-drift.ts";
import { evaluatePerformanceJob } from "./evaluate-performance.ts";
import { evaluateQualityJob } from "./evaluate-quality.ts";
import { learnSurrogatesJob } from "./learn-surrogates.ts";

const seenWithinMs = 26 * 3_600_000;

/** The cadence of the evaluations of drift and of quality, freshness and volume, and of learning what explains a change: every
 *  model with traffic on its own, so that none waits for another; and every model of which late rows or labels have changed what
 *  was evaluated. */
export const scheduleEvaluationsJob = defineJob({
  name: "schedule-evaluations",
  payload: z.object({}),
  cron: "*/5 * * * *",
  key: () => "all",
  timeoutMs: 60_000,
  retriesMax: 0,
  async run({ stores, now, enqueue }) {
    const pg = stores.postgres.db;
    const seen = await listModelsSeenSince(pg, new Date(now().getTime() - seenWithinMs));
    for (const model of [...seen, ...(await listModelsWithDueWindows(pg, "drift", now()))])
      await enqueue(evaluateDriftJob, model);
    for (const model of [...seen, ...(await listModelsWithDueWindows(pg, "quality", now()))])
      await enqueue(evaluateQualityJob, model);
    for (const model of await listModelsWithDueWindows(pg, "performance", now()))
      await enqueue(evaluatePerformanceJob, model);
    for (const model of seen) await enqueue(learnSurrogatesJob, model);
    return { state: "done", detail: `${seen.length} models had rows in the last 26 hours.` };
  },
});
