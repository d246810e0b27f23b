/** Bins by their number, so that one is found without a search: numbers that lie side by side share a page.
 *
 *  The number of a bin is that of float-grid.ts less the one of the bin that begins at 0: below zero it is negative. Up to
 *  resolution 20 it fits 32 bits, and nothing but it is in an edge's high word.
 *  Pages are worth it where bins are neighbours; `pageCount` says how much is held for those that are not. */

import { HIGH, LOW } from "#lib/stats/float-grid.ts";

export const NUMBERED_RESOLUTION_MAX = 20;

const PAGE_BITS = 6;
export const PAGE_SIZE = 2 ** PAGE_BITS;
const SLOT_MASK = PAGE_SIZE - 1;
const VALUE_BITS = 0x7fffffff;

/** Of left edges on this grid or on a finer one. */
export const binNumbersOf = (edges: ArrayLike<number>, resolution: number): Int32Array => {
  const floats = Float64Array.from(edges);
  const words = new Int32Array(floats.buffer);
  const numbers = new Int32Array(floats.length);
  const ignored = NUMBERED_RESOLUTION_MAX - resolution;
  for (let i = 0; i < numbers.length; i += 1) {
    const high = words[2 * i + HIGH] ?? 0;
    numbers[i] = (high < 0 ? ~(high & VALUE_BITS) : high) >> ignored;
  }
  return numbers;
};

export const leftEdgesOf = (numbers: Int32Array, resolution: number): Float64Array => {
  const edges = new Float64Array(numbers.length);
  const words = new Int32Array(edges.buffer);
  const ignored = NUMBERED_RESOLUTION_MAX - resolution;
  for (let i = 0; i < numbers.length; i += 1) {
    const high = (numbers[i] ?? 0) << ignored;
    // Below zero the left edge is the end that is farther from it.
    words[2 * i + HIGH] = high < 0 ? high ^ VALUE_BITS : high;
    words[2 * i + LOW] = high < 0 ? -1 : 0;
  }
  return edges;
};

export class BinPages {
  /** Where a page begins in the counts. */
  readonly #starts = new Map<number, number>();
  #counts = new Float64Array(16 * PAGE_SIZE);

  get pageCount(): number {
    return this.#starts.size;
  }

  /** `finerBits`: of each number, its last bits that tell bins apart which are one here. Counts of one kind of list: of several, each look at
   *  one takes longer than to add it. */
  add(numbers: Int32Array, counts: Float64Array, finerBits = 0): void {
    let i = 0;
    while (i < numbers.length) {
      const page = ((numbers[i] ?? 0) >> finerBits) >> PAGE_BITS;
      const start = this.#starts.get(page) ?? this.#begin(page);
      // A loop of its own for each page: one in which the list may change takes five times as long.
      const own = this.#counts;
      for (; i < numbers.length; i += 1) {
        const number = (numbers[i] ?? 0) >> finerBits;
        if (number >> PAGE_BITS !== page) break;
        const slot = start + (number & SLOT_MASK);
        own[slot] = (own[slot] ?? 0) + (counts[i] ?? 0);
      }
    }
  }

  /** The occupied bins in rising order. */
  toBins(): { numbers: Int32Array; counts: Float64Array } {
    const numbers = new Int32Array(this.#starts.size * PAGE_SIZE);
    const counts = new Float64Array(numbers.length);
    let size = 0;
    for (const [page, start] of [...this.#starts].sort(([a], [b]) => a - b)) {
      for (let slot = 0; slot < PAGE_SIZE; slot += 1) {
        const count = this.#counts[start + slot] ?? 0;
        if (count === 0) continue;
        numbers[size] = page * PAGE_SIZE + slot;
        counts[size] = count;
        size += 1;
      }
    }
    return { numbers: numbers.subarray(0, size), counts: counts.subarray(0, size) };
  }

  #begin(page: number): number {
    const start = this.#starts.size * PAGE_SIZE;
    this.#starts.set(page, start);
    if (start === this.#counts.length) {
      const longer = new Float64Array(2 * start);
      longer.set(this.#counts);
      this.#counts = longer;
    }
    return start;
  }
}
