import { expect, test } from "vitest";
import { toCsv } from "./chart-table.ts";
import { findDriftSince } from "./find-drift-since.ts";
import { figure, listNames, name, plural, sentence, toPlainText } from "./sentence.ts";

test("a sentence marks its names and figures and reads as plain text", () => {
  const parts = sentence`${name("eta")} has ${figure("2")} ${plural(2, "row")}${""}.`;
  expect(toPlainText(parts)).toBe("eta has 2 rows.");
  expect(parts.map(({ kind }) => kind)).toEqual(["name", "text", "figure", "text", "text", "text"]);
});

test.each([
  [["a"], "a"],
  [["a", "b"], "a and b"],
  [["a", "b", "c"], "a, b and 1 more"],
  [["a", "b", "c", "d", "e"], "a, b and 3 more"],
])("%j is listed as %s", (names, text) => expect(toPlainText(listNames(names))).toBe(text));

test("a CSV quotes what needs it and disarms what a spreadsheet would run", () =>
  expect(
    toCsv({
      columns: ["a", "b"],
      rows: [
        ["x,y", null],
        ['say "hi"', 1.5],
        ["=1+1", -2],
      ],
    }),
  ).toBe('a,b\r\n"x,y",\r\n"say ""hi""",1.5\r\n\'=1+1,-2\r\n'));

test.each([
  [
    "the run that lasts until now",
    ["no_drift", "drift", "drift"],
    { fromMs: 1, isWholeWindow: false },
  ],
  [
    "over buckets that cannot say",
    ["no_drift", "drift", "cannot_say", "drift", "cannot_say"],
    { fromMs: 1, isWholeWindow: false },
  ],
  ["the whole window", ["cannot_say", "drift", "drift"], { fromMs: 1, isWholeWindow: true }],
  ["none when the newest does not drift", ["drift", "no_drift"], null],
  ["none when nothing can be said", ["cannot_say"], null],
] as const)("drift since: %s", (_name, verdicts, expected) =>
  expect(findDriftSince(verdicts.map((verdict, fromMs) => ({ fromMs, verdict })))).toEqual(
    expected,
  ),
);
