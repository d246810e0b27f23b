import { randomInt } from "node:crypto";

/** Texts by their bytes. The names in an answer are the same in block after block: of each one string is made, which is found again faster than
 *  it would be read, and by which a map finds at once what it knows. */
export class NameTable {
  #slots = new Int32Array(slotsMin);
  readonly #texts: string[] = [];
  readonly #hashes: number[] = [];
  /** The bytes of all of them, behind each other. */
  #bytes = new Uint8Array(bytesMin);
  readonly #ends: number[] = [];
  readonly #seed: number;

  /** Names come from outside: who does not know the seed can't make such as all take one slot. */
  constructor(seed = randomInt(2 ** 32)) {
    this.#seed = seed;
  }

  textOf(source: Buffer, from: number, until: number): string {
    const size = until - from;
    if (size > nameBytesMax) return source.toString("utf8", from, until);
    const hash = hashBytes(source, from, until, this.#seed);
    const last = this.#slots.length - 1;
    let slot = hash & last;
    for (let place = this.#slots[slot] ?? 0; place > 0; place = this.#slots[slot] ?? 0) {
      if (this.#hashes[place - 1] === hash && this.#isSame(place - 1, source, from, size))
        return this.#texts[place - 1] ?? "";
      slot = (slot + 1) & last;
    }
    const text = source.toString("utf8", from, until);
    this.#add(slot, { text, hash }, source, from, size);
    return text;
  }

  #isSame(place: number, source: Buffer, from: number, size: number): boolean {
    const start = place === 0 ? 0 : (this.#ends[place - 1] ?? 0);
    if ((this.#ends[place] ?? 0) - start !== size) return false;
    const bytes = this.#bytes;
    for (let i = 0; i < size; i += 1) if (bytes[start + i] !== source[from + i]) return false;
    return true;
  }

  #add(
    slot: number,
    { text, hash }: { text: string; hash: number },
    source: Buffer,
    from: number,
    size: number,
  ): void {
    // Where names never end there is nothing to find again.
    if (this.#texts.length === namesMax) {
      this.#clear();
      return;
    }
    const start = this.#ends.at(-1) ?? 0;
    if (start + size > this.#bytes.length) this.#bytes = enlarged(this.#bytes, start + size);
    this.#bytes.set(source.subarray(from, from + size), start);
    this.#ends.push(start + size);
    this.#hashes.push(hash);
    this.#slots[slot] = this.#texts.push(text);
    if (2 * this.#texts.length > this.#slots.length) this.#rehash();
  }

  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    const last = this.#slots.length - 1;
    for (const [place, hash] of this.#hashes.entries()) {
      let slot = hash & last;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & last;
      this.#slots[slot] = place + 1;
    }
  }

  #clear(): void {
    this.#slots = new Int32Array(slotsMin);
    this.#texts.length = 0;
    this.#hashes.length = 0;
    this.#ends.length = 0;
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
