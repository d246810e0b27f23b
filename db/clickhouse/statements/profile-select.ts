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

const noNumbers = "toFloat64(0) AS sd, toFloat64(0) AS sdd, toFloat64(0) AS mn, toFloat64(0) AS mx";
const number = 0;
const text = 1;
const flag = 2;
const missing = 3;
const row = 4;

const epoch = "toDateTime64(0, 3, 'UTC')";

/** A value of the kind `row` stands for its raw row, and is no number. */
const countNumbers = (values: string) => `
    SELECT gid, kind, k, '' AS name, count() AS c, sum(d) AS sd, sum(d * d) AS sdd, min(v) AS mn, max(v) AS mx,
      max(ts) AS newest_event, max(received_ts) AS newest_received, max(fts) AS newest_feature
    FROM (SELECT gid, kind, ts, received_ts, v, fts, reinterpretAsUInt64(v + 0) AS u, bitAnd(${keyOf("u")}, mask) AS k, v - ${edgeOf("k")} AS d
          FROM (${values}))
    GROUP BY gid, kind, k`;

const countNames = (kind: number, names: string) => `
    SELECT gid, toUInt8(${kind}) AS kind, toUInt64(0) AS k, toString(value) AS name, count() AS c, ${noNumbers},
      max(ts) AS newest_event, ${epoch} AS newest_received, ${epoch} AS newest_feature
    FROM (${names})
    GROUP BY gid, value`;

const featurePosition = positionIn(features, 0, "f");
const masks = `arrayMap(r -> ${maskOf("r")}, ${resolutions})`;

/** One scan of the raw rows for each kind of value that occurs in them. */
function countedOf(layout: Layout, keys: ProfileKeyParams): string {
  const { featureCount, firstClass, firstAge, firstFixed, width } = layout;
  // Where only some features are asked for, the values of the others are left out before they are counted.
  const listed = keys.isComplete === 1 ? "" : `WHERE has(${features}, f)`;
  const noTimes = `${epoch} AS received_ts, ${epoch} AS fts`;
  const scans = [
    countNumbers(`
    SELECT group_id * ${width} + ${featurePosition} AS gid, toUInt8(${number}) AS kind, ts, v, ${noTimes},
      transform(f, ${features}, arraySlice(${masks}, 1, ${featureCount}), toUInt64(0)) AS mask
    FROM source_rows ARRAY JOIN mapKeys(numeric_features) AS f, mapValues(numeric_features) AS v ${listed}`),
    countNumbers(`
    SELECT group_id * ${width} + ${firstFixed} + i AS gid, toUInt8(if(i = 1, ${row}, ${number})) AS kind, ts, assumeNotNull(scalar) AS v,
      received AS received_ts, ${epoch} AS fts, arrayElement(${masks}, ${firstFixed} + i) AS mask
    FROM source_rows
    ARRAY JOIN [1, 2, 4, 5, 6] AS i, [toNullable(toFloat64(0)), prediction_value, prediction_score, latency_ms, toNullable(event_lag_ms)] AS scalar
    WHERE isNotNull(scalar)`),
  ];
  if (keys.classes.length > 1) {
    scans.push(
      countNumbers(`
    SELECT group_id * ${width} + ${positionIn(classes, firstClass, "f")} AS gid, toUInt8(${number}) AS kind, ts, v, ${noTimes},
      arrayElement(${masks}, gid % ${width}) AS mask
    FROM source_rows ARRAY JOIN mapKeys(probabilities) AS f, mapValues(probabilities) AS v
    WHERE has(${classes}, f)`),
    );
  }
  if (keys.ages.length > 1) {
    scans.push(
      countNumbers(`
    SELECT group_id * ${width} + ${positionIn(ages, firstAge, "f")} AS gid, toUInt8(${number}) AS kind, ts,
      toFloat64(dateDiff('millisecond', t, ts)) AS v, ${epoch} AS received_ts, t AS fts, arrayElement(${masks}, gid % ${width}) AS mask
    FROM source_rows ARRAY JOIN mapKeys(feature_timestamps) AS f, mapValues(feature_timestamps) AS t
    WHERE has(${ages}, f)`),
    );
  }
  const scansOfNames: Record<ValueKind, string> = {
    strings: countNames(
      text,
      `SELECT group_id * ${width} + ${featurePosition} AS gid, v AS value, ts
    FROM source_rows ARRAY JOIN mapKeys(string_features) AS f, mapValues(string_features) AS v ${listed}`,
    ),
    labels: countNames(
      text,
      `SELECT group_id * ${width} + ${firstFixed + 3} AS gid, prediction_label AS value, ts
    FROM source_rows WHERE prediction_label != ''`,
    ),
    booleans: countNames(
      flag,
      `SELECT group_id * ${width} + ${featurePosition} AS gid, v AS value, ts
    FROM source_rows ARRAY JOIN mapKeys(boolean_features) AS f, mapValues(boolean_features) AS v ${listed}`,
    ),
    nulls: countNames(
      missing,
      `SELECT group_id * ${width} + ${featurePosition} AS gid, '' AS value, ${epoch} AS ts
    FROM source_rows ARRAY JOIN null_features AS f ${listed}`,
    ),
  };
  const kinds = valueKinds.filter((kind) => keys.kinds.includes(kind));
  return [...scans, ...kinds.map((kind) => scansOfNames[kind])].join("\n  UNION ALL ");
}

const finite = `kind = ${number} AND k >= ${finiteKeyMin} AND k < ${infinityKey}`;

