import { z } from "zod";
import { learnSurrogates } from "#lib/services/root-cause/learn-surrogates.ts";
import { defineJob } from "./define-job.ts";

export const learnSurrogatesJob = defineJob({
  name: "learn-surrogates",
  payload: z.object({ workspaceId: z.uuid(), modelId: z.uuid() }),
  cron: null,
  key: ({ modelId }) => modelId,
  timeoutMs: 15 * 60_000,
  retriesMax: 1,
  async run(ctx, { workspaceId, modelId }) {
    const { stores, signal } = ctx;
    await learnSurrogates(stores, { workspaceId, modelId, now: ctx.now(), signal });
    return undefined;
  },
});
