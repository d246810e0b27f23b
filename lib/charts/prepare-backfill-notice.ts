import type { JobStatus } from "#lib/api/job.ts";
import { backlogOf } from "./backlog-of.ts";
import { formatCount } from "./format-number.ts";
import type { Sentence } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

/** What to say over figures while stored rows are missing from them; null when none are. */
export function prepareBackfillNotice(status: JobStatus, nowMs: number): Sentence | null {
  const { count } = status.dirtyBuckets;
  if (backlogOf(status, nowMs) === "none") return null;
  const running = status.runs.find(
    ({ state, totalCount }) => state === "running" && totalCount !== null,
  );
  const share =
    running?.totalCount === null || running === undefined || running.totalCount === 0
      ? ""
      : `, ${Math.floor((running.doneCount / running.totalCount) * 100)} % done`;
  return sentence`These figures are not complete: ${figure(formatCount(count))} ${plural(count, "bucket of stored rows waits", "buckets of stored rows wait")} to be profiled${share}.`;
}
