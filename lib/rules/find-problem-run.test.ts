import { expect, test } from "vitest";
import { findProblemRun } from "./find-problem-run.ts";

const outcomes = { p: "problem", o: "ok", n: "negligible", "?": "cannot_say" } as const;
const bucketsOf = (text: string) =>
  [...text].map((letter, i) => ({
    fromMs: i * 10,
    untilMs: (i + 1) * 10,
    outcome: outcomes[letter as keyof typeof outcomes],
  }));

test.each([
  ["no bucket: none", "", null],
  ["all well: none", "ooo", null],
  ["nothing can be said: none", "???", null],
  ["bad until now: since its first bucket", "oopp", { fromMs: 20, untilMs: null, badCount: 2 }],
  ["bad all along: since the window began", "ppp", { fromMs: 0, untilMs: null, badCount: 3 }],
  ["what cannot say does not end it", "op??", { fromMs: 10, untilMs: null, badCount: 1 }],
  ["what cannot say does not break it", "op?p", { fromMs: 10, untilMs: null, badCount: 2 }],
  ["over: from its first bucket to its last", "oppoo", { fromMs: 10, untilMs: 30, badCount: 2 }],
  ["negligible ends it as well", "ppn", { fromMs: 0, untilMs: 20, badCount: 2 }],
  ["of two the newest", "popop", { fromMs: 40, untilMs: null, badCount: 1 }],
])("%s", (_name, text, run) => {
  expect(findProblemRun(bucketsOf(text))).toEqual(run);
});
