import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { clearedParams, replacedConditions } from "../fragments/vanished-profiles.ts";

/** How many stored profiles of a stretch the run of this revision did not write again; one row. */
export const vanishedProfiles = defineQuery({
  name: "vanishedProfiles",
  params: clearedParams,
  row: z.object({ count: z.int() }),
  rowsMax: 1,
  timeoutMs: 60_000,
  sql: ({ of }) => `
    SELECT count() AS count FROM bucket_profiles FINAL
    WHERE ${replacedConditions(of)} AND revision < {revision: UInt64} AND row_count > 0
    LIMIT {rowsMax: UInt32} + 1`,
});
