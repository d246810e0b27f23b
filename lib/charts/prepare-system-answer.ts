import type { JobStatus } from "#lib/api/job.ts";
import { backlogOf } from "./backlog-of.ts";
import { formatCount, formatDuration } from "./format-number.ts";
import { jobTitle } from "./name-job.ts";
import type { Answer } from "./sentence.ts";
import { figure, name, plural, sentence } from "./sentence.ts";

const healthOf = { none: "healthy", late: "watch", stuck: "breach" } as const;

/** Is the product itself well, and how far is it with its work? */
export function prepareSystemAnswer(status: JobStatus, nowMs: number): Answer {
  const failed = status.runs.filter(({ state }) => state === "failed");
  const running = status.runs.filter(({ state }) => state === "running");
  const { count, oldestMarkedAt } = status.dirtyBuckets;
  const ageMs = oldestMarkedAt === null ? 0 : nowMs - Date.parse(oldestMarkedAt);
  const latest = status.runs[0];
  const work =
    running.length === 0
      ? sentence`No job is running now`
      : sentence`${figure(String(running.length))} ${plural(running.length, "job is", "jobs are")} running now`;
  const failures =
    failed.length === 0
      ? sentence`, none of the last ${figure(String(status.runs.length))} runs failed.`
      : sentence`; ${figure(`${failed.length} of the last ${status.runs.length}`)} runs failed, the newest ${name(jobTitle(failed[0]?.name ?? ""))}.`;
  const detail =
    status.runs.length === 0 ? sentence`No job has run yet.` : sentence`${work}${failures}`;
  if (count === 0)
    return {
      health: latest?.state === "failed" ? "watch" : "healthy",
      headline: sentence`Every row that was stored is in its profile.`,
      detail,
    };
  return {
    health: healthOf[backlogOf(status, nowMs)],
    headline: sentence`${figure(`${formatCount(count)} ${plural(count, "bucket")}`)} ${plural(count, "waits", "wait")} to be profiled, the oldest for ${figure(formatDuration(Math.max(0, ageMs)))}.`,
    detail,
  };
}
