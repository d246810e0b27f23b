import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { findBaselineRow } from "#db/postgres/queries/baseline.ts";
import {
  findEstimateReference,
  upsertEstimateReference,
} from "#db/postgres/queries/estimate-reference.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import type { Stores } from "../context.ts";
import { learnBinaryEstimate } from "./learn-binary-estimate.ts";
import type { StoredReference } from "./stored-reference.ts";
import { estimateMethod } from "./stored-reference.ts";

/** Tasks whose performance can be estimated. */
export const estimatedTasks = ["binary"] as const;

/** Null: there is nothing to learn from. */
export interface Learned {
  labelledCount: number;
  reference: StoredReference | null;
  model: unknown;
}

export interface LearnEstimateOptions {
  workspaceId: string;
  baselineId: string;
  now: Date;
  signal?: AbortSignal;
}

/** Learns from a ready baseline what estimates without labels need, and keeps it: reading a large one takes longer than a page
 *  may. A baseline never changes; what was learned of it by this method is left alone. */
export async function learnEstimate(
  stores: Stores,
  { workspaceId, baselineId, now, signal }: LearnEstimateOptions,
): Promise<void> {
  const scope = { pg: stores.postgres.db, workspaceId };
  const baseline = await findBaselineRow(scope, baselineId);
  if (baseline?.state !== "ready") return;
  const task = await findModelTask(scope.pg, baseline.modelId);
  if (task !== "binary") return;
  const key = { baselineId, task, method: estimateMethod };
  if ((await findEstimateReference(scope, key)) !== null) return;
  const ctx = { ch: scopeClickHouse(stores.clickhouse, workspaceId), signal };
  const learned = await learnBinaryEstimate(ctx, baseline);
  await upsertEstimateReference(scope.pg, {
    ...key,
    ...learned,
    workspaceId,
    modelId: baseline.modelId,
    learnedAt: now,
  });
}
