import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { lastReceived, matchedParams, matchedRange } from "../fragments/matched-range.ts";
import { placeOf } from "../fragments/prediction-outcome.ts";
import { heldLabels, relevancesBy } from "../statements/recompute-performance.ts";

/** Groups that are read: more say little more of a difference. */
export const matchedGroupsMax = 20_000;

const placed = `group_id, toStartOfHour(timestamp) AS hour, ${placeOf} AS place`;

/** The groups of items that two versions ranked, those items that both did, each version's in its own order. A group belongs to the hour
 *  of the first's predictions; the second's may lie up to a day away, as those of a shadow that is scored in batches. Groups by hash: the
 *  same ones whenever it is asked. */
export const matchedGroups = defineQuery({
  name: "matchedGroups",
  params: matchedParams,
  row: z.object({
    groupCount: z.int(),
    /** Of those groups alone of which every item is labelled. */
    firsts: z.array(z.array(z.number())),
    seconds: z.array(z.array(z.number())),
  }),
  rowsMax: 1,
  timeoutMs: 30_000,
  sql: () => {
    const first = `${matchedRange("firstVersion", "", "group_id")} AND group_id != ''`;
    const second = `${matchedRange("secondVersion", "1 DAY", null)}
          AND prediction_id IN (SELECT prediction_id FROM predictions WHERE ${first})`;
    return `
    SELECT count() AS groupCount, groupArrayIf(first_relevances, is_complete) AS firsts, groupArrayIf(second_relevances, is_complete) AS seconds
    FROM (
      SELECT min(has_label = 1 AND isNotNull(label_number)) AS is_complete,
        ${relevancesBy("first_place")} AS first_relevances, ${relevancesBy("second_place")} AS second_relevances
      FROM (
        SELECT a.group_id AS group_id, a.hour AS hour, a.prediction_id AS prediction_id, a.place AS first_place, b.place AS second_place,
          l.has_label AS has_label, l.label_number AS label_number
        FROM (${lastReceived(placed, first)}) AS a
        INNER JOIN (${lastReceived(placed, second)}) AS b ON a.prediction_id = b.prediction_id
        LEFT JOIN (${heldLabels("ranking", first)}) AS l
          ON a.environment = l.environment AND a.prediction_id = l.prediction_id)
      GROUP BY group_id, hour
      ORDER BY sipHash64(group_id), group_id, hour
      LIMIT ${matchedGroupsMax})
    LIMIT {rowsMax: UInt32} + 1`;
  },
});
