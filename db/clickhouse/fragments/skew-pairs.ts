import { z } from "zod";
import { defaultSkewTolerance } from "#lib/domain/skew.ts";

/** Predictions joined with what the offline store says of them, and both sides' values of every feature side by side.
 *
 *  A row's features become entries (name, side, type, number, text), those of both sides are sorted together, and two
 *  neighbours of one name are a pair. Looking each name up in the other side's arrays would copy these arrays for every name. */

export const valueTypes = { none: 0, number: 1, text: 2, boolean: 3 } as const;
export const outcomes = {
  match: 1,
  mismatch: 2,
  typeMismatch: 3,
  offlineOnly: 4,
  servedOnly: 5,
} as const;

const sides = { offline: 0, served: 1 } as const;

function entriesOf(side: keyof typeof sides): string {
  const of = (map: string, type: number, number: string, text: string) =>
    `arrayMap((name, value) -> (toString(name), toUInt8(${sides[side]}), toUInt8(${type}), ${number}, ${text}), mapKeys(${map}), mapValues(${map}))`;
  return `arrayConcat(
      ${of("numeric_features", valueTypes.number, "value", "''")},
      ${of("string_features", valueTypes.text, "toFloat64(0)", "toString(value)")},
      ${of("boolean_features", valueTypes.boolean, "toFloat64(value)", "''")})`;
}

/** The last received of every prediction of a model in [fromTime, untilTime). */
export const servedRows = `predictions FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND toStartOfFiveMinutes(timestamp) >= toStartOfFiveMinutes({fromTime: DateTime64(3)}) AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
      AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}`;

/** The last received offline rows of those predictions, whichever version they are for. `served` narrows the predictions. */
export const offlineRowsOf = (served: string) => `offline_features FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND (environment, prediction_id) IN (SELECT environment, prediction_id FROM ${served})`;

/** Numeric tolerances of single features, side by side; every other feature has the default. */
export const toleranceParams = {
  toleranceFeatures: z.array(z.string()).max(5_000),
  toleranceAbsolutes: z.array(z.number()).max(5_000),
  toleranceRelatives: z.array(z.number()).max(5_000),
};

export interface PairedScope {
  /** Which predictions: `servedRows`, or fewer of them. */
  served: string;
  /** A condition on an entry `e`; all features when it is absent. */
  entry?: string;
  /** An expression over a prediction that is kept beside it; 1 when it is absent. */
  segment?: string;
  toleranceFeatures: readonly string[];
}

/** One row per prediction that both sides know: the offline row for its version, else the one for every version. */
const pairedRows = ({
  served,
  entry,
  segment = "toUInt64(1)",
}: Omit<PairedScope, "toleranceFeatures">) => {
  const kept = (entries: string) =>
    entry === undefined ? entries : `arrayFilter(e -> ${entry}, ${entries})`;
  return `
  SELECT environment, version, segment, prediction_id, ts, tupleElement(candidate, 3) AS source,
    arraySort(arrayConcat(served_entries, tupleElement(candidate, 2))) AS entries
  FROM (
    SELECT environment, version, segment, prediction_id, ts, served_entries,
      arrayFirst(c -> tupleElement(c, 1) = '' OR tupleElement(c, 1) = version_name, candidates) AS candidate
    FROM (
      SELECT environment, version, toString(version) AS version_name, ${segment} AS segment, prediction_id, timestamp AS ts,
        ${kept(entriesOf("served"))} AS served_entries
      FROM ${served}) AS served
    INNER JOIN (
      SELECT environment, prediction_id,
        arrayReverseSort(c -> tupleElement(c, 1), groupArray((toString(version), ${kept(entriesOf("offline"))}, toString(source), toUInt8(1)))) AS candidates
      FROM ${offlineRowsOf(served)}
      GROUP BY environment, prediction_id) AS offline USING (environment, prediction_id))
  WHERE tupleElement(candidate, 4) = 1`;
};

const at = (entry: string, place: number) => `tupleElement(${entry}, ${place})`;
const isOffline = `${at("e", 2)} = ${sides.offline}`;
const hasBoth = `${at("e", 1)} = ${at("next", 1)}`;
const noValue = ["toUInt8(0)", "toFloat64(0)", "''"] as const;
const offlineOf = (place: number) => `if(${isOffline}, ${at("e", place)}, ${noValue[place - 3]})`;
const servedOf = (place: number) =>
  `multiIf(NOT (${isOffline}), ${at("e", place)}, ${hasBoth}, ${at("next", place)}, ${noValue[place - 3]})`;
const parts = [offlineOf(3), offlineOf(4), offlineOf(5), servedOf(3), servedOf(4), servedOf(5)];
const nothing = "('', toUInt8(0), toUInt8(0), toFloat64(0), '')";

/** Absolute, and relative to the larger of the two. The same rule as the pure comparison's. */
const toleranceOf = (features: readonly string[], part: "absolute" | "relative") => {
  const fallback = `toFloat64(${defaultSkewTolerance[part]})`;
  const list = part === "absolute" ? "toleranceAbsolutes" : "toleranceRelatives";
  return features.length === 0
    ? fallback
    : `transform(toString(feature), {toleranceFeatures: Array(String)}, {${list}: Array(Float64)}, ${fallback})`;
};

const isNumberMatch = (
  features: readonly string[],
) => `(offline_number = served_number OR (isNaN(offline_number) AND isNaN(served_number))
      OR (isFinite(offline_number) AND isFinite(served_number)
        AND abs(offline_number - served_number) <= greatest(${toleranceOf(features, "absolute")},
          ${toleranceOf(features, "relative")} * greatest(abs(offline_number), abs(served_number)))))`;

/** One row per prediction and feature that either side has a value of. */
export const comparedValues = (scope: PairedScope) => `
  SELECT *, multiIf(
      offline_type = ${valueTypes.none}, ${outcomes.servedOnly},
      served_type = ${valueTypes.none}, ${outcomes.offlineOnly},
      offline_type != served_type, ${outcomes.typeMismatch},
      if(offline_type = ${valueTypes.text}, offline_text = served_text, ${isNumberMatch(scope.toleranceFeatures)}), ${outcomes.match},
      ${outcomes.mismatch}) AS outcome
  FROM (
    SELECT environment, version, segment, prediction_id, ts, source, ${at("pair", 1)} AS feature,
      ${at("pair", 2)} AS offline_type, ${at("pair", 3)} AS offline_number, ${at("pair", 4)} AS offline_text,
      ${at("pair", 5)} AS served_type, ${at("pair", 6)} AS served_number, ${at("pair", 7)} AS served_text
    FROM (
      SELECT environment, version, segment, prediction_id, ts, source,
        arrayMap((e, next, previous) -> (if(${isOffline} OR ${at("previous", 1)} != ${at("e", 1)}, ${at("e", 1)}, ''), ${parts.join(", ")}),
          entries, arrayPushBack(arrayPopFront(entries), ${nothing}), arrayPushFront(arrayPopBack(entries), ${nothing})) AS pairs
      FROM (${pairedRows(scope)})
      WHERE notEmpty(entries))
    ARRAY JOIN pairs AS pair
    WHERE ${at("pair", 1)} != '')`;

const spelledLettersMax = 100;

/** A value as JSON has it, so that "1" and 1 are told apart. */
export const spelled = (side: "offline" | "served") => `multiIf(
      ${side}_type = ${valueTypes.text}, toJSONString(substringUTF8(${side}_text, 1, ${spelledLettersMax})),
      ${side}_type = ${valueTypes.boolean}, if(${side}_number = 1, 'true', 'false'), toString(${side}_number + 0))`;
