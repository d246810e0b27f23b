import { giveBack } from "../give-back.ts";
import { NameTable } from "./name-table.ts";

/** Blocks of the engine's Native format: of each the number of its columns and rows, and then each column's name, type and values. */

/** Waits for more bytes. */
export type Reading<T> = Generator<undefined, T, undefined>;

interface Block {
  rowCount: number;
  /** In the order in which they were declared. */
  columns: Record<string, unknown>;
}

/** Reads the blocks of an answer. It takes the chunks over: the memory of one that is read is given back. Throws on what is not a whole
 *  answer of just these columns: an error in the middle of an answer is text where a block should be. */
export async function* readBlocks<T extends string>(
  stream: AsyncIterable<Uint8Array>,
  types: Readonly<Record<string, T>>,
  readColumn: (bytes: NativeBytes, type: T, rowCount: number) => Reading<unknown>,
): AsyncGenerator<Block> {
  const bytes = new NativeBytes();
  const declared = Object.entries(types);
  let block = readBlock(bytes, declared, readColumn);
  for await (const chunk of stream) {
    bytes.push(chunk);
    for (let read = block.next(); read.done === true; read = block.next()) {
      yield read.value;
      block = readBlock(bytes, declared, readColumn);
    }
  }
  if (bytes.isPartRead) throw new Error("The answer ends in the middle of a block.");
}

function* readBlock<T extends string>(
  bytes: NativeBytes,
  declared: readonly (readonly [string, T])[],
  readColumn: (bytes: NativeBytes, type: T, rowCount: number) => Reading<unknown>,
): Reading<Block> {
  while (bytes.left === 0) yield;
  bytes.begin();
  const columnCount = yield* readVarint(bytes);
  const rowCount = yield* readVarint(bytes);
  if (columnCount !== declared.length) throw unexpected(bytes, `${columnCount} columns`);
  const columns: Record<string, unknown> = {};
  for (const [name, type] of declared) {
    const nameRead = yield* readText(bytes);
    const typeRead = yield* readText(bytes);
    if (nameRead !== name || typeRead !== type)
      throw unexpected(bytes, `${nameRead} ${typeRead} in place of ${name} ${type}`);
    columns[name] = yield* readColumn(bytes, type, rowCount);
  }
  bytes.isPartRead = false;
  return { rowCount, columns };
}

const errorTextMax = 2_000;

export function unexpected(bytes: NativeBytes, found: string): Error {
  const text = bytes.rest().toString("latin1", 0, errorTextMax);
  const thrown = /Code: \d+\. DB::Exception[^\r\n]*/.exec(text)?.[0];
  return new Error(thrown ?? `The answer has ${found}.`);
}

type NumberList = Uint8Array | Uint16Array | Uint32Array | Float64Array;

