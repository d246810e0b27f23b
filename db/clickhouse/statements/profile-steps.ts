import { binCountMax } from "./float-bits.ts";

/** Profiles in SQL, for what is merged inside the engine. One step a line, each a SELECT around the one before: within one SELECT an alias
 *  that uses an alias is written out again at every use, and the engine's analysis of six layers of them took three seconds. */

/** From sorted keys (`floored_keys`, `is_wide`) on a `working_resolution` to the grid of one profile:
 *  `chosen_resolution`. */
export const resolutionSteps: readonly string[] = [
  "if(is_wide, arrayCompact(floored_keys), []) AS distinct_keys",
  // The finest grid that keeps the bins within their number: the bits in which the neighbours just past it differ.
  `arrayElement(arrayPartialReverseSort(${binCountMax}, arrayMap((a, b) -> bitXor(a, b), arrayPopFront(distinct_keys), arrayPopBack(distinct_keys))), ${binCountMax}) AS parting_bits`,
  "toInt16(bitShiftRight(reinterpretAsUInt64(toFloat64(parting_bits)), 52)) - 1023 AS rounded_length",
  `multiIf(empty(floored_keys), 52, parting_bits = 0, toInt16(working_resolution), greatest(0, least(toInt16(working_resolution),
     51 - if(bitShiftRight(parting_bits, toUInt8(rounded_length)) = 0, rounded_length - 1, rounded_length)))) AS chosen_resolution`,
];

export const profileColumns = [
  "subject",
  "feature",
  "row_count",
  "numeric_count",
  "nan_count",
  "positive_infinity_count",
  "negative_infinity_count",
  "null_count",
  "absent_count",
  "string_count",
  "boolean_count",
  "minimum",
  "maximum",
  "mean",
  "m2",
  "resolution",
  "zero_floor",
  "bins",
  "exact_edges",
  "counts",
  "value_names",
  "value_counts",
  "other_count",
  "distinct_count",
] as const;
