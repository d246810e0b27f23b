import { applyRetentionJob } from "./apply-retention.ts";
import { estimateHoursJob } from "./estimate-hours.ts";
import { evaluateDriftJob } from "./evaluate-drift.ts";
import { evaluateJointDriftJob } from "./evaluate-joint-drift.ts";
import { evaluatePerformanceJob } from "./evaluate-performance.ts";
import { evaluateQualityJob } from "./evaluate-quality.ts";
import { learnEstimateJob } from "./learn-estimate.ts";
import { learnSurrogatesJob } from "./learn-surrogates.ts";
import { profileBaselineJob } from "./profile-baseline.ts";
import { scheduleEstimatesJob } from "./schedule-estimates.ts";
import { scheduleEvaluationsJob } from "./schedule-evaluations.ts";
import { scheduleJointDriftJob } from "./schedule-joint-drift.ts";

/** Every job of the worker. What is finer than a minute, the recompute of buckets, is a loop of its own: profile-loop.ts. */
export const jobs = [
  applyRetentionJob,
  estimateHoursJob,
  evaluateDriftJob,
  evaluateQualityJob,
  evaluatePerformanceJob,
  evaluateJointDriftJob,
  learnSurrogatesJob,
  learnEstimateJob,
  profileBaselineJob,
  scheduleEstimatesJob,
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
