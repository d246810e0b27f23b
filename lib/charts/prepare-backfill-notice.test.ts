import { expect, test } from "vitest";
import type { JobStatus } from "#lib/api/job.ts";
import { prepareBackfillNotice } from "./prepare-backfill-notice.ts";
import { toPlainText } from "./sentence.ts";

const nowMs = Date.parse("2026-11-17T14:00:00Z");
const statusOf = (ageMs: number | null, runs: JobStatus["runs"] = []): JobStatus => ({
  dirtyBuckets: {
    count: ageMs === null ? 0 : 4_512,
    oldestMarkedAt: ageMs === null ? null : new Date(nowMs - ageMs).toISOString(),
  },
  runs,
});
const running: JobStatus["runs"][number] = {
  id: "00000000-0000-4000-8000-000000000001",
  name: "profile-buckets",
  state: "running",
  startedAt: "2026-11-17T13:58:00.000Z",
  finishedAt: null,
  doneCount: 41,
  totalCount: 100,
  rowsRead: 0,
  detail: "",
  model: null,
  isSilent: false,
  trigger: "schedule",
  attempt: 1,
  windows: null,
  error: null,
};

test("nothing is said while all is profiled, or waits no longer than was promised", () => {
  expect(prepareBackfillNotice(statusOf(null), nowMs)).toBeNull();
  expect(prepareBackfillNotice(statusOf(20_000), nowMs)).toBeNull();
});

test("figures that miss stored rows say so, and how far the work is", () => {
  const say = (runs: JobStatus["runs"]) =>
    toPlainText(prepareBackfillNotice(statusOf(120_000, runs), nowMs) ?? []);
  expect(say([])).toBe(
    "These figures are not complete: 4,512 buckets of stored rows wait to be profiled.",
  );
  expect(say([running])).toContain("wait to be profiled, 41 % done.");
  const beside = { ...running, name: "performance-buckets", doneCount: 9 };
  const evaluation = { ...running, name: "evaluate-drift", doneCount: 0, totalCount: 800 };
  expect(say([beside, running, evaluation])).toContain("wait to be profiled, 25 % done.");
});