const perKeyOf = (layout: Layout, keys: ProfileKeyParams) => `
  SELECT gid,
    arraySort(groupArrayIf((k, c, sd, sdd), ${finite})) AS cells,
    sumIf(c, ${finite}) AS numeric_count,
    minIf(mn, ${finite}) + 0 AS minimum, maxIf(mx, ${finite}) + 0 AS maximum,
    sumIf(c, kind = ${number} AND k = ${infinityKey}) AS positive_infinity_count,
    sumIf(c, kind = ${number} AND k < ${finiteKeyMin} AND bitAnd(k, ${quietBit}) != 0) AS negative_infinity_count,
    sumIf(c, kind = ${number} AND (k > ${infinityKey} OR (k < ${finiteKeyMin} AND bitAnd(k, ${quietBit}) = 0))) AS nan_count,
    sumIf(c, kind = ${text}) AS string_count, sumIf(c, kind = ${flag}) AS boolean_count, sumIf(c, kind = ${missing}) AS null_count,
    arraySort(t -> (-toInt64(tupleElement(t, 2)), tupleElement(t, 1)), groupArrayIf((name, c), kind IN (${text}, ${flag}))) AS ranked,
    max(newest_event) AS newest_event_at, max(newest_received) AS newest_received_at, max(newest_feature) AS newest_feature_at
  FROM (${countedOf(layout, keys)})
  GROUP BY gid`;

/** Beside every key how many rows its group has, and so how many lacked it. */
const sizedOf = (layout: Layout, keys: ProfileKeyParams) => `
  SELECT * FROM (SELECT *, intDiv(gid, ${layout.width}) AS group_id FROM (${perKeyOf(layout, keys)})) AS keyed
  INNER JOIN (SELECT group_id, count() AS all_rows FROM source_rows GROUP BY group_id) AS sized USING (group_id)`;

const quarterEdge = (quarters: number) =>
  edgeOf(
    `bitAnd(arrayElement(cell_keys, arrayFirstIndex(c -> 4 * c >= ${quarters} * numeric_count, running)), ${maskOf("5")})`,
  );

const isFloored = (key: string) =>
  `${key} > bitNot(bitOr(floor_bits, ${signBit})) AND ${key} < bitOr(floor_bits, ${signBit})`;

/** From sorted keys (`cells`, `floored_keys`, `is_wide`) on a `working_resolution` to the grid of one profile:
 *  `chosen_resolution`. */
export const resolutionSteps: readonly string[] = [
  "if(is_wide, arrayCompact(floored_keys), []) AS distinct_keys",
  // The finest grid that keeps the bins within their number: the bits in which the neighbours just past it differ.
  `arrayElement(arrayPartialReverseSort(${binCountMax}, arrayMap((a, b) -> bitXor(a, b), arrayPopFront(distinct_keys), arrayPopBack(distinct_keys))), ${binCountMax}) AS parting_bits`,
  "toInt16(bitShiftRight(reinterpretAsUInt64(toFloat64(parting_bits)), 52)) - 1023 AS rounded_length",
  `multiIf(length(cells) = 0, 52, parting_bits = 0, toInt16(working_resolution), greatest(0, least(toInt16(working_resolution),
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
  `gid % ${width} AS position,
   tupleElement(cells, 1) AS cell_keys, tupleElement(cells, 2) AS cell_counts, tupleElement(cells, 3) AS cell_sums,
   arrayMap(k -> ${edgeOf("k")}, tupleElement(cells, 1)) AS cell_edges, length(cells) > ${binCountMax} AS is_wide`,
  // Moments: every cell is its left edge, plus the sum and the sum of squares of how far its values lie above it.
  `(dotProduct(arrayMap(c -> toFloat64(c), cell_counts), cell_edges) + arraySum(cell_sums)) / numeric_count AS plain_mean,
   if(is_wide, arrayCumSum(cell_counts), []) AS running, arrayElement(${resolutions}, position) AS working_resolution`,
  `multiIf(numeric_count = 0, 0, minimum = maximum, minimum, isFinite(plain_mean), plain_mean,
     arraySum(arrayMap((c, e) -> e * (c / numeric_count), cell_counts, cell_edges))) AS mean,
   if(is_wide AND minimum < 0 AND maximum > 0, 0.001 * ${quarterEdge(3)} - 0.001 * ${quarterEdge(1)}, toFloat64(0)) AS floor_max`,
  `arrayMap(e -> e - mean, cell_edges) AS cell_distances, bitAnd(reinterpretAsUInt64(floor_max), ${exponentBits}) AS floor_bits`,
  `if(minimum = maximum, 0, greatest(0, arraySum(arrayMap((c, d) -> c * d * d, cell_counts, cell_distances))
     + 2 * dotProduct(cell_sums, cell_distances) + arraySum(tupleElement(cells, 4)))) AS m2,
   reinterpretAsFloat64(floor_bits) AS zero_floor,
   if(floor_bits = 0, cell_keys, arrayMap(k -> if(${isFloored("k")}, toUInt64(${signBit}), k), cell_keys)) AS floored_keys`,
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

/** A complete statement fails with this when a row's feature is in no list: the caller lists the names anew and repeats. */
export const unlistedNameMessage = "plumbline_unlisted_name";

export interface ProfileSelect {
  /** Columns of the group, as `expression AS column` over `group_id`, put before the columns of the profile. */
  groupColumns: string;
  /** A SELECT that yields group_id, ts, received, event_lag_ms and the columns of raw rows. */
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
WHERE throwIf(position = 0 AND {isComplete: UInt8} = 1, '${unlistedNameMessage}') = 0
  AND position > 0 AND arrayElement({written: Array(UInt8)}, position) = 1`;
}
