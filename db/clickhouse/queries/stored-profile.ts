import { z } from "zod";
import type { ProfilePart } from "#lib/stats/feature-profile.ts";
import type { HistogramPart } from "#lib/stats/numeric-histogram.ts";
import type { NativeBlock, NativeColumns } from "../read-native.ts";

/** The finest grid of which nothing is in an edge's low word but what follows from its sign. */
const numberedResolutionMax = 20;
const highWordBits = 32;
const shortMask = 0xffff;

/** JSON quotes what it has no number for. */
const storedNumber = z.union([z.number(), z.enum(["inf", "-inf", "nan"])]).transform((value) => {
  if (typeof value === "number") return value;
  if (value === "nan") return Number.NaN;
  return value === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
});

/** A list of finite numbers. A page reads hundreds of thousands: each is looked at, and none is an object on the way. */
const numberList = z.custom<number[]>(
  (list) => Array.isArray(list) && list.every(Number.isFinite),
  "expected a list of finite numbers",
);
const countList = z.custom<number[]>(
  (list) => Array.isArray(list) && list.every(Number.isSafeInteger),
  "expected a list of whole numbers",
);

/** Milliseconds since 1970; 0 stands for never. */
export const storedTime = z.int().transform((ms) => (ms === 0 ? null : new Date(ms)));

export const storedProfileRow = z.object({
  subject: z.string(),
  feature: z.string(),
  rowCount: z.int(),
  numericCount: z.int(),
  nanCount: z.int(),
  positiveInfinityCount: z.int(),
  negativeInfinityCount: z.int(),
  nullCount: z.int(),
  absentCount: z.int(),
  stringCount: z.int(),
  booleanCount: z.int(),
  minimum: z.number(),
  maximum: z.number(),
  mean: storedNumber,
  m2: storedNumber,
  resolution: z.int(),
  zeroFloor: z.number(),
  bins: numberList,
  counts: countList,
  valueNames: z.array(z.string()),
  valueCounts: countList,
  otherCount: z.int(),
  distinctCount: z.int(),
});
export type StoredProfile = z.output<typeof storedProfileRow>;

export const profileFields = `subject, feature, row_count AS rowCount, numeric_count AS numericCount, nan_count AS nanCount,
      positive_infinity_count AS positiveInfinityCount, negative_infinity_count AS negativeInfinityCount, null_count AS nullCount,
      absent_count AS absentCount, string_count AS stringCount, boolean_count AS booleanCount, minimum, maximum, mean, m2,
      resolution, zero_floor AS zeroFloor, bins, counts, value_names AS valueNames, value_counts AS valueCounts,
      other_count AS otherCount, distinct_count AS distinctCount`;

/** Whether 16 bits of their numbers tell the bins of a row apart. At resolution 5 they are all there is but the sign; else the numbers of
 *  both ends must lie so close, which grow by at most the logarithm of their ratio and 0.0861 of an octave. */
const isShort = `(resolution = 5 OR resolution BETWEEN 6 AND 19
        AND (abs(log2(bins[-1] / bins[1])) + 0.0862) * exp2(resolution) < 65534)`;

/** A row of either table of profiles as a scan reads it. To send a byte costs more than to find it, and most of them say nothing: of a
 *  bin 16 bits of its number are sent (that of its edge's distance from zero), and half of its edge, or all, only where those
 *  can't tell it; of counts the bytes that one of them has. */
export const storedPartFields = `CAST(subject, 'String') AS subjectName, CAST(feature, 'String') AS featureName, row_count AS rowCount,
      numeric_count AS numericCount, nan_count AS nanCount, positive_infinity_count AS positiveInfinityCount,
      negative_infinity_count AS negativeInfinityCount, null_count AS nullCount, absent_count AS absentCount,
      string_count AS stringCount, boolean_count AS booleanCount, minimum, maximum, mean, m2, resolution, zero_floor AS zeroFloor,
      bins[1] AS firstEdge, bins[-1] AS lastEdge,
      arrayCount(e -> e < 0, if(bins[1] < 0, bins, [])) AS negativeBinCount,
      arrayMap(e -> toUInt16(bitShiftRight(reinterpretAsUInt64(e), 52 - resolution)), bins) AS shortNumbers,
      arrayMap(e -> toUInt32(bitShiftRight(reinterpretAsUInt64(e), ${highWordBits})),
        if(resolution > ${numberedResolutionMax} OR ${isShort}, [], bins)) AS edgeHighs,
      if(resolution > ${numberedResolutionMax}, bins, []) AS edges,
      arrayMap(c -> toUInt8(c), counts) AS countLows,
      arrayMap(c -> toUInt8(bitShiftRight(c, 8)), if(arrayMax(counts) > 255, counts, [])) AS countMiddles,
      arrayMap(c -> bitShiftRight(c, 16), if(arrayMax(counts) > 65535, counts, [])) AS countHighs,
      value_names AS valueNames, value_counts AS valueCounts, other_count AS otherCount, distinct_count AS distinctCount`;

export const storedPartColumns = {
  subjectName: "String",
  featureName: "String",
  rowCount: "UInt64",
  numericCount: "UInt64",
  nanCount: "UInt64",
  positiveInfinityCount: "UInt64",
  negativeInfinityCount: "UInt64",
  nullCount: "UInt64",
  absentCount: "UInt64",
  stringCount: "UInt64",
  booleanCount: "UInt64",
  minimum: "Float64",
  maximum: "Float64",
  mean: "Float64",
  m2: "Float64",
  resolution: "UInt8",
  zeroFloor: "Float64",
  firstEdge: "Float64",
  lastEdge: "Float64",
  negativeBinCount: "UInt32",
  shortNumbers: "Array(UInt16)",
  edgeHighs: "Array(UInt32)",
  edges: "Array(Float64)",
  countLows: "Array(UInt8)",
  countMiddles: "Array(UInt8)",
  countHighs: "Array(UInt64)",
  valueNames: "Array(String)",
  valueCounts: "Array(UInt64)",
  otherCount: "UInt64",
  distinctCount: "UInt64",
} as const satisfies NativeColumns;

