import { applyRetentionJob } from "./apply-retention.ts";
import { evaluateDriftJob } from "./evaluate-drift.ts";
import { evaluateJointDriftJob } from "./evaluate-joint-drift.ts";
import { evaluatePerformanceJob } from "./evaluate-performance.ts";
import { evaluateQualityJob } from "./evaluate-quality.ts";
import { profileBaselineJob } from "./profile-baseline.ts";
import { scheduleEvaluationsJob } from "./schedule-evaluations.ts";
import { scheduleJointDriftJob } from "./schedule-joint-drift.ts";

/** Every job of the worker. What is finer than a minute, the recompute of buckets, is a loop of its own: profile-loop.ts. */
export const jobs = [
  applyRetentionJob,
  evaluateDriftJob,
  evaluateQualityJob,
  evaluatePerformanceJob,
  evaluateJointDriftJob,
  profileBaselineJob,
  scheduleEvaluationsJob,
  scheduleJointDriftJob,
];

/** What a person may ask for, one model at a time. */
export const requestedJobs = [
  evaluateDriftJob,
  evaluateQualityJob,
  evaluatePerformanceJob,
  evaluateJointDriftJob,
];
