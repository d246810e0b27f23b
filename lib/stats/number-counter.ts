/** Number counter: the moments and the histogram of numbers that come in runs and are not kept; the histogram is the one
 *  that `histogramOf` would make of all of them at once.
 *
 *  Values are counted under their bits on the float-bit grid (float-grid.ts), each apart at first. Where they become too
 *  many, bits are dropped, but never so many that fewer than twice a profile's bins remain: so the grid that is chosen in the end
 *  does not depend on the order in which the values came. Around zero, where bins grow ever narrower, those below an eighth
 *  of the zero floor of the values so far are kept on a coarse grid: they are one bin in the end, unless what came last lies so
 *  much closer together that the floor falls below them; then all of the histogram is as coarse.
 *  Moments are merged as Chan, Golub and LeVeque (1979) do, run by run.
 *  NaN and the infinities are counted apart. No values: count 0, mean 0, M2 0, minimum and maximum null, no bins. */

import { NUMBERED_RESOLUTION_MAX } from "#lib/stats/bin-pages.ts";
import {
  finestResolution,
  gridOfBins,
  ignoredBits,
  leftEdgeOn,
  RESOLUTION_MAX,
  zeroFloorOf,
} from "#lib/stats/float-grid.ts";
import type { Moments } from "#lib/stats/moments.ts";
import { NO_MOMENTS } from "#lib/stats/moments.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import { histogramOfBins } from "#lib/stats/numeric-histogram.ts";

const CELLS_MAX = 4096;
const CELLS_LEFT_MAX = CELLS_MAX / 2;
const CAPACITY_MIN = 16;
const EXPONENT = 0x7ff00000;
const MAGNITUDE = 0x7fffffff;
/** Eight bins to an octave. */
const COARSE_RESOLUTION = 3;
const COARSE_BITS = ~(2 ** (NUMBERED_RESOLUTION_MAX - COARSE_RESOLUTION) - 1);

/** Open addressing: of each cell its two words and how many values it has, 0 where no cell is. */
type Table = { highs: Int32Array; lows: Int32Array; counts: Uint32Array };

const tableOf = (capacity: number): Table => ({
  highs: new Int32Array(capacity),
  lows: new Int32Array(capacity),
  counts: new Uint32Array(capacity),
});

