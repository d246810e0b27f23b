import { describe, expect, test } from "vitest";
import { readColumns } from "./read-columns.ts";

const bytesOf = (list: ArrayBufferView) =>
  Buffer.from(list.buffer, list.byteOffset, list.byteLength);
const uint64 = (...values: number[]) => bytesOf(BigUint64Array.from(values, BigInt));
const text = (value: string) => {
  const size = Buffer.byteLength(value);
  const head = size < 128 ? [size] : [(size & 127) | 128, size >> 7];
  return Buffer.concat([Buffer.from(head), Buffer.from(value)]);
};

/** A dictionary of the block's own, with places of one byte. */
const names = (list: readonly string[], places: readonly number[]) =>
  Buffer.concat([
    uint64(2 ** 9),
    uint64(list.length),
    ...list.map(text),
    uint64(places.length),
    Buffer.from(places),
  ]);

const mapType = "Map(LowCardinality(String), Float64)";
const columns = {
  group: "UInt32",
  label: "LowCardinality(String)",
  numbers: mapType,
  at: "Int64",
} as const;

const block = (from: number) =>
  Buffer.concat([
    Buffer.of(4, 3),
    text("group"),
    text("UInt32"),
    bytesOf(Uint32Array.of(from, 1, 2)),
    text("label"),
    text("LowCardinality(String)"),
    uint64(1),
    names(["", "émoi"], [1, 0, 1]),
    text("numbers"),
    text(mapType),
    uint64(1),
    uint64(2, 2, 3),
    names(["x", "y"], [0, 1, 0]),
    bytesOf(Float64Array.of(from + 0.5, -1, Number.NaN)),
    text("at"),
    text("Int64"),
    bytesOf(BigInt64Array.of(-1n, 0n, 2n ** 52n)),
  ]);

async function* chunksOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(bytes: Buffer, size: number) {
  const found = [];
  for await (const read of readColumns(chunksOf(bytes, size), columns)) {
    const { keys, values, ends } = read.numbers;
    found.push({
      rowCount: read.rowCount,
      group: [...read.group],
      label: [...read.label.places].map((place) => read.label.names[place]),
      names: [...keys.places].map((place) => keys.names[place]),
      ends: [...ends],
      values: [...values],
      at: [...read.at],
    });
  }
  return found;
}

const expected = (from: number) => ({
  rowCount: 3,
  group: [from, 1, 2],
  label: ["émoi", "", "émoi"],
  names: ["x", "y", "x"],
  ends: [2, 2, 3],
  values: [from + 0.5, -1, Number.NaN],
  at: [-1, 0, 2 ** 52],
});

describe("columns are read", () => {
  test.each([1, 2, 3, 7, 64, 4_096])("from chunks of %i bytes", async (size) => {
    const bytes = Buffer.concat([block(7), block(8), block(9)]);
    expect(await readAll(bytes, size)).toEqual([7, 8, 9].map(expected));
  });

  test("of nothing", async () => {
    expect(await readAll(Buffer.alloc(0), 10)).toEqual([]);
  });
});

describe("refused is", () => {
  test("an answer that ends in the middle of a block", async () => {
    const bytes = block(1);
    for (const size of [1, 20, bytes.length - 1])
      await expect(readAll(bytes.subarray(0, size), 10)).rejects.toThrow("ends in the middle");
  });

  test("an error where a block should be, in the engine's own words", async () => {
    const fault = Buffer.from(
      "\r\n__exception__\r\nCode: 241. DB::Exception: Memory limit exceeded\n",
    );
    await expect(readAll(Buffer.concat([block(1), fault]), 4_096)).rejects.toThrow(
      "Code: 241. DB::Exception: Memory limit exceeded",
    );
  });

  test("a column of another name or type", async () => {
    const bytes = Buffer.from(block(1).toString("latin1").replace("UInt32", "UInt64"), "latin1");
    await expect(readAll(bytes, 4_096)).rejects.toThrow("group UInt64 in place of group UInt32");
  });

  test("a dictionary that is elsewhere", async () => {
    const bytes = block(1);
    const at = bytes.indexOf("LowCardinality(String)") + "LowCardinality(String)".length;
    bytes[at] = 2;
    await expect(readAll(bytes, 4_096)).rejects.toThrow("a dictionary of version 2");
  });
});

describe("names are found again", () => {
  const ofLabels = (labels: readonly string[]) =>
    Buffer.concat([
      Buffer.of(1, labels.length),
      text("label"),
      text("LowCardinality(String)"),
      uint64(1),
      names(
        labels,
        labels.map((_, i) => i),
      ),
    ]);
  const listedOf = async (blocks: readonly string[][]) => {
    const bytes = Buffer.concat(blocks.map(ofLabels));
    const found: (readonly string[] | null)[] = [];
    const lists = new Set<readonly string[]>();
    const columns = { label: "LowCardinality(String)" } as const;
    for await (const { label } of readColumns(chunksOf(bytes, 100), columns)) {
      const { listed } = label;
      if (listed !== null) lists.add(listed.list);
      found.push(listed && [...listed.places].map((place) => listed.list[place] ?? ""));
    }
    return { found, listCount: lists.size };
  };

  test("in one list for all blocks", async () => {
    const blocks = [
      ["a", "b"],
      ["b", "é", "a"],
    ];
    expect(await listedOf(blocks)).toEqual({ found: blocks, listCount: 1 });
  });

  test("but not in a block that has a name too long to be kept", async () => {
    const blocks = [["a"], ["a", "é".repeat(120) + "x".repeat(20)], ["a", "b"]];
    expect((await listedOf(blocks)).found).toEqual([["a"], null, ["a", "b"]]);
  });
});