interface ListClass<T> {
  new (buffer: ArrayBuffer, offset: number, count: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

/** A list that holds until the next block begins. */
const readList = <T extends NumberList>(
  bytes: NativeBytes,
  List: ListClass<T>,
  count: number,
): Reading<T> => readInto(bytes, bytes.room(List, count));

export const readUInt8 = (bytes: NativeBytes, count: number) => readList(bytes, Uint8Array, count);
export const readUInt16 = (bytes: NativeBytes, count: number) =>
  readList(bytes, Uint16Array, count);
export const readUInt32 = (bytes: NativeBytes, count: number) =>
  readList(bytes, Uint32Array, count);
export const readFloat64 = (bytes: NativeBytes, count: number) =>
  readList(bytes, Float64Array, count);

function* readInto<T extends NumberList>(bytes: NativeBytes, list: T): Reading<T> {
  const target = new Uint8Array(list.buffer, list.byteOffset, list.byteLength);
  for (let size = bytes.copy(target, 0); size < target.length; size += bytes.copy(target, size))
    yield;
  return list;
}

export function* readText(bytes: NativeBytes): Reading<string> {
  for (;;) {
    const text = bytes.text();
    if (text !== null) return text;
    yield;
  }
}

/** Texts that other blocks have too. */
export interface Names {
  names: readonly string[];
  /** Where each stands in a list that other blocks use as well; null where one does not. */
  listed: { list: readonly string[]; places: Uint32Array } | null;
}

export function* readNames(bytes: NativeBytes, count: number): Reading<Names> {
  const names: string[] = [];
  const list = bytes.listedNames;
  const places = bytes.room(Uint32Array, count);
  let areListed = true;
  while (names.length < count) {
    const name = bytes.name();
    if (name === null) {
      yield;
      continue;
    }
    const place = bytes.namePlace;
    if (place < 0) areListed = false;
    else places[names.length] = place;
    names.push(name);
  }
  return { names, listed: areListed && list === bytes.listedNames ? { list, places } : null };
}

function* readVarint(bytes: NativeBytes): Reading<number> {
  for (;;) {
    const value = bytes.varint();
    if (value !== null) return value;
    yield;
  }
}

/** What has come and was not read yet. */
export class NativeBytes {
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  /** The same as text, once asked for: where every byte is a letter, names are cut from it several times as fast. */
  #plain: string | null = null;
  /** Memory of the lists of a block, used again for the next one, which asks for the same in the same order. */
  readonly #rooms: ArrayBuffer[] = [];
  #roomsUsed = 0;
  readonly #names = new NameTable();
  /** Whether a block has begun and not ended. */
  isPartRead = false;

  get left(): number {
    return this.#chunk.length - this.#at;
  }

  rest(): Buffer {
    return this.#chunk.subarray(this.#at);
  }

  push(chunk: Uint8Array): void {
    const last = this.#chunk;
    const next = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const isJoined = this.left > 0;
    this.#chunk = isJoined ? Buffer.concat([this.rest(), next]) : next;
    this.#at = 0;
    this.#plain = null;
    giveBack(last);
    if (isJoined) giveBack(next);
  }

  /** Begins a block. */
  begin(): void {
    this.isPartRead = true;
    this.#roomsUsed = 0;
  }

  /** A list that holds until the next block begins. */
  room<T extends NumberList>(List: ListClass<T>, count: number): T {
    const size = List.BYTES_PER_ELEMENT * count;
    const kept = this.#rooms[this.#roomsUsed];
    const isLarge = kept !== undefined && kept.byteLength >= size;
    const room = isLarge ? kept : new ArrayBuffer(size + (size >> 2));
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
    // Most are of one byte, and a power takes longer than all else here.
    const first = this.#chunk[this.#at] ?? 0x80;
    if (first < 0x80) {
      this.#at += 1;
      return first;
    }
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

  /** As `varint`. A string of its own: one that is cut from a longer one keeps that in memory. */
  text(): string | null {
    const size = this.#textSize();
    return size === null ? null : this.#chunk.toString("utf8", this.#at - size, this.#at);
  }

  /** The same of what other blocks have too. */
  name(): string | null {
    const size = this.#textSize();
    return size === null ? null : this.#names.textOf(this.#chunk, this.#at - size, this.#at);
  }

  /** Of the name that was read last, its place among the listed ones; -1 where it is none of them. */
  get namePlace(): number {
    return this.#names.lastPlace;
  }

  get listedNames(): readonly string[] {
    return this.#names.texts;
  }

  /** The same, faster, for what is not kept. */
  cutText(): string | null {
    const size = this.#textSize();
    if (size === null) return null;
    const start = this.#at - size;
    for (let i = start; i < this.#at; i += 1) {
      if ((this.#chunk[i] ?? 0) > 0x7f) return this.#chunk.toString("utf8", start, this.#at);
    }
    this.#plain ??= this.#chunk.toString("latin1");
    return this.#plain.slice(start, this.#at);
  }

  /** Passes a text; null, and it is not passed, where it has not come whole. */
  #textSize(): number | null {
    const from = this.#at;
    const size = this.varint();
    if (size === null) return null;
    if (size > this.left) {
      this.#at = from;
      return null;
    }
    this.#at += size;
    return size;
  }
}
