import { z } from "zod";
import { estimateHours } from "#lib/services/performance/estimate-hours.ts";
import { defineJob } from "./define-job.ts";

export const estimateHoursJob = defineJob({
  name: "estimate-hours",
  payload: z.object({ workspaceId: z.uuid(), modelId: z.uuid() }),
  cron: null,
  key: ({ modelId }) => modelId,
  timeoutMs: 10 * 60_000,
  retriesMax: 1,
  async run(ctx, { workspaceId, modelId }) {
    const { stores, signal } = ctx;
    await estimateHours(stores, { workspaceId, modelId, now: ctx.now(), signal });
    return undefined;
  },
});
