import type { ListColumn, NameColumn, NullableColumn } from "#db/clickhouse/read-columns.ts";

/** The values of a block key by key, and of a key part by part: a row holds one value of each of many keys, and what is counted is many values of
 *  one key. Nothing is moved that lies in order already; most blocks have the same keys in every row, and their columns are turned without a look at
 *  any key. */

type Values = Float64Array | Uint32Array;

/** Runs of values behind each other: run i begins at `starts[i]` and ends where the next one begins. */
export interface Runs<V extends Values | null> {
  values: V;
  starts: Uint32Array;
  /** The row of each value, rising within a run; null where every run has one of every row that it could. */
  rows: Uint32Array | null;
}

/** A run for each key; a key may have several. */
export interface KeyRuns<V extends Values | null> extends Runs<V> {
  keys: readonly number[];
}

/** Which rows of a block are of which part. */
export interface RowCut {
  partCount: number;
  /** The part of each row. */
  ofRow: Uint32Array;
  /** The rows part by part; null where they lie so. */
  order: Uint32Array | null;
  /** Where those of each part begin, and where the last one ends. */
  starts: Uint32Array;
}

/** Memory for lists of one kind, used again for the next block. */
export class Rooms {
  readonly #numbers: Float64Array[] = [];
  readonly #places: Uint32Array[] = [];
  #numbersUsed = 0;
  #placesUsed = 0;

  /** What was handed out may be handed out again. */
  clear(): void {
    this.#numbersUsed = 0;
    this.#placesUsed = 0;
  }

  numbers(size: number): Float64Array {
    const kept = this.#numbers[this.#numbersUsed];
    const room =
      kept !== undefined && kept.length >= size ? kept : new Float64Array(withRoom(size));
    this.#numbers[this.#numbersUsed] = room;
    this.#numbersUsed += 1;
    return room;
  }

  places(size: number): Uint32Array {
    const kept = this.#places[this.#placesUsed];
    const room = kept !== undefined && kept.length >= size ? kept : new Uint32Array(withRoom(size));
    this.#places[this.#placesUsed] = room;
    this.#placesUsed += 1;
    return room;
  }

  like<V extends Values>(values: V, size: number): V {
    // Safe: of the same kind as what it is like.
    return (values instanceof Float64Array ? this.numbers(size) : this.places(size)) as V;
  }
}

/** What blocks of about one size ask for is seldom made anew. */
const withRoom = (size: number) => size + (size >> 2);

/** `keyOf`: by place of its name, `notCounted` where it is left out. */
export const notCounted = -1;

export function numberRuns(
  list: ListColumn & { values: Float64Array },
  keyOf: readonly number[],
  rooms: Rooms,
): KeyRuns<Float64Array> {
  const { order, ...runs } = orderByKey(list, keyOf, rooms);
  const { values } = list;
  const room = rooms.numbers(values.length);
  return {
    ...runs,
    values:
      order.kind === "turned"
        ? turnNumbers(values, order, room)
        : permute(values, order.elements, order.size, room),
  };
}

/** Of names, by their place. */
export function placeRuns(
  list: ListColumn,
  values: NameColumn["places"],
  keyOf: readonly number[],
  rooms: Rooms,
): KeyRuns<Uint32Array> {
  const { order, ...runs } = orderByKey(list, keyOf, rooms);
  const room = rooms.places(values.length);
  return {
    ...runs,
    values:
      order.kind === "turned"
        ? turnPlaces(values, order, room)
        : permute(values, order.elements, order.size, room),
  };
}

/** Of keys that have no value. */
export function bareRuns(list: ListColumn, keyOf: readonly number[], rooms: Rooms): KeyRuns<null> {
  const { order: _, ...runs } = orderByKey(list, keyOf, rooms);
  return { ...runs, values: null };
}

/** Of a column with at most one value a row. */
export function scalarRun(
  { isNull, values }: NullableColumn,
  key: number,
  rooms: Rooms,
): KeyRuns<Float64Array> {
  const rows = presentRows(isNull.length, (row) => isNull[row] === 0, rooms);
  if (rows === null) return { keys: [key], values, starts: runOf(isNull.length), rows };
  return {
    keys: [key],
    values: permute(values, rows.list, rows.size, rooms.numbers(rows.size)),
    starts: runOf(rows.size),
    rows: rows.list,
  };
}

