/** Number counter: the moments and the histogram of numbers that come in runs and are not kept; the histogram is the one
 *  that `histogramOf` would make of all of them at once.
 *
 *  Values are counted under their bits on the float-bit grid (float-grid.ts), each apart at first. Where they become too
 *  many, bits are dropped, but never so many that fewer than twice a profile's bins remain: so the grid that is chosen in the end
 *  does not depend on the order in which the values came. Around zero, where bins grow ever narrower, those an eighth below
 *  the zero floor of the values so far are one.
 *  Moments are merged as Chan, Golub and LeVeque (1979) do, run by run.
 *  NaN and the infinities are counted apart. No values: count 0, mean 0, M2 0, minimum and maximum null, no bins. */

import { finestResolution, gridOfBins, leftEdgeOn, RESOLUTION_MAX, zeroFloorOf } from "#lib/stats/float-grid.ts";
import type { Moments } from "#lib/stats/moments.ts";
import { NO_MOMENTS } from "#lib/stats/moments.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import { coarsenHistogram } from "#lib/stats/numeric-histogram.ts";

const CELLS_MAX = 4096;
const CELLS_LEFT_MAX = CELLS_MAX / 2;
const CAPACITY_MIN = 16;
const EXPONENT = 0x7ff00000;

/** A run of numbers and the same as words, low before high. */
export type NumberRun = { readonly values: Float64Array; readonly words: Int32Array };

export const numberRunOf = (values: Float64Array): NumberRun => ({
  values,
  words: new Int32Array(values.buffer, values.byteOffset, 2 * values.length),
});

export class NumberCounter {
  nanCount = 0;
  positiveInfinityCount = 0;
  negativeInfinityCount = 0;
  #count = 0;
  #minimum = Number.POSITIVE_INFINITY;
  #maximum = Number.NEGATIVE_INFINITY;
  /** The first value: at an offset of 1e9 a sum of the values themselves would be too coarse a number. */
  #shift = 0;
  #meanFromShift = 0;
  #m2 = 0;

  #resolution = RESOLUTION_MAX;
  /** Nearer to zero than this is zero; at first only zero itself is. */
  #zeroFloor = 0;
  /** Open addressing: two words to a cell, low before high, and a count, which is 0 where no cell is. */
  #keys = new Int32Array(2 * CAPACITY_MIN);
  #counts = new Float64Array(CAPACITY_MIN);
  #size = 0;

  get count(): number {
    return this.#count;
  }

  add(run: NumberRun, from: number, until: number): void {
    const finiteCount = this.#addMoments(run, from, until);
    if (finiteCount > 0) this.#addCells(run, from, until);
  }

  /** Answers how many of them are finite. */
  #addMoments({ values, words }: NumberRun, from: number, until: number): number {
    let count = 0;
    let sum = 0;
    let minimum = this.#minimum;
    let maximum = this.#maximum;
    for (let i = from; i < until; i += 1) {
      const x = values[i] ?? 0;
      if (((words[2 * i + 1] ?? 0) & EXPONENT) === EXPONENT) {
        this.#countNonFinite(x);
        continue;
      }
      if (this.#count + count === 0) this.#shift = x;
      count += 1;
      sum += x - this.#shift;
      if (x < minimum) minimum = x;
      if (x > maximum) maximum = x;
    }
    if (count === 0) return 0;
    const mean = sum / count;
    let m2 = 0;
    for (let i = from; i < until; i += 1) {
      if (((words[2 * i + 1] ?? 0) & EXPONENT) === EXPONENT) continue;
      const deviation = (values[i] ?? 0) - this.#shift - mean;
      m2 += deviation * deviation;
    }
    const total = this.#count + count;
    const distance = mean - this.#meanFromShift;
    this.#m2 += m2 + distance * distance * ((this.#count / total) * count);
    this.#meanFromShift += distance * (count / total);
    this.#count = total;
    this.#minimum = minimum;
    this.#maximum = maximum;
    return count;
  }

