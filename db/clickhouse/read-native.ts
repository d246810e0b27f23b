/** The engine's own columns, read as they come: what is asked for in thousands of lists of numbers would take longer to print and
 *  to parse as text than to find. A block is the number of its columns and rows, and then each column's name, type and values. */

/** The types that are read, and what a value of each becomes. */
interface NativeValues {
  String: string;
  UInt8: number;
  UInt32: number;
  UInt64: number;
  Float64: number;
  "Array(UInt8)": Uint8Array;
  "Array(UInt16)": Uint16Array;
  "Array(UInt32)": Uint32Array;
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

/** Waits for more bytes. */
type Reading<T> = Generator<undefined, T, undefined>;
/** The values of one column of a block, by row. */
type ReadColumn = (bytes: Bytes, rowCount: number) => Reading<(row: number) => unknown>;

/** Throws on what is not a whole answer of just these columns: an error in the middle of an answer is text where a block should be. */
export async function* readNative<C extends NativeColumns>(
  stream: AsyncIterable<Uint8Array>,
  columns: C,
): AsyncGenerator<NativeBlock<C>> {
  const bytes = new Bytes();
  let block = readBlock(bytes, columns);
  for await (const chunk of stream) {
    bytes.push(chunk);
    for (let read = block.next(); read.done === true; read = block.next()) {
      yield read.value;
      block = readBlock(bytes, columns);
    }
  }
  if (bytes.isPartRead) throw new Error("The answer ends in the middle of a block.");
}

function* readBlock<C extends NativeColumns>(bytes: Bytes, columns: C): Reading<NativeBlock<C>> {
  const declared = Object.entries(columns);
  while (bytes.left === 0) yield;
  bytes.isPartRead = true;
  const columnCount = yield* readVarint(bytes);
  const rowCount = yield* readVarint(bytes);
  if (columnCount !== declared.length) throw unexpected(bytes, `${columnCount} columns`);
  const read: Record<string, (row: number) => unknown> = {};
  for (const [name, type] of declared) {
    const nameRead = yield* readText(bytes);
    const typeRead = yield* readText(bytes);
    if (nameRead !== name || typeRead !== type)
      throw unexpected(bytes, `${nameRead} ${typeRead} in place of ${name} ${type}`);
    read[name] = yield* readers[type](bytes, rowCount);
  }
  bytes.isPartRead = false;
  // Safe: every column was read by the reader of its declared type.
  return { rowCount, read: read as NativeBlock<C>["read"] };
}

const errorTextMax = 2_000;

function unexpected(bytes: Bytes, found: string): Error {
  const text = bytes.rest().toString("latin1", 0, errorTextMax);
  const thrown = /Code: \d+\. DB::Exception[^\r\n]*/.exec(text)?.[0];
  return new Error(thrown ?? `The answer has ${found}.`);
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
  "Array(UInt32)": (bytes, rowCount) => readLists(bytes, rowCount, readUInt32),
  "Array(UInt64)": (bytes, rowCount) => readLists(bytes, rowCount, readUInt64),
  "Array(Float64)": (bytes, rowCount) => readLists(bytes, rowCount, readFloat64),
  "Array(String)": function* (bytes, rowCount) {
    const ends = yield* readUInt64(bytes, rowCount);
    const text = yield* readTexts(bytes, ends[rowCount - 1] ?? 0);
    return (row) => {
      const list: string[] = [];
      for (let i = row === 0 ? 0 : (ends[row - 1] ?? 0); i < (ends[row] ?? 0); i += 1)
        list.push(text(i));
      return list;
    };
  },
};

function* readLists<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  bytes: Bytes,
  rowCount: number,
  read: (bytes: Bytes, count: number) => Reading<T>,
): Reading<(row: number) => unknown> {
  const ends = yield* readUInt64(bytes, rowCount);
  const all = yield* read(bytes, ends[rowCount - 1] ?? 0);
  return (row) => all.subarray(row === 0 ? 0 : ends[row - 1], ends[row]);
}

function* readTexts(bytes: Bytes, count: number): Reading<(row: number) => string> {
  const texts: string[] = [];
  for (let i = 0; i < count; i += 1) texts.push(bytes.text() ?? (yield* readText(bytes)));
  return (row) => texts[row] ?? "";
}

function* readUInt8(bytes: Bytes, count: number): Reading<Uint8Array> {
  return yield* readInto(bytes, new Uint8Array(count));
}

function* readUInt16(bytes: Bytes, count: number): Reading<Uint16Array> {
  const list = new Uint16Array(count);
  yield* readInto(bytes, new Uint8Array(list.buffer));
  return list;
}

function* readUInt32(bytes: Bytes, count: number): Reading<Uint32Array> {
  const list = new Uint32Array(count);
  yield* readInto(bytes, new Uint8Array(list.buffer));
  return list;
}

function* readFloat64(bytes: Bytes, count: number): Reading<Float64Array> {
  const list = new Float64Array(count);
  yield* readInto(bytes, new Uint8Array(list.buffer));
  return list;
}

const wordsMax = 2 ** 21;

function* readUInt64(bytes: Bytes, count: number): Reading<Float64Array> {
  const words = yield* readUInt32(bytes, 2 * count);
  const list = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const high = words[2 * i + 1] ?? 0;
    if (high >= wordsMax) throw new RangeError("The answer has a number beyond 2^53.");
    list[i] = high * 2 ** 32 + (words[2 * i] ?? 0);
  }
  return list;
}

function* readInto(bytes: Bytes, target: Uint8Array): Reading<Uint8Array> {
  for (let size = bytes.copy(target, 0); size < target.length; size += bytes.copy(target, size))
    yield;
  return target;
}

function* readText(bytes: Bytes): Reading<string> {
  for (;;) {
    const text = bytes.text();
    if (text !== null) return text;
    yield;
  }
}

function* readVarint(bytes: Bytes): Reading<number> {
  for (;;) {
    const value = bytes.varint();
    if (value !== null) return value;
    yield;
  }
}

/** What has come and was not read yet. */
class Bytes {
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  /** The same as text, once asked for: where every byte is a letter, names are cut from it several times as fast. */
  #plain: string | null = null;
  /** Whether a block has begun and not ended. */
  isPartRead = false;

  get left(): number {
    return this.#chunk.length - this.#at;
  }

  rest(): Buffer {
    return this.#chunk.subarray(this.#at);
  }

  push(chunk: Uint8Array): void {
    const next = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#chunk = this.left === 0 ? next : Buffer.concat([this.rest(), next]);
    this.#at = 0;
    this.#plain = null;
  }

  /** Answers how many bytes there were. */
  copy(target: Uint8Array, from: number): number {
    const size = this.#chunk.copy(target, from, this.#at);
    this.#at += size;
    return size;
  }

  /** null, and nothing is read, where it has not come whole. */
  varint(): number | null {
    let value = 0;
    for (let i = 0; this.#at + i < this.#chunk.length; i += 1) {
      const byte = this.#chunk[this.#at + i] ?? 0;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) {
        this.#at += i + 1;
        return value;
      }
    }
    return null;
  }

  /** As `varint`. */
  text(): string | null {
    const from = this.#at;
    const length = this.varint();
    if (length === null) return null;
    if (length > this.left) {
      this.#at = from;
      return null;
    }
    this.#at += length;
    const start = this.#at - length;
    for (let i = start; i < this.#at; i += 1) {
      if ((this.#chunk[i] ?? 0) > 0x7f) return this.#chunk.toString("utf8", start, this.#at);
    }
    this.#plain ??= this.#chunk.toString("latin1");
    return this.#plain.slice(start, this.#at);
  }
}
