import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { lastReceived, matchedParams, matchedRange } from "../fragments/matched-range.ts";
import { decisionOf, scoreOf } from "../fragments/prediction-outcome.ts";
import { heldLabels } from "../statements/recompute-performance.ts";

/** Thousands of values a list: looked at as a list, and not one by one. What is no finite number is a word, or null. */
const column = <T>(kinds: readonly string[]) =>
  z.custom<T[]>(
    (value) => Array.isArray(value) && (value.length === 0 || kinds.includes(typeof value[0])),
  );
const names = column<string>(["string"]);
const numbers = column<number | string | null>(["number", "string", "object"]);
const flags = column<number>(["number"]);

/** Pairs that are read: more say little more of a difference, and cost the process that compares them its memory. */
export const matchedRowsMax = 50_000;

const answered = `${decisionOf} AS decision, ${scoreOf} AS score, prediction_value AS value, probabilities`;

/** The predictions that two versions made for the same ids, beside the label that holds; one row of lists, side by side. A pair
 *  belongs to the time of the first's prediction; the second's may lie up to a day away, as that of a shadow that is scored in
 *  batches. Ids by hash: the same ones whenever it is asked. */
export const matchedRows = defineQuery({
  name: "matchedRows",
  params: matchedParams.extend({
    /** Of the side with more rows only what the other one answered too is looked at. */
    isFirstLarger: z.boolean(),
  }),
  row: z.object({
    firstDecisions: names,
    secondDecisions: names,
    firstScores: numbers,
    secondScores: numbers,
    firstValues: numbers,
    secondValues: numbers,
    firstLabelProbabilities: numbers,
    secondLabelProbabilities: numbers,
    hasLabels: flags,
    labelNames: names,
    labelNumbers: numbers,
  }),
  rowsMax: 1,
  timeoutMs: 30_000,
  sql: ({ isFirstLarger }) => {
    const first = matchedRange("firstVersion", "", "prediction_id");
    const second = matchedRange("secondVersion", "1 DAY", "prediction_id");
    const smaller = `SELECT prediction_id FROM predictions WHERE ${isFirstLarger ? second : first}`;
    const isAnswered = `AND prediction_id IN (${smaller})`;
    const known = (value: string) => `ifNull(${value}, nan)`;
    const probability = (side: string) =>
      `if(l.has_label = 1 AND mapContains(${side}.probabilities, l.label_name), ${side}.probabilities[l.label_name], nan)`;
    return `
    SELECT groupArray(first_decision) AS firstDecisions, groupArray(second_decision) AS secondDecisions,
      groupArray(first_score) AS firstScores, groupArray(second_score) AS secondScores,
      groupArray(first_value) AS firstValues, groupArray(second_value) AS secondValues,
      groupArray(first_probability) AS firstLabelProbabilities, groupArray(second_probability) AS secondLabelProbabilities,
      groupArray(has_label) AS hasLabels, groupArray(label_name) AS labelNames, groupArray(label_number) AS labelNumbers
    FROM (
      SELECT a.decision AS first_decision, b.decision AS second_decision, ${known("a.score")} AS first_score, ${known("b.score")} AS second_score,
        ${known("a.value")} AS first_value, ${known("b.value")} AS second_value,
        ${probability("a")} AS first_probability, ${probability("b")} AS second_probability,
        l.has_label AS has_label, l.label_name AS label_name, ${known("l.label_number")} AS label_number
      FROM (${lastReceived(answered, `${first} ${isFirstLarger ? isAnswered : ""}`)}) AS a
      INNER JOIN (${lastReceived(answered, `${second} ${isFirstLarger ? "" : isAnswered}`)}) AS b ON a.prediction_id = b.prediction_id
      LEFT JOIN (${heldLabels(null, isFirstLarger ? second : first)}) AS l
        ON a.environment = l.environment AND a.prediction_id = l.prediction_id
      ORDER BY sipHash64(a.prediction_id), a.prediction_id
      LIMIT ${matchedRowsMax})
    LIMIT {rowsMax: UInt32} + 1`;
  },
});
