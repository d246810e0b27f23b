import { z } from "zod";
import { taskSchema } from "#lib/domain/model.ts";
import { otherSegment } from "#lib/domain/segment.ts";
import { defineStatement } from "../define-statement.ts";
import { decisionOf, nameOf, placeOf, scoreOf } from "../fragments/prediction-outcome.ts";
import { segmentColumns, segmentPlace, segmentPlaceParams } from "../fragments/segment-place.ts";
import { binCountMax, edgeOf, keyOf, maskOf } from "./float-bits.ts";
import { anotherClass, performanceArrays, performanceKey } from "./performance-columns.ts";
import { resolutionSteps } from "./profile-steps.ts";

const params = z.object({
  modelId: z.uuid(),
  task: taskSchema.nullable(),
  fromTime: z.date(),
  untilTime: z.date(),
  ...segmentPlaceParams,
  revision: z.int(),
});
type Params = z.output<typeof params>;

/** (decided, turned out) pairs kept by name in one bucket; the rarer ones are only a sum. */
const pairsMax = 1_024;
/** A model with more classes than this in an hour is not binary: its one score says nothing of which class it means. */
const binaryNamesMax = 8;
/** Classes that have scores of their own. */
const scoredClassesMax = 20;
/** Residuals and delays are counted on a grid of 8 bins to the octave: quantiles within 12 %. */
const coarseResolution = 3;
const rankingKs = [1, 3, 5, 10];
const epsilon = "2.220446049250313e-16";

const group = "environment, version, segment, bucket";

const coarseEdge = (value: string) =>
  edgeOf(
    `bitAnd(${keyOf(`reinterpretAsUInt64(toFloat64(${value}) + 0)`)}, ${maskOf(`${coarseResolution}`)})`,
  );

