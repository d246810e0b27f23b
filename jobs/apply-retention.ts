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
    const { failures, deletedMonths, droppedPartitions } = await applyRetention(
      ctx.stores,
      ctx.now(),
      ctx.signal,
    );
    for (const { modelId, error } of failures)
      ctx.log.error({ modelId, err: error }, "retention failed for one model");
    const deleted = deletedMonths + droppedPartitions.length;
    const failed = failures.length === 0 ? "" : `; ${failures.length} models failed`;
    return deleted === 0 && failures.length === 0
      ? { state: "skipped", detail: "Nothing has expired." }
      : { state: "done", detail: `${deleted} partitions were emptied${failed}.` };
  },
});
