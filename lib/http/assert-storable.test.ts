import { expect, test } from "vitest";
import { AppError } from "#lib/domain/errors.ts";
import { assertStorable } from "./assert-storable.ts";

test.each<[string, unknown, string]>([
  ["a NUL", { text: "a\u0000b" }, "text"],
  ["half of a pair", { text: "\ud800" }, "text"],
  ["one deep inside", { factors: [{ text: "fine" }, { text: "\udc00" }] }, "factors.1.text"],
  ["one in a name", { settings: { "a\u0000": 1 } }, "settings"],
])("%s is refused, with its place", (_name, input, path) => {
  expect(() => assertStorable(input)).toThrow(AppError);
  try {
    assertStorable(input);
  } catch (error) {
    expect(error).toMatchObject({ code: "invalid_request", details: [{ path }] });
  }
});

test("whole pairs, other controls, numbers and nothing pass", () => {
  assertStorable({ text: "😀\u0001\n", list: [1, null, true], none: undefined });
});

test("any depth is walked without a stack of its own", () => {
  let deep: unknown = "end";
  for (let i = 0; i < 100_000; i += 1) deep = [deep];
  expect(() => assertStorable(deep)).not.toThrow();
});
