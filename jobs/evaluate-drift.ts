import { z } from "zod";
import { evaluateDrift } from "#lib/services/drift/evaluate-drift.ts";
import { defineJob } from "./define-job.ts";

export const evaluateDriftJob = defineJob({
  name: "evaluate-drift",
  payload: z.object({ workspaceId: z.uuid(), modelId: z.uuid() }),
  cron: null,
  key: ({ modelId }) => modelId,
  timeoutMs: 5 * 60_000,
  retriesMax: 3,
  run({ stores, now, signal, progress }, { workspaceId, modelId }) {
    return evaluateDrift(stores, { workspaceId, modelId, now: now(), signal, progress });
  },
});
