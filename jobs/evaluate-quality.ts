import { z } from "zod";
import { evaluateQuality } from "#lib/services/quality/evaluate-quality.ts";
import { defineJob } from "./define-job.ts";

export const evaluateQualityJob = defineJob({
  name: "evaluate-quality",
  payload: z.object({ workspaceId: z.uuid(), modelId: z.uuid() }),
  cron: null,
  key: ({ modelId }) => modelId,
  timeoutMs: 5 * 60_000,
  retriesMax: 3,
  run({ stores, now, signal, progress }, { workspaceId, modelId }) {
    return evaluateQuality(stores, { workspaceId, modelId, now: now(), signal, progress });
  },
});
