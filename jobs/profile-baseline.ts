import { z } from "zod";
import { finishBaseline } from "#lib/services/baseline/finish-baseline.ts";
import { defineJob } from "./define-job.ts";
import { learnEstimateJob } from "./learn-estimate.ts";

export const profileBaselineJob = defineJob({
  name: "profile-baseline",
  payload: z.object({ workspaceId: z.uuid(), baselineId: z.uuid() }),
  cron: null,
  key: ({ baselineId }) => baselineId,
  timeoutMs: 15 * 60_000,
  retriesMax: 3,
  isLoggedInside: true,
  async run(ctx, { workspaceId, baselineId }) {
    await finishBaseline(ctx.stores, {
      workspaceId,
      baselineId,
      now: ctx.now,
      newId: ctx.newId,
      signal: ctx.signal,
      isLastTry: ctx.isLastTry,
    });
    await ctx.enqueue(learnEstimateJob, { workspaceId, baselineId });
    return undefined;
  },
});
