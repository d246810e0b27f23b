/** Counts of bins by their number, so that a bin is found without a search: numbers that lie side by side share a page.
 *
 *  The number of a bin is its edge's high word without what its resolution ignores (float-grid.ts), which is why there are
 *  pages up to resolution 20 only. An edge of a finer grid falls into its bin of this one.
 *  Worth it where bins are neighbours; `pageCount` says how much is held for those that are not. */

import { HIGH, LOW } from "#lib/stats/float-grid.ts";

export const PAGED_RESOLUTION_MAX = 20;

const PAGE_BITS = 6;
export const PAGE_SIZE = 2 ** PAGE_BITS;
const SLOT_MASK = PAGE_SIZE - 1;
const SIGN_WORD = 0x80000000;

export class BinPages {
  readonly #ignoredBits: number;
  /** Where a page begins in the counts. */
  readonly #starts = new Map<number, number>();
  #counts = new Float64Array(8 * PAGE_SIZE);

  constructor(resolution: number) {
    this.#ignoredBits = PAGED_RESOLUTION_MAX - resolution;
  }

  get pageCount(): number {
    return this.#starts.size;
  }

  add(edges: Float64Array, counts: ArrayLike<number>): void {
    const words = new Uint32Array(edges.buffer, edges.byteOffset, 2 * edges.length);
    const ignoredBits = this.#ignoredBits;
    let page = -1;
    let start = 0;
    let own = this.#counts;
    for (let i = 0; i < edges.length; i += 1) {
      const number = (words[2 * i + HIGH] ?? 0) >>> ignoredBits;
      if (number >>> PAGE_BITS !== page) {
        page = number >>> PAGE_BITS;
        start = this.#starts.get(page) ?? this.#begin(page);
        own = this.#counts;
      }
      const slot = start + (number & SLOT_MASK);
      own[slot] = (own[slot] ?? 0) + (counts[i] ?? 0);
    }
  }

  /** The occupied bins in rising order. */
  toBins(): { edges: Float64Array; counts: Float64Array } {
    const edges = new Float64Array(this.#starts.size * PAGE_SIZE);
    const counts = new Float64Array(edges.length);
    const words = new Uint32Array(edges.buffer);
    let size = 0;
    const take = (start: number, number: number) => {
      const count = this.#counts[start + (number & SLOT_MASK)] ?? 0;
      if (count === 0) return;
      const high = number << this.#ignoredBits;
      const isNegative = high < 0;
      // Of a bin below zero the left edge ends in ones.
      words[2 * size + HIGH] = isNegative ? high | (2 ** this.#ignoredBits - 1) : high;
      words[2 * size + LOW] = isNegative ? 0xffffffff : 0;
      counts[size] = count;
      size += 1;
    };
    const signPage = SIGN_WORD >>> this.#ignoredBits >>> PAGE_BITS;
    const pages = [...this.#starts].sort(([a], [b]) => a - b);
    // Below zero the words rise as the values fall.
    for (const [page, start] of pages.filter(([page]) => page >= signPage).reverse())
      for (let slot = SLOT_MASK; slot >= 0; slot -= 1) take(start, page * PAGE_SIZE + slot);
    for (const [page, start] of pages.filter(([page]) => page < signPage))
      for (let slot = 0; slot < PAGE_SIZE; slot += 1) take(start, page * PAGE_SIZE + slot);
    return { edges: edges.subarray(0, size), counts: counts.subarray(0, size) };
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
