import { z } from "zod";
import type { ProfilePart } from "#lib/stats/feature-profile.ts";
import type { NativeBlock, NativeColumns } from "../read-native.ts";

/** Bits of a mantissa that stand in the high word of a double. */
const highWordBits = 20;
const wordMax = 4_294_967_295;

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

/** A row of either table of profiles as a scan reads it. Half of what it holds of a bin says nothing: of a count the high word, and of
 *  an edge on a grid of at most 20 bits the low one; those are not sent. */
export const storedPartFields = `CAST(subject, 'String') AS subjectName, CAST(feature, 'String') AS featureName, row_count AS rowCount,
      numeric_count AS numericCount, nan_count AS nanCount, positive_infinity_count AS positiveInfinityCount,
      negative_infinity_count AS negativeInfinityCount, null_count AS nullCount, absent_count AS absentCount,
      string_count AS stringCount, boolean_count AS booleanCount, minimum, maximum, mean, m2, resolution, zero_floor AS zeroFloor,
      arrayMap(e -> toUInt32(bitShiftRight(reinterpretAsUInt64(e), 32)), bins) AS edgeHighs,
      arrayMap(e -> toUInt32(reinterpretAsUInt64(e)), if(resolution > ${highWordBits}, bins, [])) AS edgeLows,
      arrayMap(c -> toUInt32(bitShiftRight(c, 32)), if(arrayMax(counts) > ${wordMax}, counts, [])) AS countHighs,
      arrayMap(c -> toUInt32(c), counts) AS countLows,
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
  edgeHighs: "Array(UInt32)",
  edgeLows: "Array(UInt32)",
  countHighs: "Array(UInt32)",
  countLows: "Array(UInt32)",
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
      resolution: read.resolution(row),
      zeroFloor: read.zeroFloor(row),
      edges: edgesOf(read.edgeHighs(row), read.edgeLows(row), room),
      counts: countsOf(read.countHighs(row), read.countLows(row), room),
      valueNames: read.valueNames(row),
      valueCounts: read.valueCounts(row),
      otherCount: read.otherCount(row),
      distinctCount: read.distinctCount(row),
    },
  };
}

/** Lists of numbers that are all given up at once. */
class Room {
  #list = new Float64Array(262_144);
  #used = 0;

  clear(): void {
    this.#used = 0;
  }

  take(size: number): Float64Array {
    if (this.#used + size > this.#list.length) {
      this.#list = new Float64Array(2 * Math.max(size, this.#list.length));
      this.#used = 0;
    }
    this.#used += size;
    return this.#list.subarray(this.#used - size, this.#used);
  }
}

const signWord = 2 ** 31;
const exponentBits = 0x7ff00000;

/** Of a bin below zero the left edge ends in ones, of one above it in zeros. */
function edgesOf(highs: Uint32Array, lows: Uint32Array, room: Room): Float64Array {
  const edges = room.take(highs.length);
  const words = new Uint32Array(edges.buffer, edges.byteOffset, 2 * highs.length);
  const hasLows = lows.length > 0;
  for (let i = 0; i < highs.length; i += 1) {
    const high = highs[i] ?? 0;
    if ((high & exponentBits) === exponentBits)
      throw new RangeError("A stored bin has no finite edge.");
    words[2 * i + 1] = high;
    const low = high >= signWord ? wordMax : 0;
    words[2 * i] = hasLows ? (lows[i] ?? 0) : low;
  }
  return edges;
}

function countsOf(highs: Uint32Array, lows: Uint32Array, room: Room): Float64Array {
  const counts = room.take(lows.length);
  counts.set(lows);
  for (let i = 0; i < highs.length; i += 1) {
    counts[i] = (counts[i] ?? 0) + (highs[i] ?? 0) * 2 ** 32;
  }
  return counts;
}
