import type { JobStatus } from "#lib/api/job.ts";

// A row is promised to be in a profile within a minute. A few buckets of days wait longer, since they are rebuilt from
// their hours now and then; what still waits after ten minutes is no queue but a stop.
const lateMs = 60_000;
const stuckMs = 10 * lateMs;
const fewBuckets = 50;

export type Backlog = "none" | "late" | "stuck";

/** Whether stored rows are missing from the figures for longer than is usual. */
export function backlogOf({ dirtyBuckets }: JobStatus, nowMs: number): Backlog {
  const { count, oldestMarkedAt } = dirtyBuckets;
  if (count === 0 || oldestMarkedAt === null) return "none";
  const ageMs = nowMs - Date.parse(oldestMarkedAt);
  if (ageMs >= stuckMs) return "stuck";
  return ageMs >= lateMs && count >= fewBuckets ? "late" : "none";
}
