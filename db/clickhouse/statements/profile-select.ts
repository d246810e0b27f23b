import {
  binCountMax,
  edgeOf,
  exponentBits,
  finiteKeyMin,
  infinityKey,
  keyOf,
  maskOf,
  quietBit,
  signBit,
} from "./float-bits.ts";
import type { ProfileKeyParams, ValueKind } from "./profile-keys.ts";
import { fixedKeys, valueKinds } from "./profile-keys.ts";

/** The SELECT that turns raw rows into profiles: one row per (group, key), a key being a feature or another subject.
 *
 *  Values are counted in one pass under their bits on the float grid (the head comment of the statistics' float-grid file
 *  has the definition), at a working resolution per key; the grid of each profile is then chosen from those counts
 *  alone. Names travel as positions in `keyList`, because grouping by two integers is twice as fast as by strings.
 *  A working resolution that was too coarse is seen in the answer: the profile's own resolution equals it. */

const features = "{features: Array(String)}";
const classes = "{classes: Array(String)}";
const ages = "{ages: Array(String)}";
const resolutions = "{resolutions: Array(UInt8)}";

/** Where each list starts. Position 0 stands for a name that is in no list. Numbers, spliced: to count lists at every use
 *  costs the engine's analysis more than the counting of a small bucket. */
interface Layout {
  featureCount: number;
  firstClass: number;
  firstAge: number;
  firstFixed: number;
  width: number;
}

function layoutOf(params: ProfileKeyParams): Layout {
  const firstClass = params.features.length;
  const firstAge = firstClass + params.classes.length;
  const firstFixed = firstAge + params.ages.length;
  return {
    featureCount: firstClass,
    firstClass,
    firstAge,
    firstFixed,
    width: firstFixed + fixedKeys.length + 1,
  };
}

const positionIn = (list: string, first: number, name: string) =>
  `transform(${name}, ${list}, arrayMap(i -> toUInt64(${first} + i), arrayEnumerate(${list})), toUInt64(0))`;
const gidOf = (layout: Layout, position: string) => `group_id * ${layout.width} + ${position}`;

const number = 0;
const text = 1;
const flag = 2;
const missing = 3;
const row = 4;

/** What counts of every kind have in common, in this order. */
const columnsOfCounts =
  "gid, kind, u, name, c, sd, sdd, mn, mx, newest_event, newest_received, newest_feature";
const noNumbers = "toFloat64(0) AS sd, toFloat64(0) AS sdd, toFloat64(0) AS mn, toFloat64(0) AS mx";
const noTime = "toInt64(0)";

/** Counts under the bits of a value, cut at its mask: a bin of the grid once they are turned. The distance is to where the
 *  bin begins as seen from 0. Times are plain integers and every aggregate one that the engine compiles: all of them then
 *  update a count's state in one step, where the states are what costs. */
const countNumbers = (values: string, received = noTime, feature = noTime) => `
    SELECT gid, toUInt8(${number}) AS kind, u, '' AS name, count() AS c, sum(d) AS sd, sum(d * d) AS sdd, min(v) AS mn, max(v) AS mx,
      max(ms) AS newest_event, ${received} AS newest_received, ${feature} AS newest_feature
    FROM (SELECT *, bitAnd(reinterpretAsUInt64(v + 0), mask) AS u, v - reinterpretAsFloat64(u) AS d FROM (${values}))
    GROUP BY gid, u`;

const countNames = (kind: number, names: string) => `
    SELECT gid, toUInt8(${kind}) AS kind, toUInt64(0) AS u, toString(value) AS name, count() AS c, ${noNumbers},
      max(ms) AS newest_event, ${noTime} AS newest_received, ${noTime} AS newest_feature
    FROM (${names})
    GROUP BY gid, value`;

const featurePosition = positionIn(features, 0, "f");
const masks = `arrayMap(r -> ${maskOf("r")}, ${resolutions})`;

