import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { allEdges } from "../fragments/all-edges.ts";
import { columnConditions, columnParams, columnPlace } from "../fragments/column-keys.ts";
import { keyOf, maskOf } from "../statements/float-bits.ts";

const listOf = (name: string, type: string) => `arrayElement({${name}: Array(${type})}, position)`;
const keyOfValue = (value: string) => keyOf(`reinterpretAsUInt64(${value} + 0)`);

/** Values that lie below for certain: their bin ends at or before the bound. The bin of 0 reaches to the zero floor. */
const below = `if(numeric_count = 0 OR minimum >= lower, 0, greatest(1, arraySum((e, c) -> if(
          if(e = 0, zero_floor <= lower AND lower > 0, ${keyOfValue("e")} < bitAnd(${keyOfValue("lower")}, ${maskOf("resolution")})), c, 0), bins, counts)))`;
const above = `if(numeric_count = 0 OR maximum <= upper, 0, greatest(1, arraySum((e, c) -> if(if(e = 0, -zero_floor > upper, e > upper), c, 0), bins, counts)))`;

const isExact = "resolution = 52 AND zero_floor = 0";

/** What is missing, ill-typed, out of bounds or unseen, column by column of a chart; one row per key and column with rows. The
 *  names and numbers that a list of allowed values lacks, and the one value that most rows have, come with the keys: the
 *  whole window has been read before, so that all of them are known. What a bin hides is not counted. */
export const columnQuality = defineQuery({
  name: "columnQuality",
  params: columnParams.extend({
    lowers: z.array(z.number()).min(1),
    uppers: z.array(z.number()).min(1),
    unseenNames: z.array(z.array(z.string())).min(1),
    unseenNumbers: z.array(z.array(z.number())).min(1),
    topNames: z.array(z.string()).min(1),
    topNumbers: z.array(z.number()).min(1),
    /** 1 where the name of the top value is a number's. */
    areTopNumbers: z.array(z.int().min(0).max(1)).min(1),
  }),
  row: z.object({
    position: z.int(),
    columnIndex: z.int(),
    rowCount: z.int(),
    nullCount: z.int(),
    absentCount: z.int(),
    nanCount: z.int(),
    infiniteCount: z.int(),
    finiteCount: z.int(),
    stringCount: z.int(),
    booleanCount: z.int(),
    belowCount: z.int(),
    aboveCount: z.int(),
    unseenCount: z.int(),
    topCount: z.int(),
  }),
  rowsMax: 400_000,
  timeoutMs: 15_000,
  sql: () => `
    SELECT position, columnIndex, sum(row_count) AS rowCount, sum(null_count) AS nullCount, sum(absent_count) AS absentCount,
      sum(nan_count) AS nanCount, sum(infinite) AS infiniteCount, sum(numeric_count) AS finiteCount, sum(string_count) AS stringCount,
      sum(boolean_count) AS booleanCount, sum(below) AS belowCount, sum(above) AS aboveCount, sum(unseen) AS unseenCount, sum(top) AS topCount
    FROM (
      SELECT position, columnIndex, row_count, null_count, absent_count, nan_count, infinite, numeric_count, string_count, boolean_count,
        toUInt64(${below}) AS below, toUInt64(${above}) AS above,
        if(empty(unseenNames), 0, arraySum((n, c) -> if(has(unseenNames, n), c, 0), value_names, value_counts))
          + if(empty(unseenNumbers) OR NOT (${isExact}), 0, arraySum((e, c) -> if(has(unseenNumbers, e), c, 0), bins, counts)) AS unseen,
        arraySum((n, c) -> if(n = topName, c, 0), value_names, value_counts)
          + multiIf(isTopNumber = 0 OR numeric_count = 0, 0, minimum = maximum, if(minimum = topNumber, numeric_count, 0),
              ${isExact}, arraySum((e, c) -> if(e = topNumber, c, 0), bins, counts), 0) AS top
      FROM (
        SELECT ${columnPlace}, row_count, null_count, absent_count, nan_count, positive_infinity_count + negative_infinity_count AS infinite,
          numeric_count, string_count, boolean_count, minimum, maximum, resolution, zero_floor, ${allEdges} AS bins, counts, value_names, value_counts,
          ${listOf("lowers", "Float64")} AS lower, ${listOf("uppers", "Float64")} AS upper,
          ${listOf("unseenNames", "Array(String)")} AS unseenNames, ${listOf("unseenNumbers", "Array(Float64)")} AS unseenNumbers,
          ${listOf("topNames", "String")} AS topName, ${listOf("topNumbers", "Float64")} AS topNumber,
          ${listOf("areTopNumbers", "UInt8")} AS isTopNumber
        FROM bucket_profiles FINAL
        WHERE ${columnConditions} AND row_count > 0)
      WHERE position > 0)
    GROUP BY position, columnIndex
    ORDER BY position, columnIndex
    LIMIT {rowsMax: UInt32} + 1`,
});
