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
  flooredEdges,
  gridOfBins,
  HIGH,
  ignoredBits,
  LOW,
  RESOLUTION_MAX,
  zeroFloorOf,
} from "#lib/stats/float-grid.ts";
import type { Moments } from "#lib/stats/moments.ts";
import { NO_MOMENTS } from "#lib/stats/moments.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import { histogramOfBins } from "#lib/stats/numeric-histogram.ts";
import { orderOfWords } from "#lib/stats/sort-cells.ts";

const CELLS_MAX = 4096;
const CELLS_LEFT_MAX = CELLS_MAX / 2;
const CAPACITY_MIN = 16;
const CAPACITY_MAX = 2 * CELLS_MAX;
const SIGN = -0x80000000;
const EXPONENT = 0x7ff00000;
const MAGNITUDE = 0x7fffffff;
/** Eight bins to an octave. */
const COARSE_RESOLUTION = 3;
const COARSE_BITS = ~(2 ** (NUMBERED_RESOLUTION_MAX - COARSE_RESOLUTION) - 1);

/** Open addressing. Of each cell its high word and beside it how many values it has, 0 where no cell is, so that one look fetches both; apart its
 *  low word, which most often is 0 in all of them. */
type Table = { pairs: Int32Array; lows: Int32Array };

const tableOf = (capacity: number): Table => ({
  pairs: new Int32Array(2 * capacity),
  lows: new Int32Array(capacity),
});

/** A table of the largest size that nobody uses: what is put on a coarser grid moves into it, and leaves its own. */
let spare: Table | null = null;

const takeSpare = (): Table => {
  const table = spare ?? tableOf(CAPACITY_MAX);
  spare = null;
  // Where no values are, the words do not matter.
  table.pairs.fill(0);
  return table;
};