/** One scan of the raw rows for each kind of value that occurs in them. */
function countedOf(layout: Layout, keys: ProfileKeyParams): string {
  const { featureCount, firstClass, firstAge, firstFixed, width } = layout;
  // Where only some features are asked for, the values of the others are left out before they are counted.
  const listed = keys.isComplete === 1 ? "" : `WHERE has(${features}, f)`;
  const featureGid = gidOf(layout, featurePosition);
  const scans = [
    countNumbers(`
    SELECT ${featureGid} AS gid, ms, v, transform(f, ${features}, arraySlice(${masks}, 1, ${featureCount}), toUInt64(0)) AS mask
    FROM source_rows ARRAY JOIN mapKeys(numeric_features) AS f, mapValues(numeric_features) AS v ${listed}`),
    `
    SELECT ${gidOf(layout, `${firstFixed} + 1`)} AS gid, toUInt8(${row}) AS kind, toUInt64(0) AS u, '' AS name, count() AS c, ${noNumbers},
      max(ms) AS newest_event, max(received_ms) AS newest_received, ${noTime} AS newest_feature
    FROM source_rows
    GROUP BY gid`,
    countNumbers(
      `
    SELECT ${gidOf(layout, `${firstFixed} + i`)} AS gid, ms, assumeNotNull(scalar) AS v, received_ms, arrayElement(${masks}, ${firstFixed} + i) AS mask
    FROM source_rows
    ARRAY JOIN [2, 4, 5, 6] AS i, [prediction_value, prediction_score, latency_ms, toNullable(event_lag_ms)] AS scalar
    WHERE isNotNull(scalar)`,
      "max(received_ms)",
    ),
  ];
  if (keys.classes.length > 1) {
    scans.push(
      countNumbers(`
    SELECT ${gidOf(layout, positionIn(classes, firstClass, "f"))} AS gid, ms, v, arrayElement(${masks}, gid % ${width}) AS mask
    FROM source_rows ARRAY JOIN mapKeys(probabilities) AS f, mapValues(probabilities) AS v
    WHERE has(${classes}, f)`),
    );
  }
  if (keys.ages.length > 1) {
    scans.push(
      countNumbers(
        `
    SELECT ${gidOf(layout, positionIn(ages, firstAge, "f"))} AS gid, ms, toFloat64(ms - feature_ms) AS v,
      toUnixTimestamp64Milli(t) AS feature_ms, arrayElement(${masks}, gid % ${width}) AS mask
    FROM source_rows ARRAY JOIN mapKeys(feature_timestamps) AS f, mapValues(feature_timestamps) AS t
    WHERE has(${ages}, f)`,
        noTime,
        "max(feature_ms)",
      ),
    );
  }
  const scansOfNames: Record<ValueKind, string> = {
    strings: countNames(
      text,
      `SELECT ${featureGid} AS gid, v AS value, ms
    FROM source_rows ARRAY JOIN mapKeys(string_features) AS f, mapValues(string_features) AS v ${listed}`,
    ),
    labels: countNames(
      text,
      `SELECT ${gidOf(layout, `${firstFixed} + 3`)} AS gid, prediction_label AS value, ms
    FROM source_rows WHERE prediction_label != ''`,
    ),
    booleans: countNames(
      flag,
      `SELECT ${featureGid} AS gid, v AS value, ms
    FROM source_rows ARRAY JOIN mapKeys(boolean_features) AS f, mapValues(boolean_features) AS v ${listed}`,
    ),
    nulls: countNames(
      missing,
      `SELECT ${featureGid} AS gid, '' AS value, ${noTime} AS ms
    FROM source_rows ARRAY JOIN null_features AS f ${listed}`,
    ),
  };
  const kinds = valueKinds.filter((kind) => keys.kinds.includes(kind));
  return [...scans, ...kinds.map((kind) => scansOfNames[kind])]
    .map((scan) => `SELECT ${columnsOfCounts} FROM (${scan})`)
    .join("\n  UNION ALL ");
}

const positiveInfinity = 5;
const negativeInfinity = 6;
const notANumber = 7;

/** Parts the numbers that are none from the finite ones, in one column. No AND in any layer above the counts: the engine's
 *  analysis compares all that lies below each operand with all that lies below the others, which cost a small bucket more than its rows. */
const whatOf = `multiIf(kind != ${number}, kind, k > ${infinityKey}, ${notANumber}, k = ${infinityKey}, ${positiveInfinity}, k >= ${finiteKeyMin}, ${number},
    bitAnd(k, ${quietBit}) = 0, ${notANumber}, ${negativeInfinity})`;
