import { z } from "zod";
import { defineStatement } from "../define-statement.ts";
import type { ExpiringTable } from "../inserts/raw-rows.ts";
import { rawTimeColumns } from "../inserts/raw-rows.ts";

const params = z.object({ modelId: z.uuid(), partition: z.int(), beforeTime: z.date() });

/** Raw rows of one model in one month that are older than its retention. Lightweight: rows are masked now and go with the
 *  next merge. */
export const deleteExpiredRows = (table: ExpiringTable) =>
  defineStatement({
    name: `deleteExpired:${table}`,
    params,
    timeoutMs: 300_000,
    sql: ({ partition }) => `
DELETE FROM ${table} IN PARTITION ${partition}
WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND ${rawTimeColumns[table]} < {beforeTime: DateTime64(3)}`,
  });

const baselineParams = z.object({ modelId: z.uuid(), baselineId: z.uuid() });

/** What is kept of a baseline, and what was estimated by it. */
export const deleteBaselineRows = (
  ["baseline_rows", "baseline_profiles", "estimate_profiles"] as const
).map((table) =>
  defineStatement({
    name: `deleteBaseline:${table}`,
    params: baselineParams,
    timeoutMs: 300_000,
    sql: () => `
DELETE FROM ${table}
WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}`,
  }),
);