/** Cells of a table before it grows: half of it, so that a search is short. */
const roomOf = ({ lows }: Table) => lows.length >> 1;

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
  #addMoments(run: NumberRun, from: number, until: number): number {
    const { values } = run;
    const shift = this.#count === 0 ? (values[from] ?? 0) : this.#shift;
    let sum = 0;
    let minimum = this.#minimum;
    let maximum = this.#maximum;
    for (let i = from; i < until; i += 1) {
      const x = values[i] ?? 0;
      sum += x - shift;
      if (x < minimum) minimum = x;
      if (x > maximum) maximum = x;
    }
    // One that is not finite makes the sum so.
    if (!Number.isFinite(sum)) return this.#addFiniteMoments(run, from, until);
    const count = until - from;
    const mean = sum / count;
    let m2 = 0;
    for (let i = from; i < until; i += 1) {
      const deviation = (values[i] ?? 0) - shift - mean;
      m2 += deviation * deviation;
    }
    this.#shift = shift;
    this.#minimum = minimum;
    this.#maximum = maximum;
    this.#mergeMoments(count, mean, m2);
    return count;
  }

  /** The same of those that are finite, where not all are. */
  #addFiniteMoments({ values, words }: NumberRun, from: number, until: number): number {
    let count = 0;
    let sum = 0;
    for (let i = from; i < until; i += 1) {
      const x = values[i] ?? 0;
      if (((words[2 * i + 1] ?? 0) & EXPONENT) === EXPONENT) {
        this.#countNonFinite(x);
        continue;
      }
      if (this.#count + count === 0) this.#shift = x;
      count += 1;
      sum += x - this.#shift;
      if (x < this.#minimum) this.#minimum = x;
      if (x > this.#maximum) this.#maximum = x;
    }
    if (count === 0) return 0;
    const mean = sum / count;
    let m2 = 0;
    for (let i = from; i < until; i += 1) {
      if (((words[2 * i + 1] ?? 0) & EXPONENT) === EXPONENT) continue;
      const deviation = (values[i] ?? 0) - this.#shift - mean;
      m2 += deviation * deviation;
    }
    this.#mergeMoments(count, mean, m2);
    return count;
  }

  /** `mean` is taken from the shift. */
  #mergeMoments(count: number, mean: number, m2: number): void {
    const total = this.#count + count;
    const distance = mean - this.#meanFromShift;
    this.#m2 += m2 + distance * distance * ((this.#count / total) * count);
    this.#meanFromShift += distance * (count / total);
    this.#count = total;
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
    const { pairs, lows } = this.#table;
    const last = lows.length - 1;
    const shift = Math.clz32(last);
    const room = roomOf(this.#table);
    const coarseBelow = highWordOf(this.#coarseBelow);
    const { high: keptHigh, low: keptLow } = keptBits(this.#resolution);
    let size = this.#size;
    let i = from;
    for (; i < until; i += 1) {
      let high = words[2 * i + 1] ?? 0;
      let low = words[2 * i] ?? 0;
      const magnitude = high & MAGNITUDE;
      if (magnitude >= EXPONENT) continue;
      if (high === SIGN && low === 0) high = 0;
      if (magnitude < coarseBelow) {
        high &= COARSE_BITS;
        low = 0;
      }
      high &= keptHigh;
      low &= keptLow;
      let slot = hash(low, high) >>> shift;
      let count = pairs[2 * slot + 1] ?? 0;
      while (count !== 0 && (pairs[2 * slot] !== high || lows[slot] !== low)) {
        slot = (slot + 1) & last;
        count = pairs[2 * slot + 1] ?? 0;
      }
      if (count === 0) {
        if (size === room) break;
        pairs[2 * slot] = high;
        lows[slot] = low;
        size += 1;
      }
      pairs[2 * slot + 1] = count + 1;
    }
    this.#size = size;
    return i;
  }

  /** The same where no bit of the low words is kept. */
  #addHighWords(words: Int32Array, from: number, until: number): number {
    const { pairs, lows } = this.#table;
    const last = lows.length - 1;
    const shift = Math.clz32(last);
    const room = roomOf(this.#table);
    const coarseBelow = highWordOf(this.#coarseBelow);
    const { high: kept } = keptBits(this.#resolution);
    const keptCoarse = kept & COARSE_BITS;
    let size = this.#size;
    let i = from;
    for (; i < until; i += 1) {
      let high = words[2 * i + 1] ?? 0;
      const magnitude = high & MAGNITUDE;
      if (magnitude >= EXPONENT) continue;
      if (high === SIGN && words[2 * i] === 0) high = 0;
      high &= magnitude < coarseBelow ? keptCoarse : kept;
      let slot = hash(0, high) >>> shift;
      let count = pairs[2 * slot + 1] ?? 0;
      while (count !== 0 && pairs[2 * slot] !== high) {
        slot = (slot + 1) & last;
        count = pairs[2 * slot + 1] ?? 0;
      }
      if (count === 0) {
        if (size === room) break;
        pairs[2 * slot] = high;
        size += 1;
      }
      pairs[2 * slot + 1] = count + 1;
    }
    this.#size = size;
    return i;
  }

  #makeRoom(): void {
    const capacity = this.#table.lows.length;
    if (capacity < CAPACITY_MAX) {
      this.#rehash(Math.min(CAPACITY_MAX, GROWTH * capacity));
      return;
    }
    const isOneSided = this.#minimum >= 0 || this.#maximum <= 0;
    if (!isOneSided || this.#resolution > NUMBERED_RESOLUTION_MAX) {
      const bins = this.#bins();
      // Of the run that is being added, not all is counted yet.
      const count = bins.counts.reduce((sum, one) => sum + one, 0);
      const floor = zeroFloorOf(bins, { count, minimum: this.#minimum, maximum: this.#maximum });
      this.#coarseBelow = Math.max(this.#coarseBelow, floor / 8);
      this.#resolution = finestResolution(
        flooredEdges(bins.edges, floor),
        this.#resolution,
        CELLS_LEFT_MAX,
      );
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
    const table = capacity === CAPACITY_MAX ? takeSpare() : tableOf(capacity);
    const { pairs, lows } = table;
    const coarseBelow = highWordOf(this.#coarseBelow);
    const { high: keptHigh, low: keptLow } = keptBits(this.#resolution);
    let size = 0;
    for (let from = 0; from < old.lows.length; from += 1) {
      const count = old.pairs[2 * from + 1] ?? 0;
      if (count === 0) continue;
      let high = (old.pairs[2 * from] ?? 0) & keptHigh;
      let low = (old.lows[from] ?? 0) & keptLow;
      if ((high & MAGNITUDE) < coarseBelow) {
        high &= COARSE_BITS;
        low = 0;
      }
      const slot = findSlot(table, low, high);
      const before = pairs[2 * slot + 1] ?? 0;
      if (before === 0) size += 1;
      pairs[2 * slot] = high;
      lows[slot] = low;
      pairs[2 * slot + 1] = before + count;
    }
    this.#table = table;
    this.#size = size;
    if (old.lows.length === CAPACITY_MAX) spare = old;
  }

  /** The occupied bins in rising order. */
  #bins(): { edges: Float64Array; counts: Float64Array } {
    const { pairs, lows } = this.#table;
    let size = 0;
    for (let slot = 0; slot < lows.length; slot += 1) {
      if (pairs[2 * slot + 1] === 0) continue;
      cellHighs[size] = pairs[2 * slot] ?? 0;
      cellLows[size] = lows[slot] ?? 0;
      cellCounts[size] = pairs[2 * slot + 1] ?? 0;
      size += 1;
    }
    const order = orderOfWords(cellHighs, cellLows, size);
    const ignored = ignoredBits(this.#resolution);
    const ignoredCoarse = ignoredBits(this.#coarseResolution);
    const coarseBelow = highWordOf(this.#coarseBelow);
    const edges = new Float64Array(size);
    const words = new Int32Array(edges.buffer);
    const counts = new Float64Array(size);
    for (let i = 0; i < size; i += 1) {
      const cell = order[i] ?? 0;
      const high = cellHighs[cell] ?? 0;
      const low = cellLows[cell] ?? 0;
      // Below zero the left edge is the end that is farther from it.
      const added = (high & MAGNITUDE) < coarseBelow ? ignoredCoarse : ignored;
      words[2 * i + HIGH] = high < 0 ? high | added.high : high;
      words[2 * i + LOW] = high < 0 ? low | added.low : low;
      counts[i] = (cellCounts[cell] ?? 0) >>> 0;
    }
    return { edges, counts };
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

/** Of a table that is full: most that grow at all grow to the end. */
const GROWTH = 4;

const cellHighs = new Int32Array(CELLS_MAX);
const cellLows = new Int32Array(CELLS_MAX);
const cellCounts = new Int32Array(CELLS_MAX);

const floats = new Float64Array(1);
const floatWords = new Int32Array(floats.buffer);

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
const findSlot = ({ pairs, lows }: Table, low: number, high: number): number => {
  const last = lows.length - 1;
  let slot = hash(low, high) >>> Math.clz32(last);
  while (pairs[2 * slot + 1] !== 0 && (pairs[2 * slot] !== high || lows[slot] !== low))
    slot = (slot + 1) & last;
  return slot;
};
