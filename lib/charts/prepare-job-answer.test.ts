import { describe, expect, test } from "vitest";
import type { JobRun } from "#lib/api/job.ts";
import type { NewestRuns } from "./prepare-job-answer.ts";
import { describeRun, prepareJobAnswer, sayNewestRun } from "./prepare-job-answer.ts";
import { toPlainText } from "./sentence.ts";

const nowMs = Date.parse("2026-11-20T12:10:00Z");
const done: JobRun = {
  id: "00000000-0000-4000-8000-000000000001",
  name: "evaluate-drift",
  model: "eta",
  state: "done",
  isSilent: false,
  trigger: "schedule",
  attempt: 1,
  startedAt: "2026-11-20T12:06:00.000Z",
  finishedAt: "2026-11-20T12:06:04.000Z",
  doneCount: 2,
  totalCount: 2,
  rowsRead: 720,
  windows: { count: 2, from: "2026-11-19T12:00:00.000Z", until: "2026-11-20T13:00:00.000Z" },
  detail: "",
  error: null,
};
const running: JobRun = {
  ...done,
  state: "running",
  finishedAt: null,
  doneCount: 1,
  totalCount: 4,
};
const failed: JobRun = { ...done, state: "failed", error: "memory is full" };
const none: NewestRuns = { drift: null, quality: null, performance: null, joint: null };
/** Figures and their units are held together by narrow spaces. */
const plain = (text: string) => text.replaceAll("\u202f", " ");
const say = (newest: NewestRuns) => {
  const { health, headline, detail } = prepareJobAnswer("eta", newest, nowMs);
  return [health, plain(toPlainText(headline)), plain(toPlainText(detail))];
};

describe("the jobs of a model", () => {
  test("that never ran are unknown, not well", () => {
    expect(say(none)[0]).toBe("unknown");
  });

  test("that went through say when the newest ended", () => {
    expect(say({ ...none, drift: done }).slice(0, 2)).toEqual([
      "healthy",
      "Every evaluation of eta went through; the newest ended 4 min ago.",
    ]);
  });

  test("that are under way are counted", () => {
    expect(say({ ...none, drift: running, quality: done })[1]).toBe(
      "1 evaluation of eta is under way, none of the newest failed.",
    );
  });

  test("that failed name the kind and the cause before all else", () => {
    expect(say({ ...none, drift: done, quality: failed, joint: running })).toEqual([
      "watch",
      "The newest run of Quality, freshness and volume failed; the figures of before stand.",
      "memory is full.",
    ]);
  });

  test("the first run that is still under way has no time of its end", () => {
    expect(say({ ...none, drift: running })[1]).toBe(
      "1 evaluation of eta is under way, none of the newest failed.",
    );
  });
});

test.each<[string, JobRun | null]>([
  ["has not run yet", null],
  ["done 4 min ago in 4 s", done],
  ["running, 1 of 4", running],
  ["waits for the worker", { ...running, state: "queued" }],
  ["running", { ...running, totalCount: null }],
])("beside its button a run %s", (expected, run) => {
  expect(plain(sayNewestRun(run, nowMs))).toBe(expected);
});

test.each<[string, JobRun]>([
  ["2 windows evaluated.", done],
  ["1 of 4 done.", running],
  [
    "Its worker has not been heard of for a minute; another one goes on.",
    { ...running, isSilent: true },
  ],
  ["memory is full", failed],
  ["No rows.", { ...done, state: "skipped", windows: null, detail: "No rows." }],
])("in the log a run says: %s", (expected, run) => {
  expect(toPlainText(describeRun(run))).toBe(expected);
});
