import { z } from "zod";
import { evaluateJointDrift } from "#lib/services/joint/evaluate-joint-drift.ts";
import { defineJob } from "./define-job.ts";

export const evaluateJointDriftJob = defineJob({
  name: "evaluate-joint-drift",
  payload: z.object({ workspaceId: z.uuid(), modelId: z.uuid() }),
  cron: null,
  key: ({ modelId }) => modelId,
  timeoutMs: 15 * 60_000,
  retriesMax: 2,
  run({ stores, now, signal, progress, isRequested }, { workspaceId, modelId }) {
    return evaluateJointDrift(stores, {
      workspaceId,
      modelId,
      now: now(),
      signal,
      progress,
      isRequested,
    });
  },
});
