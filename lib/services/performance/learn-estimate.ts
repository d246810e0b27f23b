import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { findBaselineRow } from "#db/postgres/queries/baseline.ts";
import {
  findEstimateReference,
  upsertEstimateReference,
} from "#db/postgres/queries/estimate-reference.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import type { Task } from "#lib/domain/model.ts";
import type { Stores } from "../context.ts";
import { learnBinaryEstimate } from "./learn-binary-estimate.ts";
import { learnClassEstimate } from "./learn-class-estimate.ts";
import { learnLossEstimate } from "./learn-loss-estimate.ts";
import type { StoredModel, StoredReference } from "./stored-reference.ts";
import { estimateMethod } from "./stored-reference.ts";

/** Tasks whose performance can be estimated. */
export const estimatedTasks = ["binary", "multiclass", "regression"] as const;
type EstimatedTask = (typeof estimatedTasks)[number];

const learnBy = {
  binary: learnBinaryEstimate,
  multiclass: learnClassEstimate,
  regression: learnLossEstimate,
} satisfies Record<EstimatedTask, unknown>;

const isEstimated = (task: Task | null): task is EstimatedTask =>
  estimatedTasks.some((one) => one === task);

/** Null: there is nothing to learn from. */
export interface Learned {
  labelledCount: number;
  reference: StoredReference | null;
  model: StoredModel | null;
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
  if (!isEstimated(task)) return;
  const key = { baselineId, task, method: estimateMethod };
  if ((await findEstimateReference(scope, key)) !== null) return;
  const ctx = { ...scope, ch: scopeClickHouse(stores.clickhouse, workspaceId), signal };
  const found = await learnBy[task](ctx, baseline);
  // Postgres keeps no NUL within JSON: what has one in a name can't be kept.
  const isKept = !JSON.stringify(found).includes("\\u0000");
  const learned = isKept ? found : { ...found, reference: null, model: null };
  await upsertEstimateReference(scope.pg, {
    ...key,
    ...learned,
    workspaceId,
    modelId: baseline.modelId,
    learnedAt: now,
  });
}
