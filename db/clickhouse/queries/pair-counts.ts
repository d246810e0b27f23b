import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { comparedValues, outcomes, servedRows, toleranceParams } from "../fragments/skew-pairs.ts";

/** How many pairs of one feature differ under some tolerance, of every so many predictions by their hashed ids; one row. */
export const pairCounts = defineQuery({
  name: "pairCounts",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    feature: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
    sampleOf: z.int().min(1),
    ...toleranceParams,
  }),
  row: z.object({ compared: z.int(), differing: z.int() }),
  rowsMax: 1,
  timeoutMs: 30_000,
  sql: (params) => {
    const served = `${servedRows} AND environment = {environment: String} AND version = {version: String}
      AND sipHash64(prediction_id) % {sampleOf: UInt32} = 0`;
    return `
    SELECT count() AS compared, countIf(outcome != ${outcomes.match}) AS differing
    FROM (${comparedValues({ ...params, served, entry: "tupleElement(e, 1) = {feature: String}" })})
    LIMIT {rowsMax: UInt32} + 1`;
  },
});