/** What is stored of one key in one bucket or one baseline. */
export interface StoredPart {
  subject: string;
  feature: string;
  profile: ProfilePart;
}

type ReadStored = NativeBlock<typeof storedPartColumns>["read"];

/** Of one answer: the bins of each block are read into the same memory, since thousands of lists cost more to free than to fill. */
export function storedPartReader(): (read: ReadStored, row: number) => StoredPart {
  const room = new Room();
  return (read, row) => {
    if (row === 0) room.clear();
    return toStoredPart(read, row, room);
  };
}

function toStoredPart(read: ReadStored, row: number, room: Room): StoredPart {
  const numericCount = read.numericCount(row);
  const isEmpty = numericCount === 0;
  return {
    subject: read.subjectName(row),
    feature: read.featureName(row),
    profile: {
      ...histogramOf(read, row, room),
      rowCount: read.rowCount(row),
      numericCount,
      nanCount: read.nanCount(row),
      positiveInfinityCount: read.positiveInfinityCount(row),
      negativeInfinityCount: read.negativeInfinityCount(row),
      nullCount: read.nullCount(row),
      absentCount: read.absentCount(row),
      stringCount: read.stringCount(row),
      booleanCount: read.booleanCount(row),
      minimum: isEmpty ? null : read.minimum(row),
      maximum: isEmpty ? null : read.maximum(row),
      mean: read.mean(row),
      m2: read.m2(row),
      valueNames: read.valueNames(row),
      valueCounts: read.valueCounts(row),
      otherCount: read.otherCount(row),
      distinctCount: read.distinctCount(row),
    },
  };
}

/** Lists of numbers that are all given up at once. */
class Room {
  #numbers = new Int32Array(262_144);
  #counts = new Float64Array(262_144);
  #used = 0;

  clear(): void {
    this.#used = 0;
  }

  /** Of one size each. */
  take(size: number): { numbers: Int32Array; counts: Float64Array } {
    if (this.#used + size > this.#counts.length) {
      const roomier = 2 * Math.max(size, this.#counts.length);
      this.#numbers = new Int32Array(roomier);
      this.#counts = new Float64Array(roomier);
      this.#used = 0;
    }
    this.#used += size;
    return {
      numbers: this.#numbers.subarray(this.#used - size, this.#used),
      counts: this.#counts.subarray(this.#used - size, this.#used),
    };
  }
}

/** Of infinities and NaN, which are in no bin. */
const exponentMax = 0x7ff;
const signWord = 2 ** 31;
const valueBits = signWord - 1;

function histogramOf(read: ReadStored, row: number, room: Room): HistogramPart {
  const shortNumbers = read.shortNumbers(row);
  const size = shortNumbers.length;
  const { numbers, counts } = room.take(size);
  fillCounts(counts, read, row);
  const resolution = read.resolution(row);
  const zeroFloor = read.zeroFloor(row);
  const edges = read.edges(row);
  if (edges.length === size) {
    for (let i = 0; i < size; i += 1) if (!Number.isFinite(edges[i])) throw notFinite();
    return { resolution, zeroFloor, edges, counts };
  }
  const highs = read.edgeHighs(row);
  if (highs.length === size) {
    for (let i = 0; i < size; i += 1) numbers[i] = numberOf(highs[i] ?? 0, resolution);
    return { resolution, zeroFloor, numbers, counts };
  }
  const negativeCount = read.negativeBinCount(row);
  const isAcrossZero = negativeCount > 0 && negativeCount < size;
  const ends = [read.firstEdge(row), read.lastEdge(row)].map((edge) =>
    distanceOf(numberOf(highWordOf(edge), resolution)),
  );
  const least = isAcrossZero ? 0 : Math.min(...ends);
  for (let i = 0; i < size; i += 1) {
    const distance = least + (((shortNumbers[i] ?? 0) - least) & shortMask);
    if (distance >= exponentMax << resolution) throw notFinite();
    numbers[i] = i < negativeCount ? ~distance : distance;
  }
  return { resolution, zeroFloor, numbers, counts };
}

/** Of a bin by the high word of its edge. */
function numberOf(high: number, resolution: number): number {
  const distance = (high & valueBits) >> (numberedResolutionMax - resolution);
  if (distance >= exponentMax << resolution) throw notFinite();
  return high >= signWord ? ~distance : distance;
}

const distanceOf = (number: number) => (number < 0 ? ~number : number);

const scratch = new DataView(new ArrayBuffer(8));

function highWordOf(edge: number): number {
  scratch.setFloat64(0, edge);
  return scratch.getUint32(0);
}

const notFinite = () => new RangeError("A stored bin has no finite edge.");

function fillCounts(counts: Float64Array, read: ReadStored, row: number): void {
  const middles = read.countMiddles(row);
  const highs = read.countHighs(row);
  counts.set(read.countLows(row));
  for (let i = 0; i < middles.length; i += 1)
    counts[i] = (counts[i] ?? 0) + 256 * (middles[i] ?? 0);
  for (let i = 0; i < highs.length; i += 1) counts[i] = (counts[i] ?? 0) + 65_536 * (highs[i] ?? 0);
}
