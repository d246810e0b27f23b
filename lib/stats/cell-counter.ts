/** Cell counter: the histogram of finite numbers that come in runs and are not kept, as `histogramOf` would make it of all of
 *  them at once.
 *
 *  Values are counted under their bits on the float-bit grid (float-grid.ts), each apart at first. Where they become too
 *  many, bits are dropped, but never so many that fewer than twice a profile's bins remain: so the grid that is chosen in the end
 *  does not depend on the order in which the values came. Around zero, where bins grow ever narrower, those below an eighth
 *  of the zero floor of the values so far are kept on a coarse grid: they are one bin in the end, unless what came last lies so
 *  much closer together that the floor falls below them; then all of the histogram is as coarse.
 *  Small integers, and later what lies where most values do, have a place of their own each; all else is searched for.
 *  What is not finite is passed over. */

import { NUMBERED_RESOLUTION_MAX } from "#lib/stats/bin-pages.ts";
import {
  finestResolution,
  flooredEdges,
  gridOfBins,
  HIGH,
  ignoredBits,
  LOW,
  PROFILE_BIN_COUNT_MAX,
  RESOLUTION_MAX,
  zeroFloorOf,
} from "#lib/stats/float-grid.ts";
import type { NumberRun } from "#lib/stats/number-run.ts";
import { EXPONENT_BITS } from "#lib/stats/number-run.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import { histogramOfBins } from "#lib/stats/numeric-histogram.ts";
import { orderOfWords } from "#lib/stats/sort-cells.ts";

/** The values so far, with those of the run that is being added. */
type Extent = { readonly count: number; readonly minimum: number; readonly maximum: number };

/** Cells of a table at its largest. */
const CELLS_MAX = 4096;
/** What is left of them when bits are dropped. */
const CELLS_LEFT_MAX = CELLS_MAX / 2;
const CAPACITY_MIN = 16;
const CAPACITY_MAX = 2 * CELLS_MAX;
/** Of a table that is full: most that grow at all grow to the end. */
const GROWTH = 4;
const INTEGERS_MAX = 1024;
const SIGN = -0x80000000;
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

const takeTable = (capacity: number): Table => {
  if (capacity !== CAPACITY_MAX || spare === null) return tableOf(capacity);
  const table = spare;
  spare = null;
  // Where no values are, the words do not matter.
  table.pairs.fill(0);
  return table;
};

/** Cells of a table before it grows: half of it, so that a search is short. */
const roomOf = ({ lows }: Table) => Math.min(CELLS_MAX, lows.length >> 1);

/** How many values those cells have that lie side by side: first those above zero, then those below it, both by rising distance from it. */
type Window = {
  counts: Int32Array;
  /** Bits of a high word that are dropped from a cell's number. */
  drop: number;
  /** The number of the cell nearest to zero: at least 1, so that zero itself is never one of them. */
  first: number;
  /** Cells of one sign. */
  width: number;
};

/** A grid on which not every value is apart, and where on it most of them lie. */
type CoarseGrid = { resolution: number; coarseBelow: number; window: Window };

const NONE = new Int32Array(0);
const NO_WINDOW: Window = { counts: NONE, drop: 0, first: 0, width: 0 };

/** How often small integers occur, from the first one on, while every value is apart. */
type Integers = { counts: Int32Array; first: number };

const NO_INTEGERS: Integers = { counts: NONE, first: 0 };
const WIDTH_MAX = CELLS_MAX;
/** Values of a run that may tell whether the grid of another counter is a grid for them. */
const TOLD_MIN = 2 * PROFILE_BIN_COUNT_MAX;

export class CellCounter {
  #resolution = RESOLUTION_MAX;
  /** What is nearer to zero than this is counted on the coarse grid: a power of two, or 0. */
  #coarseBelow = 0;
  #table = tableOf(CAPACITY_MIN);
  /** Cells of the table that have values. */
  #tableSize = 0;
  #integers = NO_INTEGERS;
  #window = NO_WINDOW;
  #alike: CellCounter | null;

  /** `alike`: one that has counted values that may well be like these. The histogram does not depend on it, but for what was said of values nearer
   *  to zero. */
  constructor(alike: CellCounter | null = null) {
    this.#alike = alike;
  }

