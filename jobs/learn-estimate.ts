import { z } from "zod";
import { learnEstimate } from "#lib/services/performance/learn-estimate.ts";
import { defineJob } from "./define-job.ts";

export const learnEstimateJob = defineJob({
  name: "learn-estimate",
  payload: z.object({ workspaceId: z.uuid(), baselineId: z.uuid() }),
  cron: null,
  key: ({ baselineId }) => baselineId,
  timeoutMs: 15 * 60_000,
  retriesMax: 2,
  async run(ctx, { workspaceId, baselineId }) {
    const { stores, signal } = ctx;
    await learnEstimate(stores, { workspaceId, baselineId, now: ctx.now(), signal });
    return undefined;
  },
});
