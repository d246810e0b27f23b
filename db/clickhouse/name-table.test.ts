import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NameTable } from "./name-table.ts";

/** As it stands in an answer: with other bytes before and behind it. */
function read(table: NameTable, name: string): string {
  const bytes = Buffer.from(`<${name}>`);
  return table.textOf(bytes, 1, bytes.length - 1);
}

describe("a name is what its bytes say", () => {
  test("whatever came before it", () => {
    const name = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("", "a", "ab", "é"));
    fc.assert(
      fc.property(fc.array(name), (names) => {
        const table = new NameTable();
        expect([...names, ...names].map((one) => read(table, one))).toEqual([...names, ...names]);
      }),
    );
  });

  test("of more names than are kept", () => {
    const table = new NameTable();
    const names = Array.from({ length: 150_000 }, (_, i) => `name ${i % 70_000}`);
    for (const name of names) if (read(table, name) !== name) expect(read(table, name)).toBe(name);
    expect(read(table, "name 1")).toBe("name 1");
  });

  test("of names of one hash", () => {
    // The hash takes 0 for any number of zeros: only their count tells them apart.
    const table = new NameTable();
    const zeros = Array.from({ length: 20 }, (_, i) => "\0".repeat(i));
    for (const _ of [1, 2]) expect(zeros.map((name) => read(table, name))).toEqual(zeros);
  });

  test("of long names, and of bytes that are no text", () => {
    const table = new NameTable();
    const long = "é".repeat(1_000);
    for (const _ of [1, 2]) {
      expect(read(table, long)).toBe(long);
      expect(table.textOf(Buffer.of(0xff, 0x61), 0, 2)).toBe("\ufffda");
    }
  });
});
