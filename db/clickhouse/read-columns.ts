/** Whole columns of the engine's Native format, for what is counted value by value: no object is made of a row, and of a name only one a
 *  block. The lists of a block are overwritten once the next one is asked for. */

/** A name per row, as a place in a list. */
export interface NameColumn {
  names: readonly string[];
  places: Uint8Array | Uint16Array | Uint32Array;
}

/** Lists behind each other: those of a row end before `ends[row]`. */
export interface ListColumn {
  ends: Uint32Array;
  keys: NameColumn;
}

export interface MapColumn<V> extends ListColumn {
  values: V;
}

export interface NullableColumn {
  isNull: Uint8Array;
  values: Float64Array;
}

interface ColumnTypes {
  UInt32: Uint32Array;
  "Array(UInt32)": { ends: Uint32Array; values: Uint32Array };
  /** Whole numbers up to 2^53. */
  Int64: Float64Array;
  "Nullable(Float64)": NullableColumn;
  "LowCardinality(String)": NameColumn;
  "Array(LowCardinality(String))": ListColumn;
  "Map(LowCardinality(String), Float64)": MapColumn<Float64Array>;
  "Map(LowCardinality(String), Bool)": MapColumn<Uint8Array>;
  "Map(LowCardinality(String), LowCardinality(String))": MapColumn<NameColumn>;
  /** In ms since 1970. */
  "Map(LowCardinality(String), DateTime64(3, 'UTC'))": MapColumn<Float64Array>;
}
export type ColumnType = keyof ColumnTypes;
export type ColumnBlock<C extends Record<string, ColumnType>> = { rowCount: number } & {
  [K in keyof C]: ColumnTypes[C[K]];
};

/** Waits for more bytes. */
type Reading<T> = Generator<undefined, T, undefined>;