const rangeOf = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}`;

/** An hour and more between being made and being received is a load of history. */
const backfillMs = 3_600_000;

/** How long a label took. Where its prediction was received when it was made, until the label was received. In a load of
 *  history: until the label's own time if one was sent, else by how much it was received after its prediction. */
const delayMs = `greatest(0, multiIf(
      dateDiff('millisecond', p.timestamp, p.received) < ${backfillMs}, dateDiff('millisecond', p.timestamp, l.first_received),
      dateDiff('millisecond', l.first_timestamp, l.first_received) > 1000, dateDiff('millisecond', p.timestamp, l.first_timestamp),
      dateDiff('millisecond', p.received, l.first_received)))`;

/** A class is no number; but an item that was wanted, or was not, may be labelled true or false. */
const labelNumber = (task: Params["task"]) =>
  task === "ranking"
    ? `multiIf(tupleElement(held, 1) = 'number', tupleElement(held, 2), tupleElement(held, 3) = 'true', toFloat64(1), tupleElement(held, 3) = 'false', toFloat64(0), NULL)`
    : `if(tupleElement(held, 1) = 'number', tupleElement(held, 2), NULL)`;

/** The label that holds for each prediction of a range, by environment and id. */
export const heldLabels = (task: Params["task"], range: string) => `
    SELECT environment, prediction_id, 1 AS has_label, tupleElement(held, 4) AS label_at,
      if(tupleElement(held, 1) = 'class', toString(tupleElement(held, 3)), ${nameOf("assumeNotNull(tupleElement(held, 2))")}) AS label_name,
      ${labelNumber(task)} AS label_number,
      first_received, first_timestamp
    FROM (
      SELECT environment, prediction_id, argMax((label_kind, label_value, label_class, label_timestamp), (label_timestamp, sequence)) AS held,
        min(received_at) AS first_received, min(label_timestamp) AS first_timestamp
      FROM labels
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND prediction_id IN (SELECT prediction_id FROM predictions WHERE ${range})
      GROUP BY environment, prediction_id)`;

/** Predictions beside the label that holds for each; `segment` is the position of the segment's value. */
const joinedOf = ({ segmentKey, task }: Params) => `
  SELECT p.environment AS environment, p.version AS version, p.segment AS segment, p.bucket AS bucket, p.prediction_id AS prediction_id,
    p.timestamp AS made_at, p.decision AS decision, p.score AS score, p.value AS value, p.probabilities AS probabilities,
    p.group_id AS group_id, p.place AS place, l.has_label AS has_label, l.label_name AS label, l.label_number AS label_number,
    l.label_at AS label_at, if(l.has_label = 1, ${delayMs}, 0) AS delay
  FROM (
    SELECT environment, version, prediction_id, timestamp, received_at AS received, toStartOfHour(timestamp) AS bucket, probabilities, group_id,
      ${segmentPlace({ segmentKey })} AS segment,
      ${decisionOf} AS decision,
      ${scoreOf} AS score,
      prediction_value AS value,
      ${placeOf} AS place
    FROM predictions FINAL
    WHERE ${rangeOf}) AS p
  LEFT JOIN (${heldLabels(task, rangeOf)}) AS l
  ON p.environment = l.environment AND p.prediction_id = l.prediction_id`;

const totalsOf = (joined: string) => `
  SELECT ${group}, sum(c) AS row_count, sumIf(c, has_label = 1) AS labelled_count, max(newest_made) AS newest_prediction_at,
    max(newest_label) AS newest_label_at,
    arraySort(groupArrayIf((edge, c), has_label = 1)) AS delays
  FROM (
    SELECT ${group}, has_label, ${coarseEdge("delay")} AS edge, count() AS c, max(made_at) AS newest_made, max(label_at) AS newest_label
    FROM (${joined})
    GROUP BY ${group}, has_label, edge)
  GROUP BY ${group}`;

/** The pairs of each group, the most frequent first, and the names in them. */
const pairsOf = (joined: string) => `
  SELECT ${group}, arraySlice(ranked, 1, ${pairsMax}) AS pairs, arraySum(arrayMap(t -> tupleElement(t, 3), arraySlice(ranked, ${pairsMax + 1}))) AS pair_other_count,
    arraySort(arrayFilter(name -> name != '', arrayDistinct(arrayConcat(tupleElement(pairs, 1), tupleElement(pairs, 2))))) AS class_names
  FROM (
    SELECT ${group}, arraySort(t -> (-toInt64(tupleElement(t, 3)), tupleElement(t, 1), tupleElement(t, 2)), groupArray((decision, label, c))) AS ranked
    FROM (SELECT ${group}, decision, label, count() AS c FROM (${joined}) GROUP BY ${group}, decision, label)
    GROUP BY ${group})`;

const sums = `count() AS c, sum(s) AS s1, sum(s * s) AS s2,
      sum(-log(greatest(${epsilon}, least(1 - ${epsilon}, s)))) AS s3, sum(-log1p(-greatest(${epsilon}, least(1 - ${epsilon}, s)))) AS s4`;

/** Rows by score, each score a key of the float grid. Binary: class 0, decision and label by name. Else: one for each class. */
function scoredOf(joined: string, task: Params["task"]): string {
  const key = `${keyOf("reinterpretAsUInt64(s + 0)")} AS k`;
  if (task === "binary") {
    return `
    SELECT ${group}, '' AS class, decision, label, k, ${sums}
    FROM (SELECT ${group}, decision, label, assumeNotNull(score) AS s, ${key} FROM (${joined}) WHERE isNotNull(score))
    GROUP BY ${group}, class, decision, label, k`;
  }
  return `
    SELECT ${group}, class, decision, label, k, ${sums}
    FROM (
      SELECT ${group}, toString(name) AS class, s, ${key},
        multiIf(decision = '', '', decision = name, class, '${otherSegment}') AS decision,
        multiIf(label = '', '', label = name, class, '${otherSegment}') AS label
      FROM (SELECT ${group}, decision, label, probabilities FROM (${joined}))
      ARRAY JOIN mapKeys(probabilities) AS name, mapValues(probabilities) AS s)
    GROUP BY ${group}, class, decision, label, k`;
}

/** Cells on the finest grid that keeps every class of a group within ${binCountMax} distinct scores. */
function cellsOf(joined: string, task: Params["task"]): string {
  const scored = scoredOf(joined, task);
  const keyed = `
    SELECT ${group}, class, arraySort(groupUniqArray(k)) AS floored_keys, floored_keys AS cells, length(cells) > ${binCountMax} AS is_wide,
      toUInt8(52) AS working_resolution
    FROM (${scored}) GROUP BY ${group}, class`;
  const grids = resolutionSteps.reduce((sql, step) => `SELECT *, ${step} FROM (${sql})`, keyed);
  const place = (name: string) =>
    task === "binary"
      ? `indexOf(class_names, ${name})`
      : `if(${name} = '${otherSegment}', ${anotherClass}, indexOf(class_names, ${name}))`;
  // A name that is not among the group's has no place: its rows are left out rather than taken for unknown.
  const isPlaced =
    task === "binary"
      ? `length(class_names) <= ${binaryNamesMax} AND (decision = '' OR decision_place > 0) AND (label = '' OR label_place > 0)`
      : `class_place BETWEEN 1 AND ${scoredClassesMax}`;
  return `
  SELECT ${group}, any(resolution) AS cell_resolution,
    arraySort(groupArray((class_place, edge, decision_place, label_place, c, s1, s2, s3, s4))) AS cells
  FROM (
    SELECT ${group}, any(chosen) AS resolution, class_place, ${edgeOf("masked")} AS edge, decision_place, label_place,
      sum(n) AS c, sum(t1) AS s1, sum(t2) AS s2, sum(t3) AS s3, sum(t4) AS s4
    FROM (
      SELECT ${group}, bitAnd(k, ${maskOf("chosen")}) AS masked, chosen, ${task === "binary" ? "0" : "indexOf(class_names, class)"} AS class_place,
        decision, label, ${place("decision")} AS decision_place, ${place("label")} AS label_place, class_names,
        scored.c AS n, scored.s1 AS t1, scored.s2 AS t2, scored.s3 AS t3, scored.s4 AS t4
      FROM (${scored}) AS scored
      INNER JOIN (SELECT ${group}, toUInt8(min(chosen_resolution)) AS chosen FROM (${grids}) GROUP BY ${group}) AS grid USING (${group})
      INNER JOIN (SELECT ${group}, class_names FROM (${pairsOf(joined)})) AS named USING (${group}))
    WHERE ${isPlaced}
    GROUP BY ${group}, class_place, masked, decision_place, label_place)
  GROUP BY ${group}`;
}

const regressionValues = `arrayConcat(
        [('label', y), ('error', e), ('absolute_error', abs(e)), ('squared_error', e * e), ('label_size', abs(y)),
         ('error_and_size', abs(e) + abs(y)), ('over', greatest(e, 0)), ('under', greatest(-e, 0))],
        if(abs(y) < ${epsilon}, [('error_at_zero', abs(e))], [('relative_error', abs(e) / abs(y))]),
        if(y >= 0 AND prediction >= 0, [('squared_log_error', pow(log1p(y) - log1p(prediction), 2))], []))`;

const regressionRows = (joined: string) => `
      SELECT ${group}, assumeNotNull(label_number) AS y, assumeNotNull(value) AS prediction, prediction - y AS e
      FROM (${joined})
      WHERE has_label = 1 AND isNotNull(label_number) AND isNotNull(value) AND isFinite(assumeNotNull(value) - assumeNotNull(label_number))`;

const momentsOver = (valued: string) => `
  SELECT ${group}, arraySort(groupArray((name, c, mean, m2))) AS moments
  FROM (
    SELECT ${group}, tupleElement(t, 1) AS name, count() AS c, avg(tupleElement(t, 2)) AS mean, varPopStable(tupleElement(t, 2)) * c AS m2
    FROM (${valued})
    GROUP BY ${group}, name)
  GROUP BY ${group}`;

const regressionMoments = (joined: string) =>
  momentsOver(
    `SELECT ${group}, t FROM (${regressionRows(joined)}) ARRAY JOIN ${regressionValues} AS t`,
  );

const residualsOf = (joined: string) => `
  SELECT ${group}, arraySort(groupArray((edge, c))) AS residuals
  FROM (SELECT ${group}, ${coarseEdge("e")} AS edge, count() AS c FROM (${regressionRows(joined)}) GROUP BY ${group}, edge)
  GROUP BY ${group}`;

/** DCG of a list of relevances that stands in order. */
const gainOf = (list: string, k: number) =>
  `arraySum(arrayMap((rel, i) -> rel / log2(i + 1), arraySlice(${list}, 1, ${k}), range(1, least(${k}, toInt64(length(${list}))) + 1)))`;

const rankingValues = rankingKs
  .map((k) => {
    const top = `arraySlice(hits, 1, ${k})`;
    return `('ndcg@${k}', ${gainOf("rels", k)} / ${gainOf("ideal", k)}),
         ('map@${k}', arraySum(arrayMap((h, seen, i) -> h * seen / i, ${top}, arrayCumSum(${top}), range(1, least(${k}, toInt64(length(hits))) + 1))) / relevant),
         ('mrr@${k}', if(has(${top}, 1), 1 / indexOf(hits, 1), 0)), ('hit_rate@${k}', toFloat64(has(${top}, 1))),
         ('precision@${k}', arraySum(${top}) / least(${k}, length(hits))), ('recall@${k}', arraySum(${top}) / relevant)`;
  })
  .join(",\n         ");

/** How relevant the items of a group are, in the order of their places; one that is not labelled stands as 0. */
export const relevancesBy = (
  place: string,
) => `arrayMap(t -> tupleElement(t, 3), arraySort(t -> (tupleElement(t, 1), tupleElement(t, 2)),
              groupArray((ifNull(${place}, 0), prediction_id, ifNull(label_number, 0)))))`;

/** A group counts once the labels of all its items are in: a missing one is no sign that its item was not wanted. */
const rankingMoments = (joined: string) =>
  momentsOver(`
      SELECT ${group}, t
      FROM (
        SELECT *, arrayReverseSort(rels) AS ideal, arrayMap(rel -> toUInt8(rel > 0), rels) AS hits, arraySum(hits) AS relevant
        FROM (
          SELECT ${group}, group_id, min(has_label = 1 AND isNotNull(label_number)) AS is_complete, max(has_label) AS has_any,
            ${relevancesBy("place")} AS rels
          FROM (${joined})
          WHERE group_id != ''
          GROUP BY ${group}, group_id))
      ARRAY JOIN multiIf(has_any = 0, CAST([], 'Array(Tuple(String, Float64))'), is_complete = 0, [('incomplete_groups', toFloat64(1))],
        relevant = 0, [('groups_without_relevant_item', toFloat64(1))], [${rankingValues}]) AS t`);

/** Replaces the performance of every hour in [fromTime, untilTime) by what the raw rows and the labels that hold say now. The
 *  revision was drawn before they are read, so that of two runs the one that saw more wins. */
export const recomputePerformance = defineStatement({
  name: "recomputePerformance",
  params,
  timeoutMs: 300_000,
  sql: (given) => {
    const { task } = given;
    const joined = joinedOf(given);
    const hasClasses = task === "binary" || task === "multiclass";
    const parts: string[] = [];
    const add = (name: string, sql: string) => {
      parts.push(`LEFT JOIN (${sql}) AS ${name} USING (${group})`);
    };
    if (hasClasses) {
      add("paired", pairsOf(joined));
      add("celled", cellsOf(joined, task));
    }
    if (task === "regression") {
      add("measured", regressionMoments(joined));
      add("left_over", residualsOf(joined));
    }
    if (task === "ranking") add("measured", rankingMoments(joined));
    const el = (list: string, i: number) => `tupleElement(${list}, ${i})`;
    const hasMoments = task === "regression" || task === "ranking";
    const none = "[]";
    const cell = (i: number) => (hasClasses ? el("cells", i) : none);
    const values: Record<(typeof performanceArrays)[number], string> = {
      class_names: hasClasses ? "class_names" : none,
      pair_decisions: hasClasses
        ? `arrayMap(t -> indexOf(class_names, ${el("t", 1)}), pairs)`
        : none,
      pair_labels: hasClasses ? `arrayMap(t -> indexOf(class_names, ${el("t", 2)}), pairs)` : none,
      pair_counts: hasClasses ? el("pairs", 3) : none,
      cell_classes: cell(1),
      cell_scores: cell(2),
      cell_decisions: cell(3),
      cell_labels: cell(4),
      cell_counts: cell(5),
      cell_sums: cell(6),
      cell_squares: cell(7),
      cell_losses_positive: cell(8),
      cell_losses_negative: cell(9),
      moment_names: hasMoments ? el("moments", 1) : none,
      moment_counts: hasMoments ? el("moments", 2) : none,
      moment_means: hasMoments ? el("moments", 3) : none,
      moment_m2s: hasMoments ? el("moments", 4) : none,
      residual_edges: task === "regression" ? el("residuals", 1) : none,
      residual_counts: task === "regression" ? el("residuals", 2) : none,
      delay_edges: el("delays", 1),
      delay_counts: el("delays", 2),
    };
    return `
INSERT INTO performance_profiles (${performanceKey.join(", ")}, task, row_count, labelled_count, ${performanceArrays.join(", ")},
  pair_other_count, resolution, newest_prediction_at, newest_label_at, revision)
SELECT {workspaceId: UUID} AS workspace_id, {modelId: UUID} AS model_id, environment, version, ${segmentColumns}, '1h' AS grain, bucket,
  '${task ?? ""}' AS task, row_count, labelled_count,
  ${performanceArrays.map((name) => `${values[name]} AS ${name === "class_names" ? "names" : name}`).join(",\n  ")},
  ${hasClasses ? "pair_other_count" : "0"} AS other_count, ${hasClasses ? "if(empty(cells), 52, cell_resolution)" : "52"} AS resolution,
  newest_prediction_at, newest_label_at, {revision: UInt64} AS revision
FROM (${totalsOf(joined)}) AS counted ${parts.join("\n")}`;
  },
});
