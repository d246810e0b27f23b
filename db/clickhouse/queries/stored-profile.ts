import { z } from "zod";
import type { ProfilePart } from "#lib/stats/feature-profile.ts";
import type { HistogramPart } from "#lib/stats/numeric-histogram.ts";
import { allEdges } from "../fragments/all-edges.ts";
import type { NativeBlock, NativeColumns } from "../read-native.ts";

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

/** Of `bucket_profiles`. */
export const profileFields = `subject, feature, row_count AS rowCount, numeric_count AS numericCount, nan_count AS nanCount,
      positive_infinity_count AS positiveInfinityCount, negative_infinity_count AS negativeInfinityCount, null_count AS nullCount,
      absent_count AS absentCount, string_count AS stringCount, boolean_count AS booleanCount, minimum, maximum, mean, m2,
      resolution, zero_floor AS zeroFloor, ${allEdges} AS bins, counts, value_names AS valueNames, value_counts AS valueCounts,
      other_count AS otherCount, distinct_count AS distinctCount`;

/** A row of either table of profiles as a scan reads it: bins and counts in the form in which they are stored to be sent, and of bins
 *  that have none their edges. */
export const storedPartFields = `CAST(subject, 'String') AS subjectName, CAST(feature, 'String') AS featureName, row_count AS rowCount,
      numeric_count AS numericCount, nan_count AS nanCount, positive_infinity_count AS positiveInfinityCount,
      negative_infinity_count AS negativeInfinityCount, null_count AS nullCount, absent_count AS absentCount,
      string_count AS stringCount, boolean_count AS booleanCount, minimum, maximum, mean, m2, resolution, zero_floor AS zeroFloor,
      bin_count AS binCount, bin_base AS binBase, first_place AS firstPlace, bin_gap_bytes AS binGapBytes,
      exact_edges AS edges, count_bytes AS countBytes, value_names AS valueNames,
      value_count_bytes AS valueCountBytes, other_count AS otherCount, distinct_count AS distinctCount`;

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
  binCount: "UInt32",
  binBase: "UInt32",
  firstPlace: "Int32",
  binGapBytes: "Array(UInt8)",
  edges: "Array(Float64)",
  countBytes: "Array(UInt8)",
  valueNames: "Array(String)",
  valueCountBytes: "Array(UInt8)",
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

/** Of one answer: the bins of each row are read into the same memory, since thousands of lists cost more to free than to fill. */
export function storedPartReader(): (read: ReadStored, row: number) => StoredPart {
  const room = new Room();
  return (read, row) => toStoredPart(read, row, room);
}

function toStoredPart(read: ReadStored, row: number, room: Room): StoredPart {
  const numericCount = read.numericCount(row);
  const isEmpty = numericCount === 0;
  const valueNames = read.valueNames(row);
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
      valueNames,
      valueCounts: toNumbers(read.valueCountBytes(row), room.valueCounts(valueNames.length)),
      otherCount: read.otherCount(row),
      distinctCount: read.distinctCount(row),
    },
  };
}

/** Memory of one row's lists. */
class Room {
  #numbers = new Int32Array(4096);
  #counts = new Float64Array(4096);
  #valueCounts = new Float64Array(4096);

  /** Of one size each. */
  bins(size: number): { numbers: Int32Array; counts: Float64Array } {
    if (size > this.#counts.length) {
      this.#numbers = new Int32Array(2 * size);
      this.#counts = new Float64Array(2 * size);
    }
    return {
      numbers: this.#numbers.subarray(0, size),
      counts: this.#counts.subarray(0, size),
    };
  }

  valueCounts(size: number): Float64Array {
    if (size > this.#valueCounts.length) this.#valueCounts = new Float64Array(2 * size);
    return this.#valueCounts.subarray(0, size);
  }
}

/** Of infinities and NaN, which are in no bin. */
const exponentMax = 0x7ff;

function histogramOf(read: ReadStored, row: number, room: Room): HistogramPart {
  const { numbers, counts } = room.bins(read.binCount(row));
  toNumbers(read.countBytes(row), counts);
  const resolution = read.resolution(row);
  const zeroFloor = read.zeroFloor(row);
  const gapBytes = read.binGapBytes(row);
  if (gapBytes.length === 0) {
    const edges = read.edges(row);
    for (let i = 0; i < edges.length; i += 1) if (!Number.isFinite(edges[i])) throw notFinite();
    return { resolution, zeroFloor, edges, counts };
  }
  fillGaps(numbers, gapBytes);
  fillNumbers(numbers, read.firstPlace(row), read.binBase(row));
  // Distances from zero fall to it and rise from it.
  const first = numbers[0] ?? 0;
  const last = numbers[numbers.length - 1] ?? 0;
  if (Math.max(first < 0 ? ~first : 0, last) >= exponentMax << resolution || last < first)
    throw notFinite();
  return { resolution, zeroFloor, numbers, counts };
}

/** From how far each place lies behind the one before to the numbers of the bins: those below zero, zero, and those above it, of which none comes
 *  nearer to zero than the base. */
function fillNumbers(numbers: Int32Array, firstPlace: number, base: number): void {
  const size = numbers.length;
  let place = firstPlace;
  let i = 0;
  for (; i < size; i += 1) {
    place = (place + (numbers[i] ?? 0)) | 0;
    if (place >= 0) break;
    numbers[i] = place === -1 ? -1 : place - base;
  }
  if (i === size) return;
  numbers[i] = place === 0 ? 0 : place + base;
  for (i += 1; i < size; i += 1) {
    place += numbers[i] ?? 0;
    numbers[i] = place + base;
  }
}

const notFinite = () => new RangeError("A stored bin has no finite edge.");

/** As `toNumbers`. From below zero to above it the gap may have all 32 bits, which are a number below zero until they are added. */
function fillGaps(gaps: Int32Array, bytes: Uint8Array): void {
  const size = gaps.length;
  gaps.set(bytes.subarray(0, size));
  for (let from = size, shift = 8; from < bytes.length; from += size, shift += 8)
    for (let i = 0; i < size; i += 1) gaps[i] = (gaps[i] ?? 0) | ((bytes[from + i] ?? 0) << shift);
}

/** From the lowest byte of every number, then the next of every number, and so on. */
function toNumbers(bytes: Uint8Array, numbers: Float64Array): Float64Array {
  const size = numbers.length;
  numbers.set(bytes.subarray(0, size));
  for (let from = size, unit = 256; from < bytes.length; from += size, unit *= 256)
    for (let i = 0; i < size; i += 1)
      numbers[i] = (numbers[i] ?? 0) + unit * (bytes[from + i] ?? 0);
  return numbers;
}
