import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines } from "./diff-lines.ts";

const say = (older: string, newer: string) =>
  diffLines(older, newer).map(
    ({ kind, text }) => `${{ same: " ", added: "+", removed: "-" }[kind]}${text}`,
  );

test("what stayed, came and went is told line by line", () => {
  expect(say("a\nb\nc", "a\nx\nc")).toEqual([" a", "-b", "+x", " c"]);
  expect(say("a", "a\nb")).toEqual([" a", "+b"]);
  expect(say("a\nb", "b")).toEqual(["-a", " b"]);
  expect(say("a\nb\nc\nd", "b\nx\nd")).toEqual(["-a", " b", "-c", "+x", " d"]);
  expect(say("same", "same")).toEqual([" same"]);
  expect(say("", "")).toEqual([" "]);
});

test("both texts can be read back from a difference, whatever they are", () => {
  const lines = fc.array(fc.constantFrom("a", "b", "c", ""), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(lines, lines, (older, newer) => {
      const diff = diffLines(older.join("\n"), newer.join("\n"));
      expect(diff.filter(({ kind }) => kind !== "added").map(({ text }) => text)).toEqual(older);
      expect(diff.filter(({ kind }) => kind !== "removed").map(({ text }) => text)).toEqual(newer);
    }),
  );
});

test("texts too long to compare are shown as replaced, and still whole", () => {
  const long = (word: string) => Array.from({ length: 3_000 }, (_, i) => `${word}${i}`).join("\n");
  const diff = diffLines(long("a"), long("b"));
  expect(diff.filter(({ kind }) => kind === "removed")).toHaveLength(3_000);
  expect(diff.filter(({ kind }) => kind === "added")).toHaveLength(3_000);
});
