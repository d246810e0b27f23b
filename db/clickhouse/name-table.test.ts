import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashBytes, NameTable } from "./name-table.ts";

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
    // From a seed of 0 the hash takes 0 for any number of zeros: only their count tells them apart.
    const table = new NameTable(0);
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

describe("names that collide under one seed", () => {
  const slotCount = 1_024;
  const nameCount = 256;
  const slotOf = (name: string, seed: number) => {
    const bytes = Buffer.from(name);
    return hashBytes(bytes, 0, bytes.length, seed) & (slotCount - 1);
  };
  const colliding: string[] = [];
  for (let i = 0; colliding.length < nameCount; i += 1)
    if (slotOf(`feature_${i}`, 1) === 0) colliding.push(`feature_${i}`);

  test("are told apart under it", () => {
    const table = new NameTable(1);
    for (const _ of [1, 2]) expect(colliding.map((name) => read(table, name))).toEqual(colliding);
  });

  // Thrown at random, 256 names take 226 of 1,024 slots, give or take 5. The lowest byte of 257 is that of 1.
  test.each([2, 257, 2 ** 31, 2 ** 32 - 1])("are spread under seed %i", (seed) => {
    const taken = new Set(colliding.map((name) => slotOf(name, seed)));
    expect(taken.size).toBeGreaterThan(200);
  });
});
