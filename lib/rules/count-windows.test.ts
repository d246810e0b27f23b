import { describe, expect, test } from "vitest";
import type { CountedWindow } from "./count-windows.ts";
import { countWindow, NOT_FIRING } from "./count-windows.ts";

const letters: Record<string, CountedWindow> = {
  f: "fire",
  c: "clear",
  b: "between",
  u: "unknown",
};

/** "!" where it fires after the window, "." where not. */
function firing(windows: string, rule: Parameters<typeof countWindow>[2]): string {
  let state = NOT_FIRING;
  return [...windows]
    .map((letter) => {
      state = countWindow(state, letters[letter] ?? "unknown", rule);
      return state.isFiring ? "!" : ".";
    })
    .join("");
}

describe("2 of 3 to fire, 2 to clear", () => {
  const rule = { fireCount: 2, windowCount: 3, clearCount: 2 };
  test.each([
    ["one alone does not fire", "cfcc", "...."],
    ["two of three do, not in a row either", "fcf", "..!"],
    ["two of four do not", "fccf", "...."],
    ["two good ones in a row clear", "ffcc", ".!!."],
    ["one good one does not", "ffcf", ".!!!"],
    ["between neither fires nor clears", "fbbffbcbcc", "....!!!!!."],
    [
      "unknown windows are no answer: they do not fire, clear, nor forget",
      "fuufuucuc",
      "...!!!!!.",
    ],
    ["what fired before it cleared does not count again", "ffccf", ".!!.."],
  ])("%s", (_name, windows, expected) => {
    expect(firing(windows, rule)).toBe(expected);
  });
});

test("1 of 1 follows every window", () => {
  expect(firing("cfcbf", { fireCount: 1, windowCount: 1, clearCount: 1 })).toBe(".!..!");
});

test("nothing but unknown fires never, and keeps firing what fired", () => {
  const rule = { fireCount: 1, windowCount: 3, clearCount: 1 };
  expect(firing("uuuu", rule)).toBe("....");
  expect(firing("fuuu", rule)).toBe("!!!!");
});