  add(run: NumberRun, { from, until }: { from: number; until: number }, extent: Extent): void {
    const { values } = run;
    if (this.#alike !== null && until - from >= TOLD_MIN) {
      const grid = this.#alike.#grid;
      this.#alike = null;
      if (grid !== null && this.#addOnGrid(run, { from, until }, extent, grid)) return;
    }
    if (this.#isExact && Number.isInteger(values[from])) this.#widenIntegers(extent);
    this.#addRun(run, { from, until }, extent);
  }

  /** What came of the values so far; null as long as they are few. */
  get #grid(): CoarseGrid | null {
    if (this.#resolution > NUMBERED_RESOLUTION_MAX) return null;
    return { resolution: this.#resolution, coarseBelow: this.#coarseBelow, window: this.#window };
  }

  /** Begins where the other counter came to in place of finding it again: with so many values apart that the last ones to come cannot have the
   *  histogram be finer. Where these values do not tell that, all is as it was before, and the answer is false. */
  #addOnGrid(
    run: NumberRun,
    range: { from: number; until: number },
    extent: Extent,
    { resolution, coarseBelow, window }: CoarseGrid,
  ): boolean {
    if (!this.#isExact || this.#table.lows.length === CAPACITY_MAX) return false;
    const before = { table: this.#table, size: this.#tableSize, integers: this.#integers };
    this.#resolution = resolution;
    this.#coarseBelow = coarseBelow;
    this.#rehash(extent, NO_INTEGERS, this.#takeCells().size, {
      ...window,
      counts: new Int32Array(window.counts.length),
    });
    this.#addRun(run, range, extent);
    if (this.#isFineEnough(extent)) return true;
    this.#resolution = RESOLUTION_MAX;
    this.#coarseBelow = 0;
    this.#table = before.table;
    this.#tableSize = before.size;
    this.#integers = before.integers;
    this.#window = NO_WINDOW;
    return false;
  }

  /** Whether the histogram of the values so far, and so of any more, is coarser than what is counted. */
  #isFineEnough(extent: Extent): boolean {
    const bins = this.#bins();
    const floor = zeroFloorOf(bins, extent);
    return (
      this.#coarseBelow <= floor / 4 &&
      flooredEdges(bins.edges, floor).length > PROFILE_BIN_COUNT_MAX
    );
  }

  #addRun(
    { values, words }: NumberRun,
    { from, until }: { from: number; until: number },
    extent: Extent,
  ): void {
    for (let at = from; at < until; ) {
      at =
        this.#resolution <= NUMBERED_RESOLUTION_MAX
          ? this.#addHighWords(words, at, until)
          : this.#addWords(values, words, at, until);
      if (at < until) this.#makeRoom(extent);
    }
  }

  /** Whether every value is apart. */
  get #isExact(): boolean {
    return this.#resolution === RESOLUTION_MAX && this.#coarseBelow === 0;
  }

