import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { defineQuery } from "../define-query.ts";

const columnParams = z.object({
  modelId: z.uuid(),
  environment: z.string(),
  version: z.string(),
  segmentKey: z.string().default(""),
  segmentValue: z.string().default(""),
  grain: grainSchema,
  fromTime: z.date(),
  untilTime: z.date(),
  columnSeconds: z.int().min(1),
  /** Subject and feature side by side; a row of the answer names its position, from 1. */
  subjects: z.array(z.string()).min(1),
  features: z.array(z.string()).min(1),
});

const conditions = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND segment_key = {segmentKey: String} AND segment_value = {segmentValue: String} AND grain = {grain: String}
        AND environment = {environment: String} AND version = {version: String}
        AND has({subjects: Array(String)}, subject) AND has({features: Array(String)}, feature)
        AND bucket >= {fromTime: DateTime64(3)} AND bucket < {untilTime: DateTime64(3)}`;

const place = `arrayFirstIndex((s, f) -> s = subject AND f = feature, {subjects: Array(String)}, {features: Array(String)}) AS position,
          intDiv(toUInt32(bucket) - toUInt32(toUnixTimestamp({fromTime: DateTime64(3)})), {columnSeconds: UInt32}) AS columnIndex`;

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
        SELECT ${place}, bins, counts, arraySlice({cuts: Array(Float64)}, {offsets: Array(UInt32)}[position] + 1, {lengths: Array(UInt32)}[position]) AS keyCuts,
          {zeroFloors: Array(Float64)}[position] AS zeroFloor
        FROM profiles FINAL
        WHERE ${conditions} AND numeric_count > 0)
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
          SELECT ${place}, arrayConcat(arrayMap(v -> toNullable(v), value_names), if(other_count > 0, [NULL], [])) AS names,
            arrayConcat(value_counts, if(other_count > 0, [other_count], [])) AS ns
          FROM profiles FINAL
          WHERE ${conditions} AND notEmpty(value_names))
        ARRAY JOIN names AS name, ns AS n
        WHERE position > 0
        GROUP BY position, columnIndex, name)
      GROUP BY position, columnIndex)
    ORDER BY position, columnIndex
    LIMIT {rowsMax: UInt32} + 1`,
});
