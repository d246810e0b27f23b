import { expect, test } from "vitest";
import type { BlameRule } from "./blame-lint.ts";
import { lintBlame } from "./blame-lint.ts";

const names = ["Ada Lovelace", "Grace", "Will Ng", "o"];

test.each<[text: string, found: [BlameRule, string][]]>([
  ["The feed sent kilometres instead of metres.", []],
  ["", []],
  ["The job should have checked the unit.", [["hindsight", "should have checked"]]],
  ["It should’ve paged.", [["hindsight", "should’ve paged"]]],
  ["They failed to notice the gap.", [["hindsight", "failed to notice"]]],
  ["This was human error.", [["single_cause", "human error"]]],
  ["HUMAN ERROR", [["single_cause", "HUMAN ERROR"]]],
  ["The root cause was a missing test.", [["single_cause", "The root cause"]]],
  [
    "A careless deploy, carelessly reviewed",
    [
      ["judgement", "careless"],
      ["judgement", "carelessly"],
    ],
  ],
  ["It was the vendor's fault.", [["judgement", "vendor's fault"]]],
  ["Why didn't anybody look?", [["why_question", "Why didn't anybody"]]],
  ["Who deployed it?", [["why_question", "Who deployed"]]],
  ["Ask why the queue grew.", []],
  ["It could have been worse, and they could have noticed.", [["hindsight", "could have noticed"]]],
  ["A catastrophic outage", [["animated", "catastrophic"]]],
  [
    "Ada Lovelace pushed the change, and Grace approved.",
    [
      ["name", "Ada Lovelace"],
      ["name", "Grace"],
    ],
  ],
  ["@Ada was asked", [["name", "@Ada"]]],
  // Words that only look like a name or a phrase.
  ["A graceful shutdown; the adapter; it will page. Willing readers", []],
  ["faultless, blameless, default", []],
  ["the responder had no page", []],
])("%s", (text, found) => {
  const warnings = lintBlame(text, { names });
  expect(warnings.map(({ rule, found: part }) => [rule, part])).toEqual(found);
  for (const { from, until, found: part, suggestion } of warnings) {
    expect(text.slice(from, until)).toBe(part);
    expect(suggestion).not.toBe("");
  }
});

test("names are looked for only where they are given", () => {
  expect(lintBlame("Ada Lovelace can answer questions.")).toEqual([]);
});

test("a name with signs of a pattern in it is taken as it is", () => {
  expect(lintBlame("Ask C.J. (Bob", { names: ["C.J. (Bob"] }).map(({ found }) => found)).toEqual([
    "C.J. (Bob",
  ]);
});