  #countNonFinite(x: number): void {
    if (Number.isNaN(x)) this.nanCount += 1;
    else if (x > 0) this.positiveInfinityCount += 1;
    else this.negativeInfinityCount += 1;
  }

  #addCells({ values, words }: NumberRun, from: number, until: number): void {
    for (let at = from; at < until; ) at = this.#addUntilFull(values, words, at, until);
  }

  /** Answers where to go on once there is room again. */
  #addUntilFull(values: Float64Array, words: Int32Array, from: number, until: number): number {
    const keys = this.#keys;
    const counts = this.#counts;
    const last = counts.length - 1;
    const shift = Math.clz32(last);
    const floor = Math.max(this.#zeroFloor, Number.MIN_VALUE);
    const { high: keptHigh, low: keptLow } = keptBits(this.#resolution);
    const room = counts.length >> 1;
    let size = this.#size;
    let i = from;
    for (; i < until; i += 1) {
      let high = (words[2 * i + 1] ?? 0) & keptHigh;
      if ((high & EXPONENT) === EXPONENT) continue;
      let low = (words[2 * i] ?? 0) & keptLow;
      const x = values[i] ?? 0;
      if (x < floor && x > -floor) {
        high = 0;
        low = 0;
      }
      let slot = hash(low, high) >>> shift;
      while (counts[slot] !== 0 && (keys[2 * slot] !== low || keys[2 * slot + 1] !== high))
        slot = (slot + 1) & last;
      if (counts[slot] === 0) {
        if (size === room) break;
        keys[2 * slot] = low;
        keys[2 * slot + 1] = high;
        size += 1;
      }
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    this.#size = size;
    if (i < until) this.#makeRoom();
    return i;
  }

  #makeRoom(): void {
    if (this.#size < CELLS_MAX) {
      this.#rehash(2 * this.#counts.length);
      return;
    }
    const bins = this.#bins();
    // Of the run that is being added, not all is counted yet.
    const count = bins.counts.reduce((sum, one) => sum + one, 0);
    const floor = zeroFloorOf(bins, { count, minimum: this.#minimum, maximum: this.#maximum });
    const floored = bins.edges.map(leftEdgeOn({ resolution: RESOLUTION_MAX, zeroFloor: floor }));
    this.#zeroFloor = Math.max(this.#zeroFloor, floor / 8);
    this.#resolution = finestResolution(floored, this.#resolution, CELLS_LEFT_MAX);
    this.#rehash(this.#counts.length);
    // All of them may lie between the floor and its eighth.
    while (this.#size > CELLS_MAX - 1) {
      this.#resolution -= 1;
      this.#rehash(this.#counts.length);
    }
  }

  /** Puts what is counted into a table of its own, on the grid that holds now. */
  #rehash(capacity: number): void {
    const [oldKeys, oldCounts] = [this.#keys, this.#counts];
    const keys = new Int32Array(2 * capacity);
    const counts = new Float64Array(capacity);
    const last = capacity - 1;
    const shift = Math.clz32(last);
    const { high: keptHigh, low: keptLow } = keptBits(this.#resolution);
    let size = 0;
    for (let old = 0; old < oldCounts.length; old += 1) {
      const count = oldCounts[old] ?? 0;
      if (count === 0) continue;
      let low = (oldKeys[2 * old] ?? 0) & keptLow;
      let high = (oldKeys[2 * old + 1] ?? 0) & keptHigh;
      if (Math.abs(floatOf(low, high)) < this.#zeroFloor) {
        low = 0;
        high = 0;
      }
      let slot = hash(low, high) >>> shift;
      while (counts[slot] !== 0 && (keys[2 * slot] !== low || keys[2 * slot + 1] !== high))
        slot = (slot + 1) & last;
      if (counts[slot] === 0) size += 1;
      keys[2 * slot] = low;
      keys[2 * slot + 1] = high;
      counts[slot] = (counts[slot] ?? 0) + count;
    }
    this.#keys = keys;
    this.#counts = counts;
    this.#size = size;
  }

  /** The occupied bins in rising order. */
  #bins(): { edges: Float64Array; counts: Float64Array } {
    const edgeOf = leftEdgeOn({ resolution: this.#resolution, zeroFloor: 0 });
    const edges = new Float64Array(this.#size);
    const byEdge = new Map<number, number>();
    let size = 0;
    for (let slot = 0; slot < this.#counts.length; slot += 1) {
      const count = this.#counts[slot] ?? 0;
      if (count === 0) continue;
      const edge = edgeOf(floatOf(this.#keys[2 * slot] ?? 0, this.#keys[2 * slot + 1] ?? 0));
      edges[size] = edge;
      byEdge.set(edge, count);
      size += 1;
    }
    edges.sort();
    return { edges, counts: edges.map((edge) => byEdge.get(edge) ?? 0) };
  }

  moments(): Moments {
    if (this.#count === 0) return NO_MOMENTS;
    const [minimum, maximum] = [this.#minimum + 0, this.#maximum + 0];
    const extent = { count: this.#count, minimum, maximum };
    if (minimum === maximum) return { ...extent, mean: minimum, m2: 0 };
    const mean = this.#shift + this.#meanFromShift;
    // A sum of deviations overflows where the values lie on both ends of what there is.
    if (!Number.isFinite(mean)) return { ...extent, mean: this.#meanOfBins(), m2: Number.POSITIVE_INFINITY };
    return { ...extent, mean, m2: Number.isNaN(this.#m2) ? Number.POSITIVE_INFINITY : this.#m2 };
  }

  #meanOfBins(): number {
    const { edges, counts } = this.#bins();
    return edges.reduce((sum, edge, i) => sum + edge * ((counts[i] ?? 0) / this.#count), 0);
  }

  histogram(): NumericHistogram {
    const bins = this.#bins();
    const finer = { resolution: this.#resolution, zeroFloor: this.#zeroFloor };
    const extent = { count: this.#count, minimum: this.#minimum, maximum: this.#maximum };
    const whole = { ...finer, edges: [...bins.edges], counts: [...bins.counts] };
    return coarsenHistogram(whole, gridOfBins(bins, extent, finer));
  }
}

const floats = new Float64Array(1);
const floatWords = new Int32Array(floats.buffer);

const floatOf = (low: number, high: number): number => {
  floatWords[0] = low;
  floatWords[1] = high;
  return floats[0] ?? 0;
};

/** The bits of the two words that tell the bins of a resolution apart. */
const keptBits = (resolution: number): { high: number; low: number } => {
  const dropped = RESOLUTION_MAX - resolution;
  if (dropped >= 32) return { high: ~(2 ** (dropped - 32) - 1), low: 0 };
  return { high: ~0, low: ~(2 ** dropped - 1) };
};

/** Multiplicative, of which the high bits count (Knuth, The Art of Computer Programming 3, 6.4). */
const hash = (low: number, high: number): number =>
  Math.imul(high ^ Math.imul(low ^ (low >>> 15), 0x2c1b3c6d), 0x9e3779b1);
