import { describe, expect, test } from "vitest";
import type { NativeBlock, NativeColumns } from "./read-native.ts";
import { readNative } from "./read-native.ts";

const columns = {
  name: "String",
  small: "UInt8",
  signed: "Int32",
  large: "UInt64",
  edges: "Array(Float64)",
  shorts: "Array(UInt16)",
  bytes: "Array(UInt8)",
  names: "Array(String)",
} as const satisfies NativeColumns;

const text = (value: string) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(bytes.length), bytes]);
};

function varint(value: number): Buffer {
  return value < 128
    ? Buffer.from([value])
    : Buffer.concat([Buffer.from([(value % 128) + 128]), varint(Math.floor(value / 128))]);
}

const words = (...values: bigint[]) => Buffer.from(BigUint64Array.from(values).buffer);
const floats = (...values: number[]) => Buffer.from(Float64Array.from(values).buffer);
const shorts = (...values: number[]) => Buffer.from(Uint16Array.from(values).buffer);

/** Two rows, written by hand as the format is documented. */
const block = Buffer.concat([
  varint(8),
  varint(2),
  text("name"),
  text("String"),
  text("ä"),
  text("x".repeat(300)),
  text("small"),
  text("UInt8"),
  Buffer.from([7, 255]),
  text("signed"),
  text("Int32"),
  Buffer.from(Int32Array.of(-2, 2_147_483_647).buffer),
  text("large"),
  text("UInt64"),
  words(0n, 9_007_199_254_740_991n),
  text("edges"),
  text("Array(Float64)"),
  words(3n, 3n),
  floats(-1.5, 0, 1e300),
  text("shorts"),
  text("Array(UInt16)"),
  words(0n, 1n),
  shorts(65_535),
  text("bytes"),
  text("Array(UInt8)"),
  words(1n, 3n),
  Buffer.from([255, 0, 1]),
  text("names"),
  text("Array(String)"),
  words(1n, 3n),
  text("a"),
  text(""),
  text("日本"),
]);

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function rowsOf({ rowCount, read }: NativeBlock<typeof columns>) {
  return Array.from({ length: rowCount }, (_, row) => ({
    name: read.name(row),
    small: read.small(row),
    signed: read.signed(row),
    large: read.large(row),
    edges: [...read.edges(row)],
    shorts: [...read.shorts(row)],
    bytes: [...read.bytes(row)],
    names: read.names(row),
  }));
}

async function readAll(bytes: Buffer, size: number) {
  const rows: ReturnType<typeof rowsOf>[] = [];
  for await (const read of readNative(cut(bytes, size), columns)) rows.push(rowsOf(read));
  return rows;
}

const expected = [
  {
    name: "ä",
    small: 7,
    signed: -2,
    large: 0,
    edges: [-1.5, 0, 1e300],
    shorts: [],
    bytes: [255],
    names: ["a"],
  },
  {
    name: "x".repeat(300),
    small: 255,
    signed: 2_147_483_647,
    large: 9_007_199_254_740_991,
    edges: [],
    shorts: [65_535],
    bytes: [0, 1],
    names: ["", "日本"],
  },
];

describe("an answer in the engine's own columns", () => {
  test.each([1, 2, 7, 64, 100_000])("is the same in pieces of %i bytes", async (size) => {
    expect(await readAll(Buffer.concat([block, block]), size)).toEqual([expected, expected]);
  });

  test("of no bytes has no rows", async () => {
    expect(await readAll(Buffer.alloc(0), 1)).toEqual([]);
  });

  test("that ends in the middle of a block is an error, wherever it ends", async () => {
    for (let size = 1; size < block.length; size += 1)
      await expect(readAll(block.subarray(0, size), 50)).rejects.toThrow("middle of a block");
  });

  test("with an error behind a block says which", async () => {
    const failed = "\r\n__exception__\r\ntag\r\nCode: 241. DB::Exception: planted\n20 tag\r\n";
    const answer = Buffer.concat([block, Buffer.from(failed)]);
    await expect(readAll(answer, 100_000)).rejects.toThrow("Code: 241. DB::Exception: planted");
    await expect(readAll(answer, 1)).rejects.toThrow();
  });

  test("with other columns than were asked for is an error", async () => {
    const other = Buffer.from(block);
    other.write("Text", other.indexOf("String"));
    await expect(readAll(other, 1_000)).rejects.toThrow("in place of name String");
  });

  test("with a number that a double can't hold is an error", async () => {
    const at = block.indexOf(words(9_007_199_254_740_991n));
    const beyond = Buffer.from(block);
    beyond.writeBigUInt64LE(9_007_199_254_740_992n, at);
    await expect(readAll(beyond, 1_000)).rejects.toThrow("2^53");
  });
});