/** Of a column with one name a row, of which the empty one is none. */
export function nameRun(
  { names, places }: NameColumn,
  key: number,
  rooms: Rooms,
): KeyRuns<Uint32Array> {
  const isEmpty = Uint8Array.from(names, (name) => (name === "" ? 1 : 0));
  const rows = presentRows(places.length, (row) => isEmpty[places[row] ?? 0] === 0, rooms);
  const size = rows?.size ?? places.length;
  const room = rooms.places(size);
  if (rows !== null) permute(places, rows.list, size, room);
  else for (let row = 0; row < size; row += 1) room[row] = places[row] ?? 0;
  return { keys: [key], values: room, starts: runOf(size), rows: rows?.list ?? null };
}

/** The runs of each key cut by part: part p of run i is run i * parts + p. */
export function cutRuns<V extends Values | null>(
  runs: KeyRuns<V>,
  cut: RowCut,
  rooms: Rooms,
): Runs<V> {
  if (cut.partCount === 1) return runs;
  return runs.rows === null ? cutFullRuns(runs, cut, rooms) : cutByRow(runs, runs.rows, cut, rooms);
}

/** Of runs with one value for every row: all are cut alike. */
function cutFullRuns<V extends Values | null>(
  { keys, values, starts }: KeyRuns<V>,
  { partCount, order, starts: partStarts }: RowCut,
  rooms: Rooms,
): Runs<V> {
  const rowCount = partStarts[partCount] ?? 0;
  const cut = new Uint32Array(keys.length * partCount + 1);
  for (let run = 0; run < keys.length; run += 1)
    for (let part = 0; part < partCount; part += 1)
      cut[run * partCount + part] = (starts[run] ?? 0) + (partStarts[part] ?? 0);
  cut[keys.length * partCount] = starts[keys.length] ?? 0;
  if (order === null || values === null) return { values, starts: cut, rows: null };
  const moved = rooms.like(values, keys.length * rowCount);
  for (let run = 0; run < keys.length; run += 1) {
    const from = starts[run] ?? 0;
    for (let i = 0; i < rowCount; i += 1) moved[from + i] = values[from + (order[i] ?? 0)] ?? 0;
  }
  return { values: moved, starts: cut, rows: null };
}

function cutByRow<V extends Values | null>(
  { keys, values, starts }: KeyRuns<V>,
  rows: Uint32Array,
  { partCount, ofRow }: RowCut,
  rooms: Rooms,
): Runs<V> {
  const cut = new Uint32Array(keys.length * partCount + 1);
  for (let run = 0; run < keys.length; run += 1) {
    const first = run * partCount + 1;
    for (let i = starts[run] ?? 0; i < (starts[run + 1] ?? 0); i += 1) {
      const at = first + (ofRow[rows[i] ?? 0] ?? 0);
      cut[at] = (cut[at] ?? 0) + 1;
    }
  }
  const size = addUp(cut);
  const next = cut.slice();
  const movedRows = rooms.places(size);
  const moved = values === null ? values : rooms.like(values, size);
  for (let run = 0; run < keys.length; run += 1) {
    for (let i = starts[run] ?? 0; i < (starts[run + 1] ?? 0); i += 1) {
      const row = rows[i] ?? 0;
      const slot = run * partCount + (ofRow[row] ?? 0);
      const at = next[slot] ?? 0;
      next[slot] = at + 1;
      movedRows[at] = row;
      if (moved !== null && values !== null) moved[at] = values[i] ?? 0;
    }
  }
  return { values: moved, starts: cut, rows: movedRows };
}

interface KeyOrder {
  keys: readonly number[];
  starts: Uint32Array;
  rows: Uint32Array | null;
  /** Turned: every row has the same keys. Sorted: where the element of each place in the runs stands. */
  order:
    | { kind: "turned"; width: number; rowCount: number }
    | { kind: "sorted"; elements: Uint32Array; size: number };
}

type Source = Values | NameColumn["places"];

function orderByKey(list: ListColumn, keyOf: readonly number[], rooms: Rooms): KeyOrder {
  const { ends, keys } = list;
  const width = commonWidth(list);
  if (width === null) return sortByKey(list, keyOf, rooms);
  const rowCount = ends.length;
  return {
    keys: Array.from(keys.places.subarray(0, width), (place) => keyOf[place] ?? notCounted),
    starts: Uint32Array.from({ length: width + 1 }, (_, i) => i * rowCount),
    rows: null,
    order: { kind: "turned", width, rowCount },
  };
}