const finite = `what = ${number}`;

const perKeyOf = (layout: Layout, keys: ProfileKeyParams) => `
  SELECT gid,
    groupArrayIf(k, ${finite}) AS found_keys, groupArrayIf(c, ${finite}) AS found_counts,
    groupArrayIf(sd, ${finite}) AS found_sums, groupArrayIf(reinterpretAsFloat64(u), ${finite}) AS found_starts,
    sumIf(sdd, ${finite}) AS squares,
    sumIf(c, ${finite}) AS numeric_count,
    minIf(mn, ${finite}) + 0 AS minimum, maxIf(mx, ${finite}) + 0 AS maximum,
    sumIf(c, what = ${positiveInfinity}) AS positive_infinity_count, sumIf(c, what = ${negativeInfinity}) AS negative_infinity_count,
    sumIf(c, what = ${notANumber}) AS nan_count,
    sumIf(c, what = ${text}) AS string_count, sumIf(c, what = ${flag}) AS boolean_count, sumIf(c, what = ${missing}) AS null_count,
    arraySort(t -> (-toInt64(tupleElement(t, 2)), tupleElement(t, 1)), groupArrayIf((name, c), what IN (${text}, ${flag}))) AS ranked,
    max(newest_event) AS newest_event_ms, max(newest_received) AS newest_received_ms, max(newest_feature) AS newest_feature_ms
  FROM (SELECT *, ${whatOf} AS what FROM (SELECT *, bitAnd(${keyOf("u")}, arrayElement(${masks}, gid % ${layout.width})) AS k
    FROM (${countedOf(layout, keys)})))
  GROUP BY gid`;

/** Beside every key how many rows its group has, and so how many lacked it. */
const sizedOf = (layout: Layout, keys: ProfileKeyParams) => `
  SELECT * FROM (SELECT *, intDiv(gid, ${layout.width}) AS group_id FROM (${perKeyOf(layout, keys)})) AS keyed
  INNER JOIN (SELECT group_id, count() AS all_rows FROM source_rows GROUP BY group_id) AS sized USING (group_id)`;

const quarterEdge = (quarters: number) =>
  edgeOf(
    `bitAnd(arrayElement(cell_keys, arrayFirstIndex(c -> 4 * c >= ${quarters} * numeric_count, running)), ${maskOf("5")})`,
  );

/** Zero's key for what lies nearer to 0 than the floor. */
const flooredKeyOf = (key: string) =>
  `multiIf(${key} <= bitNot(bitOr(floor_bits, ${signBit})), ${key}, ${key} >= bitOr(floor_bits, ${signBit}), ${key}, toUInt64(${signBit}))`;

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

/** On to the bins, with `cell_counts`: `bin_edges`, and `run_ends`, the running count at the end of each bin. */
export const binningSteps: readonly string[] = [
  ...resolutionSteps,
  `arrayMap(k -> bitAnd(k, ${maskOf("chosen_resolution")}), floored_keys) AS bin_keys`,
  `arrayFilter((c, k, next) -> k != next, arrayCumSum(cell_counts), bin_keys, arrayResize(arrayPopFront(bin_keys), length(bin_keys))) AS run_ends,
   arrayMap(k -> ${edgeOf("k")}, arrayCompact(bin_keys)) AS bin_edges`,
];

/** Counts of the bins, from their running counts. */
export const binCounts =
  "arrayMap((a, b) -> toUInt64(a - b), run_ends, arrayResize(arrayPushFront(run_ends, toUInt64(0)), length(run_ends)))";

/** One step a line: within one SELECT an alias that uses an alias is written out again at every use, and the engine's
 *  analysis of six layers of them took three seconds. */