/** Throws on what is not a whole answer of just these columns: an error in the middle of an answer is text where a block should be. */
export async function* readColumns<C extends Record<string, ColumnType>>(
  stream: AsyncIterable<Uint8Array>,
  columns: C,
): AsyncGenerator<ColumnBlock<C>> {
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

function* readBlock<C extends Record<string, ColumnType>>(
  bytes: Bytes,
  columns: C,
): Reading<ColumnBlock<C>> {
  const declared = Object.entries(columns);
  while (bytes.left === 0) yield;
  bytes.isPartRead = true;
  bytes.clearRooms();
  const columnCount = yield* readVarint(bytes);
  const rowCount = yield* readVarint(bytes);
  if (columnCount !== declared.length) throw unexpected(bytes, `${columnCount} columns`);
  const block: Record<string, unknown> = { rowCount };
  for (const [name, type] of declared) {
    const nameRead = yield* readText(bytes);
    const typeRead = yield* readText(bytes);
    if (nameRead !== name || typeRead !== type)
      throw unexpected(bytes, `${nameRead} ${typeRead} in place of ${name} ${type}`);
    block[name] = yield* readers[type](bytes, rowCount);
  }
  bytes.isPartRead = false;
  // Safe: every column was read by the reader of its declared type.
  return block as ColumnBlock<C>;
}

const errorTextMax = 2_000;

function unexpected(bytes: Bytes, found: string): Error {
  const text = bytes.rest().toString("latin1", 0, errorTextMax);
  const thrown = /Code: \d+\. DB::Exception[^\r\n]*/.exec(text)?.[0];
  return new Error(thrown ?? `The answer has ${found}.`);
}

const readers: { [T in ColumnType]: (bytes: Bytes, rowCount: number) => Reading<ColumnTypes[T]> } =
  {
    UInt32: (bytes, rowCount) => readUInt32(bytes, rowCount),
    *"Array(UInt32)"(bytes, rowCount) {
      const ends = yield* readEnds(bytes, rowCount);
      return { ends, values: yield* readUInt32(bytes, ends[rowCount - 1] ?? 0) };
    },
    Int64: readInt64,
    *"Nullable(Float64)"(bytes, rowCount) {
      const isNull = yield* readUInt8(bytes, rowCount);
      return { isNull, values: yield* readFloat64(bytes, rowCount) };
    },
    *"LowCardinality(String)"(bytes, rowCount) {
      yield* readDictionaryVersion(bytes);
      return yield* readNames(bytes, rowCount);
    },
    *"Array(LowCardinality(String))"(bytes, rowCount) {
      yield* readDictionaryVersion(bytes);
      return yield* readLists(bytes, rowCount);
    },
    "Map(LowCardinality(String), Float64)": (bytes, rowCount) =>
      readMaps(bytes, rowCount, readFloat64),
    "Map(LowCardinality(String), Bool)": (bytes, rowCount) => readMaps(bytes, rowCount, readUInt8),
    "Map(LowCardinality(String), DateTime64(3, 'UTC'))": (bytes, rowCount) =>
      readMaps(bytes, rowCount, readInt64),
    // The versions of both dictionaries come first.
    *"Map(LowCardinality(String), LowCardinality(String))"(bytes, rowCount) {
      yield* readDictionaryVersion(bytes);
      return yield* readMaps(bytes, rowCount, readNames);
    },
  };

function* readMaps<V>(
  bytes: Bytes,
  rowCount: number,
  readValues: (bytes: Bytes, count: number) => Reading<V>,
): Reading<MapColumn<V>> {
  yield* readDictionaryVersion(bytes);
  const { ends, keys } = yield* readLists(bytes, rowCount);
  return { ends, keys, values: yield* readValues(bytes, ends[rowCount - 1] ?? 0) };
}

function* readLists(bytes: Bytes, rowCount: number): Reading<ListColumn> {
  const ends = yield* readEnds(bytes, rowCount);
  return { ends, keys: yield* readNames(bytes, ends[rowCount - 1] ?? 0) };
}

function* readEnds(bytes: Bytes, rowCount: number): Reading<Uint32Array> {
  const words = yield* readUInt32(bytes, 2 * rowCount);
  const ends = bytes.room(Uint32Array, rowCount);
  for (let row = 0; row < rowCount; row += 1) ends[row] = words[2 * row] ?? 0;
  return ends;
}

/** Dictionaries of the block alone, the only kind that a block on the wire has. */
const dictionaryVersion = 1;
const hasOwnDictionary = 2 ** 9;

function* readDictionaryVersion(bytes: Bytes): Reading<void> {
  const [version = 0] = yield* readInt64(bytes, 1);
  if (version !== dictionaryVersion) throw unexpected(bytes, `a dictionary of version ${version}`);
}

function* readNames(bytes: Bytes, count: number): Reading<NameColumn> {
  // Of nothing, nothing is written.
  if (count === 0) return { names: [], places: new Uint8Array() };
  const [flags = 0] = yield* readUInt32(bytes, 2);
  if ((flags & hasOwnDictionary) === 0) throw unexpected(bytes, "names without their dictionary");
  const [nameCount = 0] = yield* readInt64(bytes, 1);
  const names: string[] = [];
  for (let i = 0; i < nameCount; i += 1) names.push(yield* readText(bytes));
  const [placeCount = 0] = yield* readInt64(bytes, 1);
  if (placeCount !== count) throw unexpected(bytes, `${placeCount} of ${count} names`);
  const width = flags & 0xff;
  if (width === 0) return { names, places: yield* readUInt8(bytes, count) };
  if (width === 1) return { names, places: yield* readInto(bytes, bytes.room(Uint16Array, count)) };
  if (width === 2) return { names, places: yield* readUInt32(bytes, count) };
  throw unexpected(bytes, "more than 2^32 names");
}

const readUInt8 = (bytes: Bytes, count: number) => readInto(bytes, bytes.room(Uint8Array, count));
const readUInt32 = (bytes: Bytes, count: number) => readInto(bytes, bytes.room(Uint32Array, count));
const readFloat64 = (bytes: Bytes, count: number) =>
  readInto(bytes, bytes.room(Float64Array, count));

function* readInt64(bytes: Bytes, count: number): Reading<Float64Array> {
  const words = yield* readUInt32(bytes, 2 * count);
  const list = bytes.room(Float64Array, count);
  for (let i = 0; i < count; i += 1)
    list[i] = ((words[2 * i + 1] ?? 0) | 0) * 2 ** 32 + (words[2 * i] ?? 0);
  return list;
}

function* readInto<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  bytes: Bytes,
  list: T,
): Reading<T> {
  const target = new Uint8Array(list.buffer, list.byteOffset, list.byteLength);
  for (let size = bytes.copy(target, 0); size < target.length; size += bytes.copy(target, size))
    yield;
  return list;
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

type RoomList = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** What has come and was not read yet. */
class Bytes {
  /** Memory of the lists of a block, used again for the next one, which asks for the same in the same order. */
  readonly #rooms: ArrayBuffer[] = [];
  #roomsUsed = 0;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
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
  }

  clearRooms(): void {
    this.#roomsUsed = 0;
  }

  room<T extends RoomList>(
    List: new (buffer: ArrayBuffer, offset: number, count: number) => T,
    count: number,
  ): T {
    const size = 8 * count;
    const kept = this.#rooms[this.#roomsUsed];
    const room =
      kept !== undefined && kept.byteLength >= size ? kept : new ArrayBuffer(size + (size >> 2));
    this.#rooms[this.#roomsUsed] = room;
    this.#roomsUsed += 1;
    return new List(room, 0, count);
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

  /** As `varint`. A string of its own: part of a longer one would keep that in memory. */
  text(): string | null {
    const from = this.#at;
    const length = this.varint();
    if (length === null) return null;
    if (length > this.left) {
      this.#at = from;
      return null;
    }
    this.#at += length;
    return this.#chunk.toString("utf8", this.#at - length, this.#at);
  }
}
