import type { NativeBytes, Reading } from "./native-blocks.ts";
import {
  readBlocks,
  readFloat64,
  readNames,
  readText,
  readUInt8,
  readUInt16,
  readUInt32,
} from "./native-blocks.ts";

/** The engine's own columns, read as they come: what is asked for in thousands of lists of numbers would take longer to print and
 *  to parse as text than to find. */

/** The types that are read, and what a value of each becomes. */
interface NativeValues {
  String: string;
  UInt8: number;
  UInt32: number;
  Int32: number;
  UInt64: number;
  Float64: number;
  "Array(UInt8)": Uint8Array;
  "Array(UInt16)": Uint16Array;
  "Array(UInt64)": Float64Array;
  "Array(Float64)": Float64Array;
  "Array(String)": string[];
}
export type NativeType = keyof NativeValues;
export type NativeColumns = Record<string, NativeType>;
/** Columns by name; of each, its value in a row. A block makes no object of its rows: of most columns there is nothing to keep. */
export interface NativeBlock<C extends NativeColumns> {
  rowCount: number;
  read: { [K in keyof C]: (row: number) => NativeValues[C[K]] };
}

/** The values of one column of a block, by row. The lists of a block are overwritten once the next one is asked for. */
type ReadColumn = (bytes: NativeBytes, rowCount: number) => Reading<(row: number) => unknown>;

export async function* readNative<C extends NativeColumns>(
  stream: AsyncIterable<Uint8Array>,
  columns: C,
): AsyncGenerator<NativeBlock<C>> {
  const readColumn = (bytes: NativeBytes, type: NativeType, rowCount: number) =>
    readers[type](bytes, rowCount);
  for await (const block of readBlocks(stream, columns, readColumn)) {
    // Safe: every column was read by the reader of its declared type.
    yield { rowCount: block.rowCount, read: block.columns as NativeBlock<C>["read"] };
  }
}

const readers: Record<NativeType, ReadColumn> = {
  String: readTexts,
  UInt8: function* (bytes, rowCount) {
    const list = yield* readUInt8(bytes, rowCount);
    return (row) => list[row];
  },
  UInt32: function* (bytes, rowCount) {
    const list = yield* readUInt32(bytes, rowCount);
    return (row) => list[row];
  },
  Int32: function* (bytes, rowCount) {
    const list = yield* readUInt32(bytes, rowCount);
    return (row) => (list[row] ?? 0) | 0;
  },
  UInt64: function* (bytes, rowCount) {
    const list = yield* readUInt64(bytes, rowCount);
    return (row) => list[row];
  },
  Float64: function* (bytes, rowCount) {
    const list = yield* readFloat64(bytes, rowCount);
    return (row) => list[row];
  },
  "Array(UInt8)": (bytes, rowCount) => readLists(bytes, rowCount, readUInt8),
  "Array(UInt16)": (bytes, rowCount) => readLists(bytes, rowCount, readUInt16),
  "Array(UInt64)": (bytes, rowCount) => readLists(bytes, rowCount, readUInt64),
  "Array(Float64)": (bytes, rowCount) => readLists(bytes, rowCount, readFloat64),
  "Array(String)": function* (bytes, rowCount) {
    const ends = yield* readUInt64(bytes, rowCount);
    const { names } = yield* readNames(bytes, ends[rowCount - 1] ?? 0);
    return (row) => names.slice(row === 0 ? 0 : ends[row - 1], ends[row]);
  },
};

function* readLists<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  bytes: NativeBytes,
  rowCount: number,
  read: (bytes: NativeBytes, count: number) => Reading<T>,
): Reading<(row: number) => unknown> {
  const ends = yield* readUInt64(bytes, rowCount);
  const all = yield* read(bytes, ends[rowCount - 1] ?? 0);
  return (row) => all.subarray(row === 0 ? 0 : ends[row - 1], ends[row]);
}

function* readTexts(bytes: NativeBytes, count: number): Reading<(row: number) => string> {
  const texts: string[] = [];
  for (let i = 0; i < count; i += 1) texts.push(bytes.cutText() ?? (yield* readText(bytes)));
  return (row) => texts[row] ?? "";
}

const wordsMax = 2 ** 21;

function* readUInt64(bytes: NativeBytes, count: number): Reading<Float64Array> {
  const words = yield* readUInt32(bytes, 2 * count);
  const list = bytes.room(Float64Array, count);
  for (let i = 0; i < count; i += 1) {
    const high = words[2 * i + 1] ?? 0;
    if (high >= wordsMax) throw new RangeError("The answer has a number beyond 2^53.");
    list[i] = high * 2 ** 32 + (words[2 * i] ?? 0);
  }
  return list;
}
