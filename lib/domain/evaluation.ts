import { z } from "zod";

/** What is evaluated window by window and kept. */
const evaluatedKinds = ["drift", "quality", "performance"] as const;
export const evaluatedKindSchema = z.enum(evaluatedKinds);
export type EvaluatedKind = z.infer<typeof evaluatedKindSchema>;

/** What a person can ask the worker to do for one model. */
export const jobKinds = ["drift", "quality", "performance", "joint"] as const;
export const jobKindSchema = z.enum(jobKinds);
export type JobKind = z.infer<typeof jobKindSchema>;

/** The name of the job that does it. */
export const jobNames: Record<JobKind, string> = {
  drift: "evaluate-drift",
  quality: "evaluate-quality",
  performance: "evaluate-performance",
  joint: "evaluate-joint-drift",
};

export const jobStates = ["queued", "running", "done", "failed", "skipped"] as const;
export const jobStateSchema = z.enum(jobStates);
export type JobState = z.infer<typeof jobStateSchema>;

const jobTriggers = ["schedule", "request"] as const;
export const jobTriggerSchema = z.enum(jobTriggers);
export type JobTrigger = z.infer<typeof jobTriggerSchema>;
