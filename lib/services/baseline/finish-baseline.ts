import {
  findBaselineRow,
  markBaselineFailed,
  markBaselineReady,
} from "#db/postgres/queries/baseline.ts";
import { finishJobRun, startJobRun } from "#db/postgres/queries/job-run.ts";
import type { Stores } from "../context.ts";
import { profileBaselineRows } from "./profile-baseline-rows.ts";

export interface FinishBaselineOptions {
  workspaceId: string;
  baselineId: string;
  now: () => Date;
  newId: () => string;
  signal?: AbortSignal;
  /** What fails now is given up. */
  isLastTry?: boolean;
}

/** Profiles a baseline whose rows are stored, and makes it ready. The first ready one of a version becomes its active one.
 *  Does nothing where there is nothing left to do. */
export async function finishBaseline(
  stores: Stores,
  { workspaceId, baselineId, now, newId, signal, isLastTry = false }: FinishBaselineOptions,
): Promise<void> {
  const pg = stores.postgres.db;
  const baseline = await findBaselineRow({ pg, workspaceId }, baselineId);
  if (baseline?.state !== "profiling") return;
  const runId = newId();
  await startJobRun(pg, {
    id: runId,
    name: "profile-baseline",
    workspaceId,
    modelId: baseline.modelId,
    startedAt: now(),
    totalCount: baseline.rowCount,
  });
  try {
    const rowCount = await profileBaselineRows(
      stores,
      { workspaceId, modelId: baseline.modelId, baselineId },
      signal,
    );
    if (rowCount === 0) {
      await markBaselineFailed(
        { pg, workspaceId },
        baselineId,
        "The stored file has no rows any more; send it again.",
      );
    } else {
      await stores.postgres.transaction((tx) =>
        markBaselineReady({ pg: tx, workspaceId }, baseline, now()),
      );
    }
    await finishJobRun(pg, runId, {
      state: "done",
      finishedAt: now(),
      doneCount: rowCount,
      rowsRead: rowCount,
      detail: baseline.name,
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 500) : "";
    await finishJobRun(pg, runId, { state: "failed", finishedAt: now(), detail });
    // While the store is away the file is not at fault: the worker sends the baseline again.
    if (isLastTry && (await stores.clickhouse.ping()).success)
      await markBaselineFailed({ pg, workspaceId }, baselineId, describeFailure(detail));
    throw error;
  }
}

function describeFailure(detail: string): string {
  const words = "The rows are stored but could not be profiled; delete the baseline and send";
  return `${words} the file again. ${detail}`.trim();
}
