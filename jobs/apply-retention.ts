import { z } from "zod";
import { applyRetention } from "#lib/services/profile/apply-retention.ts";
import { defineJob } from "./define-job.ts";

export const applyRetentionJob = defineJob({
  name: "apply-retention",
  payload: z.object({}),
  cron: "17 * * * *",
  key: () => "all",
  timeoutMs: 20 * 60_000,
  retriesMax: 1,
  async run(ctx) {
    const { failures } = await applyRetention(ctx.stores, ctx.now(), ctx.signal);
    for (const { modelId, error } of failures)
      ctx.log.error({ modelId, err: error }, "retention failed for one model");
  },
});
