import { z } from "zod";
import { evaluatePerformance } from "#lib/services/performance/evaluate-performance.ts";
import { defineJob } from "./define-job.ts";

export const evaluatePerformanceJob = defineJob({
  name: "evaluate-performance",
  payload: z.object({ workspaceId: z.uuid(), modelId: z.uuid() }),
  cron: null,
  key: ({ modelId }) => modelId,
  timeoutMs: 5 * 60_000,
  retriesMax: 3,
  run({ stores, now, signal, progress }, { workspaceId, modelId }) {
    return evaluatePerformance(stores, { workspaceId, modelId, now: now(), signal, progress });
  },
});