const stepsOf = ({ width }: Layout): readonly string[] => [
  `gid % ${width} AS position, arraySort(found_keys) AS cell_keys, arraySort((c, k) -> k, found_counts, found_keys) AS cell_counts,
   arraySort((s, k) -> k, found_sums, found_keys) AS cell_sums, arraySort((e, k) -> k, found_starts, found_keys) AS cell_starts,
   length(found_keys) > ${binCountMax} AS is_wide`,
  // Moments: every cell is where it begins, plus the sum and the sum of squares of how far its values lie from there.
  `(dotProduct(arrayMap(c -> toFloat64(c), cell_counts), cell_starts) + arraySum(cell_sums)) / numeric_count AS plain_mean,
   if(is_wide, arrayCumSum(cell_counts), []) AS running, arrayElement(${resolutions}, position) AS working_resolution`,
  `multiIf(numeric_count = 0, 0, minimum = maximum, minimum, isFinite(plain_mean), plain_mean,
     arraySum(arrayMap((c, e) -> e * (c / numeric_count), cell_counts, cell_starts))) AS mean,
   multiIf(NOT is_wide, toFloat64(0), minimum >= 0, toFloat64(0), maximum <= 0, toFloat64(0), 0.001 * ${quarterEdge(3)} - 0.001 * ${quarterEdge(1)}) AS floor_max`,
  `arrayMap(e -> e - mean, cell_starts) AS cell_distances, bitAnd(reinterpretAsUInt64(floor_max), ${exponentBits}) AS floor_bits`,
  `if(minimum = maximum, 0, greatest(0, arraySum(arrayMap((c, d) -> c * d * d, cell_counts, cell_distances))
     + 2 * dotProduct(cell_sums, cell_distances) + squares)) AS m2,
   reinterpretAsFloat64(floor_bits) AS zero_floor,
   if(floor_bits = 0, cell_keys, arrayMap(k -> ${flooredKeyOf("k")}, cell_keys)) AS floored_keys`,
  ...binningSteps,
];

const binnedOf = (layout: Layout, keys: ProfileKeyParams): string =>
  stepsOf(layout).reduce((sql, step) => `SELECT *, ${step} FROM (${sql})`, sizedOf(layout, keys));

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
  "counts",
  "value_names",
  "value_counts",
  "other_count",
  "distinct_count",
] as const;

/** FINAL reads blocks of this many rows: of 65,000 that hold 1,000 features each, one list alone takes 500 MB. How wide the rows
 *  are is known only where every feature is asked for. */
const blockRowsOf = (keys: ProfileKeyParams) =>
  keys.isComplete === 1
    ? Math.max(1_024, Math.min(65_409, Math.floor(2_000_000 / Math.max(1, keys.features.length))))
    : 2_048;

/** A complete statement fails with this when a row's feature is in no list: the caller lists the names anew and repeats. */
export const unlistedNameMessage = "plumbline_unlisted_name";

export interface ProfileSelect {
  /** Columns of the group, as `expression AS column` over `group_id`, put before the columns of the profile. */
  groupColumns: string;
  /** A SELECT that yields group_id, ms, received_ms (times of event and receipt), event_lag_ms and the columns of raw rows. */
  source: string;
  tailColumns: string;
  keys: ProfileKeyParams;
}

export function profileSelect({ groupColumns, source, tailColumns, keys }: ProfileSelect): string {
  return `
WITH source_rows AS (${source})
SELECT ${groupColumns},
  arrayElement({subjects: Array(String)}, position) AS subject,
  arrayElement({names: Array(String)}, position) AS feature,
  all_rows AS row_count, numeric_count, nan_count, positive_infinity_count, negative_infinity_count, null_count,
  if(subject = 'row', 0, all_rows - numeric_count - nan_count - positive_infinity_count - negative_infinity_count - null_count
    - string_count - boolean_count) AS absent_count,
  string_count, boolean_count, minimum, maximum, mean, m2,
  toUInt8(chosen_resolution) AS resolution, zero_floor, bin_edges AS bins,
  ${binCounts} AS counts,
  arraySlice(tupleElement(ranked, 1), 1, {valueNamesMax: UInt32}) AS value_names,
  arraySlice(tupleElement(ranked, 2), 1, {valueNamesMax: UInt32}) AS value_counts,
  toUInt64(string_count + boolean_count - arraySum(value_counts)) AS other_count,
  length(ranked) AS distinct_count,
  ${tailColumns}
FROM (${binnedOf(layoutOf(keys), keys)})
WHERE arrayElement({written: Array(UInt8)}, position) > throwIf({isComplete: UInt8} > position, '${unlistedNameMessage}')
SETTINGS max_block_size = ${blockRowsOf(keys)}`;
}
