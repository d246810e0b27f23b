import { z } from "zod";

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
