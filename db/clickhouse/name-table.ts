import { randomInt } from "node:crypto";

/** Texts by their bytes. The names in an answer are the same in block after block: of each one string is made, which is found again faster than
 *  it would be read, and by which a map finds at once what it knows. */
export class NameTable {
  /** A hash and, from 1, the place of its text, or 0 where no text is. */
  #slots = new Int32Array(2 * slotsMin);
  /** A new list where all are forgotten. */
  #texts: string[] = [];
  /** The bytes of all of them, behind each other. */
  #bytes = new Uint8Array(bytesMin);
  /** Where those of each begin, and where the last ones end. */
  #starts = new Uint32Array(slotsMin);
  readonly #seed: number;
  /** Of the text that was asked for last, its place; -1 where it is not kept. */
  lastPlace = -1;

  /** Names come from outside: who does not know the seed can't make such as all take one slot. */
  constructor(seed = randomInt(2 ** 32)) {
    this.#seed = seed;
  }

  /** All that are kept, each at its place. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  textOf(source: Buffer, from: number, until: number): string {
    this.lastPlace = this.#placeOf(source, from, until);
    return this.#texts[this.lastPlace] ?? source.toString("utf8", from, until);
  }

  #placeOf(source: Buffer, from: number, until: number): number {
    const size = until - from;
    if (size > nameBytesMax) return -1;
    const hash = hashBytes(source, from, until, this.#seed);
    const slots = this.#slots;
    const last = (slots.length >> 1) - 1;
    let slot = hash & last;
    for (let place = slots[2 * slot + 1] ?? 0; place > 0; place = slots[2 * slot + 1] ?? 0) {
      if (slots[2 * slot] === hash && this.#isSame(place - 1, source, from, size)) return place - 1;
      slot = (slot + 1) & last;
    }
    // Where names never end there is nothing to find again.
    if (this.#texts.length === namesMax) {
      this.#clear();
      return -1;
    }
    return this.#add(slot, hash, source.subarray(from, until)) - 1;
  }

  #isSame(place: number, source: Buffer, from: number, size: number): boolean {
    const start = this.#starts[place] ?? 0;
    if ((this.#starts[place + 1] ?? 0) - start !== size) return false;
    const bytes = this.#bytes;
    for (let i = 0; i < size; i += 1) if (bytes[start + i] !== source[from + i]) return false;
    return true;
  }

  /** Answers how many are kept. */
  #add(slot: number, hash: number, name: Buffer): number {
    const count = this.#texts.push(name.toString("utf8"));
    const start = this.#starts[count - 1] ?? 0;
    const end = start + name.length;
    if (end > this.#bytes.length) this.#bytes = enlarged(this.#bytes, end);
    this.#bytes.set(name, start);
    this.#starts[count] = end;
    this.#slots[2 * slot] = hash;
    this.#slots[2 * slot + 1] = count;
    // Half of the slots stay empty, and there is a start more than texts.
    if (4 * count >= this.#slots.length) this.#grow();
    return count;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(2 * old.length);
    const last = (slots.length >> 1) - 1;
    for (let from = 0; from < old.length; from += 2) {
      const place = old[from + 1] ?? 0;
      if (place === 0) continue;
      let slot = (old[from] ?? 0) & last;
      while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & last;
      slots[2 * slot] = old[from] ?? 0;
      slots[2 * slot + 1] = place;
    }
    this.#slots = slots;
    const starts = new Uint32Array(last + 1);
    starts.set(this.#starts);
    this.#starts = starts;
  }

  #clear(): void {
    this.#slots = new Int32Array(2 * slotsMin);
    this.#starts = new Uint32Array(slotsMin);
    this.#texts = [];
  }
}

const namesMax = 65_536;
const nameBytesMax = 256;
const slotsMin = 256;
const bytesMin = 4_096;
/** Fowler, Noll and Vo's. */
const fnvPrime = 0x01000193;

/** Theirs, of two bytes at a time, and shifted after each two: without that, which names collide depends on the seed's lowest byte alone. */
export function hashBytes(source: Uint8Array, from: number, until: number, seed: number): number {
  let hash = seed | 0;
  for (let i = from; i < until; i += 2) {
    const next = i + 1 < until ? (source[i + 1] ?? 0) : 0;
    hash = Math.imul(hash ^ ((source[i] ?? 0) | (next << 8)), fnvPrime);
    hash ^= hash >>> 15;
  }
  return hash;
}

const enlarged = (bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> => {
  const larger = new Uint8Array(Math.max(size, 2 * bytes.length));
  larger.set(bytes);
  return larger;
};