/** How many values each row has, where all have the same keys in the same order; null where they differ. */
function commonWidth({ ends, keys: { places } }: ListColumn): number | null {
  const width = ends[0] ?? 0;
  for (let row = 0, end = width; row < ends.length; row += 1, end += width)
    if (ends[row] !== end) return null;
  const others = bytesOf(places.subarray(width));
  return others.equals(bytesOf(places.subarray(0, places.length - width))) ? width : null;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: NameColumn["places"]): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** What is read and written at once stays in the nearest cache. */
const tileValues = 4_096;

/** From row by row to key by key. Of one kind of list, and of four keys at a time: what is read once is the most of it. */
function turnNumbers(
  values: Float64Array,
  { width, rowCount }: { width: number; rowCount: number },
  room: Float64Array,
): Float64Array {
  const tileRows = Math.max(8, Math.floor(tileValues / Math.max(1, width)));
  for (let top = 0; top < rowCount; top += tileRows) {
    const bottom = Math.min(rowCount, top + tileRows);
    let key = 0;
    for (; key + 3 < width; key += 4) {
      const column = key * rowCount;
      for (let row = top, from = top * width + key; row < bottom; row += 1, from += width) {
        room[column + row] = values[from] ?? 0;
        room[column + rowCount + row] = values[from + 1] ?? 0;
        room[column + 2 * rowCount + row] = values[from + 2] ?? 0;
        room[column + 3 * rowCount + row] = values[from + 3] ?? 0;
      }
    }
    for (; key < width; key += 1) {
      const column = key * rowCount;
      for (let row = top, from = top * width + key; row < bottom; row += 1, from += width)
        room[column + row] = values[from] ?? 0;
    }
  }
  return room;
}

/** The same of places. */
function turnPlaces(
  values: NameColumn["places"],
  { width, rowCount }: { width: number; rowCount: number },
  room: Uint32Array,
): Uint32Array {
  const tileRows = Math.max(8, Math.floor(tileValues / Math.max(1, width)));
  for (let top = 0; top < rowCount; top += tileRows) {
    const bottom = Math.min(rowCount, top + tileRows);
    for (let key = 0; key < width; key += 1) {
      const column = key * rowCount;
      for (let row = top, from = top * width + key; row < bottom; row += 1, from += width)
        room[column + row] = values[from] ?? 0;
    }
  }
  return room;
}

/** A counting sort. */
function sortByKey(
  { ends, keys: { names, places } }: ListColumn,
  keyOf: readonly number[],
  rooms: Rooms,
): KeyOrder {
  const isSkipped = Uint8Array.from(names, (_, place) => (keyOf[place] === notCounted ? 1 : 0));
  const starts = new Uint32Array(names.length + 1);
  for (let element = 0; element < places.length; element += 1) {
    const place = places[element] ?? 0;
    if (isSkipped[place] === 0) starts[place + 1] = (starts[place + 1] ?? 0) + 1;
  }
  const size = addUp(starts);
  const elements = rooms.places(size);
  const rows = rooms.places(size);
  const next = starts.slice();
  for (let row = 0, element = 0; row < ends.length; row += 1) {
    for (const end = ends[row] ?? 0; element < end; element += 1) {
      const place = places[element] ?? 0;
      if (isSkipped[place] === 1) continue;
      const at = next[place] ?? 0;
      next[place] = at + 1;
      elements[at] = element;
      rows[at] = row;
    }
  }
  return {
    keys: keyOf,
    starts,
    rows,
    order: { kind: "sorted", elements, size },
  };
}

function permute<V extends Values>(values: Source, order: Uint32Array, size: number, room: V): V {
  for (let i = 0; i < size; i += 1) room[i] = values[order[i] ?? 0] ?? 0;
  return room;
}

/** null where all are. */
function presentRows(
  rowCount: number,
  isPresent: (row: number) => boolean,
  rooms: Rooms,
): { list: Uint32Array; size: number } | null {
  const list = rooms.places(rowCount);
  let size = 0;
  for (let row = 0; row < rowCount; row += 1) {
    if (!isPresent(row)) continue;
    list[size] = row;
    size += 1;
  }
  return size === rowCount ? null : { list, size };
}

const runOf = (size: number) => Uint32Array.of(0, size);

/** From how many lie in each place to where each begins; answers how many there are. */
export function addUp(starts: Uint32Array): number {
  for (let i = 1; i < starts.length; i += 1) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  return starts.at(-1) ?? 0;
}
