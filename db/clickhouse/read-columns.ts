import type { Names, NativeBytes, Reading } from "./native-blocks.ts";
import {
  readBlocks,
  readFloat64,
  readNames,
  readUInt8,
  readUInt16,
  readUInt32,
  unexpected,
} from "./native-blocks.ts";

/** Whole columns of the engine's Native format, for what is counted value by value: no object is made of a row, and of a name only one a
 *  block. The lists of a block are overwritten once the next one is asked for. */

/** A name per row, as a place in a list. */
export interface NameColumn extends Names {
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

export async function* readColumns<C extends Record<string, ColumnType>>(
  stream: AsyncIterable<Uint8Array>,
  columns: C,
): AsyncGenerator<ColumnBlock<C>> {
  const readColumn = (bytes: NativeBytes, type: ColumnType, rowCount: number) =>
    readers[type](bytes, rowCount);
  for await (const block of readBlocks(stream, columns, readColumn)) {
    // Safe: every column was read by the reader of its declared type.
    yield { rowCount: block.rowCount, ...block.columns } as ColumnBlock<C>;
  }
}

const readers: {
  [T in ColumnType]: (bytes: NativeBytes, rowCount: number) => Reading<ColumnTypes[T]>;
} = {
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
    return yield* readNameColumn(bytes, rowCount);
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
    return yield* readMaps(bytes, rowCount, readNameColumn);
  },
};

function* readMaps<V>(
  bytes: NativeBytes,
  rowCount: number,
  readValues: (bytes: NativeBytes, count: number) => Reading<V>,
): Reading<MapColumn<V>> {
  yield* readDictionaryVersion(bytes);
  const { ends, keys } = yield* readLists(bytes, rowCount);
  return { ends, keys, values: yield* readValues(bytes, ends[rowCount - 1] ?? 0) };
}

function* readLists(bytes: NativeBytes, rowCount: number): Reading<ListColumn> {
  const ends = yield* readEnds(bytes, rowCount);
  return { ends, keys: yield* readNameColumn(bytes, ends[rowCount - 1] ?? 0) };
}

function* readEnds(bytes: NativeBytes, rowCount: number): Reading<Uint32Array> {
  const words = yield* readUInt32(bytes, 2 * rowCount);
  const ends = bytes.room(Uint32Array, rowCount);
  for (let row = 0; row < rowCount; row += 1) ends[row] = words[2 * row] ?? 0;
  return ends;
}

/** Dictionaries of the block alone, the only kind that a block on the wire has. */
const dictionaryVersion = 1;
const hasOwnDictionary = 2 ** 9;

function* readDictionaryVersion(bytes: NativeBytes): Reading<void> {
  const [version = 0] = yield* readInt64(bytes, 1);
  if (version !== dictionaryVersion) throw unexpected(bytes, `a dictionary of version ${version}`);
}

function* readNameColumn(bytes: NativeBytes, count: number): Reading<NameColumn> {
  // Of nothing, nothing is written.
  if (count === 0) return { names: [], listed: null, places: new Uint8Array() };
  const [flags = 0] = yield* readUInt32(bytes, 2);
  if ((flags & hasOwnDictionary) === 0) throw unexpected(bytes, "names without their dictionary");
  const [nameCount = 0] = yield* readInt64(bytes, 1);
  const names = yield* readNames(bytes, nameCount);
  const [placeCount = 0] = yield* readInt64(bytes, 1);
  if (placeCount !== count) throw unexpected(bytes, `${placeCount} of ${count} names`);
  const width = flags & 0xff;
  if (width === 0) return { ...names, places: yield* readUInt8(bytes, count) };
  if (width === 1) return { ...names, places: yield* readUInt16(bytes, count) };
  if (width === 2) return { ...names, places: yield* readUInt32(bytes, count) };
  throw unexpected(bytes, "more than 2^32 names");
}

function* readInt64(bytes: NativeBytes, count: number): Reading<Float64Array> {
  const words = yield* readUInt32(bytes, 2 * count);
  const list = bytes.room(Float64Array, count);
  for (let i = 0; i < count; i += 1)
    list[i] = ((words[2 * i + 1] ?? 0) | 0) * 2 ** 32 + (words[2 * i] ?? 0);
  return list;
}