/** Cells of a table before it grows: half of it, so that a search is short. */
const roomOf = ({ length }: Uint32Array) => length >> 1;

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
  /** What is nearer to zero than this is counted on the coarse grid: a power of two, or 0. */
  #coarseBelow = 0;
  #table = tableOf(CAPACITY_MIN);
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

  #addCells({ words }: NumberRun, from: number, until: number): void {
    for (let at = from; at < until; ) {
      at =
        this.#resolution <= NUMBERED_RESOLUTION_MAX
          ? this.#addHighWords(words, at, until)
          : this.#addWords(words, at, until);
      if (at < until) this.#makeRoom();
    }
  }

  /** Answers how far it came until there was no room for one more. */
  #addWords(words: Int32Array, from: number, until: number): number {
    const { highs, lows, counts } = this.#table;
    const last = counts.length - 1;
    const shift = Math.clz32(last);
    const room = roomOf(counts);
    const coarseBelow = highWordOf(this.#coarseBelow);
    const { high: keptHigh, low: keptLow } = keptBits(this.#resolution);
    let size = this.#size;
    let i = from;
    for (; i < until; i += 1) {
      let high = words[2 * i + 1] ?? 0;
      let low = words[2 * i] ?? 0;
      const magnitude = high & MAGNITUDE;
      if (magnitude >= EXPONENT) continue;
      if (magnitude === 0 && low === 0) high = 0;
      if (magnitude < coarseBelow) {
        high &= COARSE_BITS;
        low = 0;
      }
      high &= keptHigh;
      low &= keptLow;
      let slot = hash(low, high) >>> shift;
      while (counts[slot] !== 0 && (highs[slot] !== high || lows[slot] !== low))
        slot = (slot + 1) & last;
      if (counts[slot] === 0) {
        if (size === room) break;
        highs[slot] = high;
        lows[slot] = low;
        size += 1;
      }
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    this.#size = size;
    return i;
  }

  /** The same where no bit of the low words is kept. */
  #addHighWords(words: Int32Array, from: number, until: number): number {
    const { highs, counts } = this.#table;
    const last = counts.length - 1;
    const shift = Math.clz32(last);
    const room = roomOf(counts);
    const coarseBelow = highWordOf(this.#coarseBelow);
    const { high: kept } = keptBits(this.#resolution);
    let size = this.#size;
    let i = from;
    for (; i < until; i += 1) {
      let high = words[2 * i + 1] ?? 0;
      const magnitude = high & MAGNITUDE;
      if (magnitude >= EXPONENT) continue;
      if (magnitude === 0 && words[2 * i] === 0) high = 0;
      high &= magnitude < coarseBelow ? kept & COARSE_BITS : kept;
      let slot = hash(0, high) >>> shift;
      while (counts[slot] !== 0 && highs[slot] !== high) slot = (slot + 1) & last;
      if (counts[slot] === 0) {
        if (size === room) break;
        highs[slot] = high;
        size += 1;
      }
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    this.#size = size;
    return i;
  }

  #makeRoom(): void {
    const capacity = this.#table.counts.length;
    if (this.#size < CELLS_MAX) {
      this.#rehash(2 * capacity);
      return;
    }
    const isOneSided = this.#minimum >= 0 || this.#maximum <= 0;
    if (!isOneSided || this.#resolution > NUMBERED_RESOLUTION_MAX) {
      const bins = this.#bins();
      // Of the run that is being added, not all is counted yet.
      const count = bins.counts.reduce((sum, one) => sum + one, 0);
      const floor = zeroFloorOf(bins, { count, minimum: this.#minimum, maximum: this.#maximum });
      const floored = bins.edges.map(leftEdgeOn({ resolution: RESOLUTION_MAX, zeroFloor: floor }));
      this.#coarseBelow = Math.max(this.#coarseBelow, floor / 8);
      this.#resolution = finestResolution(floored, this.#resolution, CELLS_LEFT_MAX);
      this.#rehash(capacity);
    }
    // Bit by bit where no floor has a say, and where too many are left below it.
    while (this.#size > (isOneSided ? CELLS_LEFT_MAX : CELLS_MAX - 1)) {
      this.#resolution -= 1;
      this.#rehash(capacity);
    }
  }

  /** Puts what is counted into a table of its own, on the grid that holds now. */
  #rehash(capacity: number): void {
    const old = this.#table;
    const table = tableOf(capacity);
    const { highs, lows, counts } = table;
    const coarseBelow = highWordOf(this.#coarseBelow);
    const { high: keptHigh, low: keptLow } = keptBits(this.#resolution);
    let size = 0;
    for (let from = 0; from < old.counts.length; from += 1) {
      const count = old.counts[from] ?? 0;
      if (count === 0) continue;
      let low = (old.lows[from] ?? 0) & keptLow;
      let high = (old.highs[from] ?? 0) & keptHigh;
      if ((high & MAGNITUDE) < coarseBelow) {
        high &= COARSE_BITS;
        low = 0;
      }
      const slot = findSlot(table, low, high);
      if (counts[slot] === 0) size += 1;
      highs[slot] = high;
      lows[slot] = low;
      counts[slot] = (counts[slot] ?? 0) + count;
    }
    this.#table = table;
    this.#size = size;
  }

  /** The occupied bins in rising order. */
  #bins(): { edges: Float64Array; counts: Float64Array } {
    const { highs, lows, counts } = this.#table;
    const edgeOf = leftEdgeOn({ resolution: this.#resolution, zeroFloor: 0 });
    const coarseEdgeOf = leftEdgeOn({ resolution: this.#coarseResolution, zeroFloor: 0 });
    const coarseBelow = highWordOf(this.#coarseBelow);
    const edges = new Float64Array(this.#size);
    let size = 0;
    for (let slot = 0; slot < counts.length; slot += 1) {
      if (counts[slot] === 0) continue;
      const high = highs[slot] ?? 0;
      const value = floatOf(lows[slot] ?? 0, high);
      edges[size] = (high & MAGNITUDE) < coarseBelow ? coarseEdgeOf(value) : edgeOf(value);
      size += 1;
    }
    edges.sort();
    return { edges, counts: this.#countsOf(edges) };
  }

  #countsOf(edges: Float64Array): Float64Array {
    const { counts } = this.#table;
    const coarseBelow = highWordOf(this.#coarseBelow);
    const { high: keptHigh, low: keptLow } = keptBits(this.#resolution);
    const words = new Int32Array(edges.buffer);
    const found = new Float64Array(edges.length);
    for (let i = 0; i < edges.length; i += 1) {
      let low = (words[2 * i] ?? 0) & keptLow;
      let high = (words[2 * i + 1] ?? 0) & keptHigh;
      if ((high & MAGNITUDE) < coarseBelow) {
        high &= COARSE_BITS;
        low = 0;
      }
      found[i] = counts[findSlot(this.#table, low, high)] ?? 0;
    }
    return found;
  }

  moments(): Moments {
    if (this.#count === 0) return NO_MOMENTS;
    const [minimum, maximum] = [this.#minimum + 0, this.#maximum + 0];
    const extent = { count: this.#count, minimum, maximum };
    if (minimum === maximum) return { ...extent, mean: minimum, m2: 0 };
    const mean = this.#shift + this.#meanFromShift;
    // A sum of deviations overflows where the values lie on both ends of what there is.
    if (!Number.isFinite(mean))
      return { ...extent, mean: this.#meanOfBins(), m2: Number.POSITIVE_INFINITY };
    return { ...extent, mean, m2: Number.isNaN(this.#m2) ? Number.POSITIVE_INFINITY : this.#m2 };
  }

  #meanOfBins(): number {
    const { edges, counts } = this.#bins();
    return edges.reduce((sum, edge, i) => sum + edge * ((counts[i] ?? 0) / this.#count), 0);
  }

  histogram(): NumericHistogram {
    const bins = this.#bins();
    const extent = { count: this.#count, minimum: this.#minimum, maximum: this.#maximum };
    const grid = gridOfBins(bins, extent, this.#resolution);
    return histogramOfBins(
      bins,
      grid.zeroFloor >= this.#coarseBelow ? grid : gridOfBins(bins, extent, this.#coarseResolution),
    );
  }

  get #coarseResolution(): number {
    return Math.min(COARSE_RESOLUTION, this.#resolution);
  }
}

const floats = new Float64Array(1);
const floatWords = new Int32Array(floats.buffer);

const floatOf = (low: number, high: number): number => {
  floatWords[0] = low;
  floatWords[1] = high;
  return floats[0] ?? 0;
};

/** Of a power of two or 0, which is all that a floor can be: what is nearer to zero has a smaller one. */
const highWordOf = (floor: number): number => {
  floats[0] = floor;
  return floatWords[1] ?? 0;
};

/** The bits of the two words that tell the bins of a resolution apart. */
const keptBits = (resolution: number): { high: number; low: number } => {
  const { high, low } = ignoredBits(resolution);
  return { high: ~high, low: ~low };
};

/** Multiplicative, of which the high bits count (Knuth, The Art of Computer Programming 3, 6.4). */
const hash = (low: number, high: number): number =>
  Math.imul(high ^ Math.imul(low ^ (low >>> 15), 0x2c1b3c6d), 0x9e3779b1);

/** Where a cell is, or would be. */
const findSlot = ({ highs, lows, counts }: Table, low: number, high: number): number => {
  const last = counts.length - 1;
  let slot = hash(low, high) >>> Math.clz32(last);
  while (counts[slot] !== 0 && (highs[slot] !== high || lows[slot] !== low))
    slot = (slot + 1) & last;
  return slot;
};
