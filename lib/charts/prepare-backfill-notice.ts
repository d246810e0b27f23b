import type { JobStatus } from "#lib/api/job.ts";
import { backlogOf } from "./backlog-of.ts";
import { formatCount } from "./format-number.ts";
import type { Sentence } from "./sentence.ts";
import { figure, plural, sentence } from "./sentence.ts";

/** What to say over figures while stored rows are missing from them; null when none are. */
export function prepareBackfillNotice(status: JobStatus, nowMs: number): Sentence | null {
  const { count } = status.dirtyBuckets;
  if (backlogOf(status, nowMs) === "none") return null;
  // Profiles, performance and skew are recomputed side by side: of one alone the share would say nothing of the rest.
  let [done, total] = [0, 0];
  for (const { name, state, doneCount, totalCount } of status.runs)
    if (state === "running" && name.endsWith("-buckets") && totalCount !== null) {
      done += doneCount;
      total += totalCount;
    }
  const share = total === 0 ? "" : `, ${Math.floor((done / total) * 100)} % done`;
  return sentence`These figures are not complete: ${figure(formatCount(count))} ${plural(count, "bucket of stored rows waits", "buckets of stored rows wait")} to be profiled${share}.`;
}