  /** So many that each of the values so far has a place, where that can be, but not more than there are values. */
  #widenIntegers(extent: Extent): void {
    const { minimum, maximum } = extent;
    const { counts, first } = this.#integers;
    if (minimum >= first && maximum < first + counts.length) return;
    if (minimum >= INTEGERS_MAX || maximum < -INTEGERS_MAX / 2) return;
    const wanted = minimum < 0 ? 2 * Math.max(-minimum, maximum + 1) : maximum + 1;
    const length = Math.min(INTEGERS_MAX, 2 ** Math.ceil(Math.log2(wanted)));
    const firstWanted = minimum < 0 ? -length / 2 : 0;
    if (length > extent.count) return;
    if (length > counts.length || firstWanted < first)
      this.#rehash(extent, { counts: new Int32Array(length), first: firstWanted });
  }

  /** Answers how far it came until there was no room for one more; so does the other. */
  #addWords(values: Float64Array, words: Int32Array, from: number, until: number): number {
    const { pairs, lows } = this.#table;
    const last = lows.length - 1;
    const shift = Math.clz32(last);
    const room = roomOf(this.#table);
    const coarseBelow = highWordOf(this.#coarseBelow);
    const { high: keptHigh, low: keptLow } = keptBits(this.#resolution);
    let size = this.#tableSize;
    let i = from;
    for (; i < until; i += 1) {
      i = countIntegers(this.#integers, values, i, until);
      if (i === until) break;
      let high = words[2 * i + 1] ?? 0;
      let low = words[2 * i] ?? 0;
      const magnitude = high & MAGNITUDE;
      if (magnitude >= EXPONENT_BITS) continue;
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
        if (size >= room) break;
        pairs[2 * slot] = high;
        lows[slot] = low;
        size += 1;
      }
      pairs[2 * slot + 1] = count + 1;
    }
    this.#tableSize = size;
    return i;
  }

  /** Where no bit of the low words is kept. */
  #addHighWords(words: Int32Array, from: number, until: number): number {
    const { pairs, lows } = this.#table;
    const last = lows.length - 1;
    const shift = Math.clz32(last);
    const room = roomOf(this.#table);
    const coarseBelow = highWordOf(this.#coarseBelow);
    const { high: kept } = keptBits(this.#resolution);
    const keptCoarse = kept & COARSE_BITS;
    let size = this.#tableSize;
    let i = from;
    for (; i < until; i += 1) {
      i = countInWindow(this.#window, words, i, until);
      if (i === until) break;
      let high = words[2 * i + 1] ?? 0;
      const magnitude = high & MAGNITUDE;
      if (magnitude >= EXPONENT_BITS) continue;
      if (high === SIGN && words[2 * i] === 0) high = 0;
      high &= magnitude < coarseBelow ? keptCoarse : kept;
      let slot = hash(0, high) >>> shift;
      let count = pairs[2 * slot + 1] ?? 0;
      while (count !== 0 && pairs[2 * slot] !== high) {
        slot = (slot + 1) & last;
        count = pairs[2 * slot + 1] ?? 0;
      }
      if (count === 0) {
        if (size >= room) break;
        pairs[2 * slot] = high;
        size += 1;
      }
      pairs[2 * slot + 1] = count + 1;
    }
    this.#tableSize = size;
    return i;
  }

  #makeRoom(extent: Extent): void {
    if (this.#table.lows.length < CAPACITY_MAX) {
      this.#growTable();
      return;
    }
    const isOneSided = extent.minimum >= 0 || extent.maximum <= 0;
    let size = Number.POSITIVE_INFINITY;
    if (!isOneSided || this.#resolution > NUMBERED_RESOLUTION_MAX) {
      const bins = this.#bins();
      // Of the run that is being added, not all is counted yet.
      const count = bins.counts.reduce((sum, one) => sum + one, 0);
      const floor = zeroFloorOf(bins, { ...extent, count });
      this.#coarseBelow = Math.max(this.#coarseBelow, floor / 8);
      this.#resolution = finestResolution(
        flooredEdges(bins.edges, floor),
        this.#resolution,
        CELLS_LEFT_MAX,
      );
      // The bins have just put all cells into the lists.
      size = this.#rehash(extent, NO_INTEGERS, bins.edges.length);
    }
    // Bit by bit where no floor has a say, and where too many are left below it.
    const sizeMax = isOneSided ? CELLS_LEFT_MAX : CELLS_MAX - 1;
    while (size > sizeMax || this.#tableSize >= roomOf(this.#table)) {
      this.#resolution -= 1;
      size = this.#rehash(extent);
    }
  }

  #growTable(): void {
    const old = this.#table;
    const table = takeTable(Math.min(CAPACITY_MAX, GROWTH * old.lows.length));
    for (let from = 0; from < old.lows.length; from += 1) {
      const count = old.pairs[2 * from + 1] ?? 0;
      if (count !== 0) putCell(table, old.pairs[2 * from] ?? 0, old.lows[from] ?? 0, count);
    }
    this.#table = table;
  }

  /** Puts what is counted where it belongs on the grid that holds now, and has room for more. Answers how many cells there are. */
  #rehash(
    extent: Extent,
    integers = NO_INTEGERS,
    cellCount = this.#takeCells().size,
    window?: Window,
  ): number {
    const coarseBelow = highWordOf(this.#coarseBelow);
    const { high: keptHigh, low: keptLow } = keptBits(this.#resolution);
    for (let cell = 0; cell < cellCount; cell += 1) {
      let high = (cellHighs[cell] ?? 0) & keptHigh;
      let low = (cellLows[cell] ?? 0) & keptLow;
      if ((high & MAGNITUDE) < coarseBelow) {
        high &= COARSE_BITS;
        low = 0;
      }
      cellHighs[cell] = high;
      cellLows[cell] = low;
    }
    this.#integers = integers;
    this.#window =
      window ??
      (this.#resolution > NUMBERED_RESOLUTION_MAX
        ? NO_WINDOW
        : windowOver(cellCount, { extent, coarseBelow, resolution: this.#resolution }));
    return this.#putCells(cellCount);
  }

  #putCells(cellCount: number): number {
    const integers = this.#integers;
    const { counts } = this.#window;
    let size = 0;
    let looseCount = 0;
    for (let cell = 0; cell < cellCount; cell += 1) {
      const high = cellHighs[cell] ?? 0;
      const low = cellLows[cell] ?? 0;
      const count = cellCounts[cell] ?? 0;
      const integer = integerPlace(integers, high, low);
      const place = integer < 0 ? windowPlace(this.#window, high) : integer;
      if (place < 0) {
        cellHighs[looseCount] = high;
        cellLows[looseCount] = low;
        cellCounts[looseCount] = count;
        looseCount += 1;
        continue;
      }
      const own = integer < 0 ? counts : integers.counts;
      const before = own[place] ?? 0;
      if (before === 0) size += 1;
      own[place] = before + count;
    }
    let capacity = CAPACITY_MIN;
    while (capacity < CAPACITY_MAX && capacity < 4 * looseCount)
      capacity = Math.min(CAPACITY_MAX, GROWTH * capacity);
    // So many only until more bits are dropped.
    while (capacity < 2 * looseCount) capacity *= 2;
    const old = this.#table;
    const table = takeTable(capacity);
    let tableSize = 0;
    for (let cell = 0; cell < looseCount; cell += 1) {
      if (putCell(table, cellHighs[cell] ?? 0, cellLows[cell] ?? 0, cellCounts[cell] ?? 0))
        tableSize += 1;
    }
    this.#table = table;
    this.#tableSize = tableSize;
    if (old.lows.length === CAPACITY_MAX) spare = old;
    return size + tableSize;
  }

  /** Puts all that is counted into the lists of cells. Answers how many they are; the first ones in no order, and then those of the window,
   *  which rise. */
  #takeCells(): { size: number; looseCount: number } {
    const { pairs, lows } = this.#table;
    let size = 0;
    for (let slot = 0; slot < lows.length; slot += 1) {
      if (pairs[2 * slot + 1] === 0) continue;
      cellHighs[size] = pairs[2 * slot] ?? 0;
      cellLows[size] = lows[slot] ?? 0;
      cellCounts[size] = pairs[2 * slot + 1] ?? 0;
      size += 1;
    }
    const { counts: integers, first: firstInteger } = this.#integers;
    for (let place = 0; place < integers.length; place += 1) {
      if (integers[place] === 0) continue;
      cellHighs[size] = highWordOf(firstInteger + place);
      cellLows[size] = 0;
      cellCounts[size] = integers[place] ?? 0;
      size += 1;
    }
    const looseCount = size;
    const { counts, drop, first, width } = this.#window;
    for (let place = 2 * width - 1; place >= width; place -= 1) {
      if (counts[place] === 0) continue;
      cellHighs[size] = SIGN | ((first + place - width) << drop);
      cellLows[size] = 0;
      cellCounts[size] = counts[place] ?? 0;
      size += 1;
    }
    for (let place = 0; place < width; place += 1) {
      if (counts[place] === 0) continue;
      cellHighs[size] = (first + place) << drop;
      cellLows[size] = 0;
      cellCounts[size] = counts[place] ?? 0;
      size += 1;
    }
    return { size, looseCount };
  }

  /** The occupied bins in rising order. */
  #bins(): { edges: Float64Array; counts: Float64Array } {
    const { size, looseCount } = this.#takeCells();
    const order = orderOfWords(cellHighs, cellLows, looseCount);
    const ignored = ignoredBits(this.#resolution);
    const ignoredCoarse = ignoredBits(this.#coarseResolution);
    const coarseBelow = highWordOf(this.#coarseBelow);
    const edges = new Float64Array(size);
    const words = new Int32Array(edges.buffer);
    const counts = new Float64Array(size);
    let loose = 0;
    let ordered = looseCount;
    for (let i = 0; i < size; i += 1) {
      const nextLoose = order[loose] ?? 0;
      const isLoose =
        loose < looseCount &&
        (ordered === size || rankOf(cellHighs[nextLoose]) < rankOf(cellHighs[ordered]));
      const cell = isLoose ? nextLoose : ordered;
      if (isLoose) loose += 1;
      else ordered += 1;
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

  /** As well as the bins know it. */
  meanOfBins(count: number): number {
    const { edges, counts } = this.#bins();
    return edges.reduce((sum, edge, i) => sum + edge * ((counts[i] ?? 0) / count), 0);
  }

  histogram(extent: Extent): NumericHistogram {
    const bins = this.#bins();
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

/** Those of a table, the integers or the window's. */
const LISTED_MAX = CELLS_MAX + 2 * WIDTH_MAX;
const cellHighs = new Int32Array(LISTED_MAX);
const cellLows = new Int32Array(LISTED_MAX);
const cellCounts = new Int32Array(LISTED_MAX);

const floats = new Float64Array(1);
const floatWords = new Int32Array(floats.buffer);

/** What is nearer to zero has a smaller one. */
const highWordOf = (x: number): number => {
  floats[0] = x;
  return floatWords[HIGH] ?? 0;
};

/** The bits of the two words that tell the bins of a resolution apart. */
const keptBits = (resolution: number): { high: number; low: number } => {
  const { high, low } = ignoredBits(resolution);
  return { high: ~high, low: ~low };
};

/** Grows as the numbers do whose high words these are. */
const rankOf = (high = 0): number => (high < 0 ? ~(high & MAGNITUDE) : high);

/** Multiplicative, of which the high bits count (Knuth, The Art of Computer Programming 3, 6.4). */
const hash = (low: number, high: number): number =>
  Math.imul(high ^ Math.imul(low ^ (low >>> 15), 0x2c1b3c6d), 0x9e3779b1);

/** Answers whether the cell is a new one. */
const putCell = ({ pairs, lows }: Table, high: number, low: number, count: number): boolean => {
  const last = lows.length - 1;
  let slot = hash(low, high) >>> Math.clz32(last);
  while (pairs[2 * slot + 1] !== 0 && (pairs[2 * slot] !== high || lows[slot] !== low))
    slot = (slot + 1) & last;
  const before = pairs[2 * slot + 1] ?? 0;
  pairs[2 * slot] = high;
  lows[slot] = low;
  pairs[2 * slot + 1] = before + count;
  return before === 0;
};

/** -1 where a cell has no place among the integers. */
const integerPlace = ({ counts, first }: Integers, high: number, low: number): number => {
  floatWords[HIGH] = high;
  floatWords[LOW] = low;
  const x = floats[0] ?? 0;
  return Number.isInteger(x) && x >= first && x < first + counts.length ? x - first : -1;
};

/** Answers how far it came until one has no place there. A loop of its own: most runs are nothing else. */
const countIntegers = (
  { counts, first }: Integers,
  values: Float64Array,
  from: number,
  until: number,
): number => {
  for (let i = from; i < until; i += 1) {
    const x = values[i] ?? 0;
    const integer = x | 0;
    const place = integer - first;
    if (integer !== x || place < 0 || place >= counts.length) return i;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return until;
};

/** As `countIntegers`. */
const countInWindow = (
  { counts, drop, first, width }: Window,
  words: Int32Array,
  from: number,
  until: number,
): number => {
  for (let i = from; i < until; i += 1) {
    const high = words[2 * i + 1] ?? 0;
    const fromFirst = ((high & MAGNITUDE) >> drop) - first;
    if (fromFirst < 0 || fromFirst >= width) return i;
    const place = fromFirst + (width & (high >> 31));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return until;
};

/** -1 where a cell has no place in the window. */
const windowPlace = ({ drop, first, width }: Window, high: number): number => {
  const fromFirst = ((high & MAGNITUDE) >> drop) - first;
  return fromFirst >= 0 && fromFirst < width ? fromFirst + (width & (high >> 31)) : -1;
};

/** A window over the listed cells. Where they lie too far apart for one, it ends half its width above their mean distance from zero,
 *  counted in cells: in the field's data that is where they are many, whatever lies far out. */
const windowOver = (
  cellCount: number,
  grid: { extent: Extent; coarseBelow: number; resolution: number },
): Window => {
  const { extent, coarseBelow, resolution } = grid;
  const drop = NUMBERED_RESOLUTION_MAX - resolution;
  const [least = 0, greatest = 0] = [extent.minimum, extent.maximum]
    .map((x) => highWordOf(Math.abs(x)) >> drop)
    .sort((a, b) => a - b);
  const isOneSided = extent.minimum >= 0 || extent.maximum <= 0;
  const nearest = Math.max(1, coarseBelow >> drop, isOneSided ? least : 0);
  let count = 0;
  let sum = 0;
  for (let cell = 0; cell < cellCount; cell += 1) {
    const own = ((cellHighs[cell] ?? 0) & MAGNITUDE) >> drop;
    if (own < nearest) continue;
    count += cellCounts[cell] ?? 0;
    sum += own * (cellCounts[cell] ?? 0);
  }
  if (count === 0) return NO_WINDOW;
  const last = Math.min(greatest, Math.round(sum / count) + WIDTH_MAX / 2);
  const first = Math.max(nearest, last - WIDTH_MAX + 1);
  const width = last - first + 1;
  return { counts: new Int32Array(2 * width), drop, first, width };
};
