import type { JobKind, JobState } from "#lib/domain/evaluation.ts";

export const jobKindNames: Record<JobKind, string> = {
  drift: "Drift",
  quality: "Quality, freshness and volume",
  performance: "Performance",
  joint: "All features together",
};

const jobTitles: Record<string, string> = {
  "evaluate-drift": jobKindNames.drift,
  "evaluate-quality": jobKindNames.quality,
  "evaluate-performance": jobKindNames.performance,
  "evaluate-joint-drift": jobKindNames.joint,
  "profile-baseline": "Profile of a baseline",
  "profile-buckets": "Recompute of profiles",
  "performance-buckets": "Recompute of performance",
  "skew-buckets": "Recompute of skew",
  "learn-estimate": "Learning to estimate",
  "estimate-hours": "Estimates by the hour",
  "learn-surrogates": "Learning what explains changes",
  "schedule-evaluations": "Schedule of evaluations",
  "schedule-estimates": "Schedule of estimates",
  "schedule-joint-drift": "Schedule of all features together",
  "apply-retention": "Retention",
};

export const jobTitle = (name: string): string => jobTitles[name] ?? name;

export const jobStateNames: Record<JobState, string> = {
  queued: "waiting",
  running: "running",
  done: "done",
  failed: "failed",
  skipped: "skipped",
};
