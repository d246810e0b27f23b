import { edgeOf, keyOf, maskOf } from "../statements/float-bits.ts";
import { skewCounts } from "./skew-columns.ts";

/** What skew profiles add up to, one row per value of `keys`: counts, first and last time, pairs of values, differences on the
 *  coarsest grid of the parts. `parts` reads skew profiles and ends in conditions. */
export const mergedSkew = (keys: string, parts: string, pairsMax: number) => {
  const id = `sipHash128(${keys})`;
  const masked = `bitAnd(${keyOf("reinterpretAsUInt64(edge + 0)")}, ${maskOf("resolution")})`;
  return `
  SELECT ${keys}, ${skewCounts.map((count) => `totals.${count} AS ${count}`).join(", ")},
    first_differing_at, last_differing_at,
    arraySlice(tupleElement(ranked, 1), 1, ${pairsMax}) AS confusion_offline, arraySlice(tupleElement(ranked, 2), 1, ${pairsMax}) AS confusion_served,
    arraySlice(tupleElement(ranked, 3), 1, ${pairsMax}) AS confusion_counts,
    toUInt64(tail_count + arraySum(arraySlice(tupleElement(ranked, 3), ${pairsMax + 1}))) AS confusion_other,
    toUInt8(resolution) AS difference_resolution,
    arrayMap(k -> ${edgeOf("k")}, tupleElement(cells, 1)) AS difference_bins, tupleElement(cells, 2) AS difference_counts
  FROM (
    SELECT ${keys}, ${id} AS id, ${skewCounts.map((count) => `sum(p.${count}) AS ${count}`).join(", ")},
      minIf(p.first_differing_at, ${isDiffering}) AS first_differing_at, maxIf(p.last_differing_at, ${isDiffering}) AS last_differing_at,
      sum(p.confusion_other) AS tail_count, min(p.difference_resolution) AS resolution
    FROM (SELECT * FROM ${parts}) AS p
    GROUP BY ${keys}) AS totals
  LEFT JOIN (
    SELECT id, arraySort(t -> (-toInt64(tupleElement(t, 3)), tupleElement(t, 1), tupleElement(t, 2)), groupArray((offline_name, served_name, n))) AS ranked
    FROM (
      SELECT ${id} AS id, offline_name, served_name, sum(c) AS n
      FROM (SELECT * FROM ${parts} AND notEmpty(confusion_counts)) AS p
      ARRAY JOIN confusion_offline AS offline_name, confusion_served AS served_name, confusion_counts AS c
      GROUP BY id, offline_name, served_name)
    GROUP BY id) AS named USING (id)
  LEFT JOIN (
    SELECT id, arraySort(groupArray((k, n))) AS cells
    FROM (
      SELECT id, ${masked} AS k, sum(c) AS n
      FROM (
        SELECT id, edge, c, resolution
        FROM (SELECT ${id} AS id, difference_bins, difference_counts FROM ${parts} AND notEmpty(difference_counts)) AS p
        INNER JOIN (SELECT ${id} AS id, min(difference_resolution) AS resolution FROM ${parts} GROUP BY id) AS grid USING (id)
        ARRAY JOIN difference_bins AS edge, difference_counts AS c)
      GROUP BY id, k)
    GROUP BY id) AS binned USING (id)`;
};

const isDiffering =
  "p.mismatch_count + p.type_mismatch_count + p.offline_only_count + p.served_only_count > 0";
