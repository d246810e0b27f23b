import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { columnConditions, columnParams, columnPlace } from "../fragments/column-keys.ts";

/** How many values fall between given cuts, column by column of a chart; one row per key and column with values. The cuts
 *  of all keys stand in one list, each key's from its offset on; they lie on the grid, or bins would straddle them. */
export const columnBinCounts = defineQuery({
  name: "columnBinCounts",
  params: columnParams.extend({
    cuts: z.array(z.number()),
    offsets: z.array(z.int()).min(1),
    lengths: z.array(z.int()).min(1),
    zeroFloors: z.array(z.number()).min(1),
  }),
  row: z.object({
    position: z.int(),
    columnIndex: z.int(),
    bins: z.array(z.int()),
    counts: z.array(z.int()),
  }),
  rowsMax: 200_000,
  timeoutMs: 15_000,
  sql: () => `
    SELECT position, columnIndex, groupArray(bin) AS bins, groupArray(c) AS counts
    FROM (
      SELECT position, columnIndex, arrayCount(x -> x <= if(abs(e) < zeroFloor, 0, e), keyCuts) AS bin, sum(n) AS c
      FROM (
        SELECT ${columnPlace}, bins, counts, arraySlice({cuts: Array(Float64)}, {offsets: Array(UInt32)}[position] + 1, {lengths: Array(UInt32)}[position]) AS keyCuts,
          {zeroFloors: Array(Float64)}[position] AS zeroFloor
        FROM bucket_profiles FINAL
        WHERE ${columnConditions} AND numeric_count > 0)
      ARRAY JOIN bins AS e, counts AS n
      WHERE position > 0
      GROUP BY position, columnIndex, bin)
    GROUP BY position, columnIndex
    ORDER BY position, columnIndex
    LIMIT {rowsMax: UInt32} + 1`,
});

/** Values kept by name in one cell of a chart. */
const valueNamesMax = 1_000;

/** How often each value occurs, column by column of a chart; one row per key and column. */
export const columnValueCounts = defineQuery({
  name: "columnValueCounts",
  params: columnParams,
  row: z.object({
    position: z.int(),
    columnIndex: z.int(),
    valueNames: z.array(z.string()),
    valueCounts: z.array(z.int()),
    otherCount: z.int(),
  }),
  rowsMax: 200_000,
  timeoutMs: 15_000,
  sql: () => `
    SELECT position, columnIndex, arraySlice(tupleElement(ranked, 1), 1, ${valueNamesMax}) AS valueNames,
      arraySlice(tupleElement(ranked, 2), 1, ${valueNamesMax}) AS valueCounts,
      toUInt64(tail + arraySum(arraySlice(tupleElement(ranked, 2), ${valueNamesMax + 1}))) AS otherCount
    FROM (
      SELECT position, columnIndex, sumIf(c, name IS NULL) AS tail,
        arraySort(t -> (-toInt64(tupleElement(t, 2)), tupleElement(t, 1)), groupArrayIf((assumeNotNull(name), c), name IS NOT NULL)) AS ranked
      FROM (
        SELECT position, columnIndex, name, sum(n) AS c
        FROM (
          SELECT ${columnPlace}, resolution = 52 AND zero_floor = 0 AS is_exact,
            other_count + if(is_exact, 0, numeric_count) AS unnamed,
            arrayConcat(arrayMap(v -> toNullable(v), value_names), if(is_exact, arrayMap(b -> toNullable(toString(b)), bins), []),
              if(unnamed > 0, [NULL], [])) AS names,
            arrayConcat(value_counts, if(is_exact, counts, []), if(unnamed > 0, [unnamed], [])) AS ns
          FROM bucket_profiles FINAL
          WHERE ${columnConditions} AND (notEmpty(value_names) OR numeric_count > 0))
        ARRAY JOIN names AS name, ns AS n
        WHERE position > 0
        GROUP BY position, columnIndex, name)
      GROUP BY position, columnIndex)
    ORDER BY position, columnIndex
    LIMIT {rowsMax: UInt32} + 1`,
});
