import type { BaselineRow } from "#db/postgres/queries/baseline.ts";
import {
  addBaselineSegments,
  findBaselineRow,
  markBaselineFailed,
  markBaselineReady,
  setBaselineSegmentError,
} from "#db/postgres/queries/baseline.ts";
import { finishJobRun, startJobRun } from "#db/postgres/queries/job-run.ts";
import { listSegmentKeyRows } from "#db/postgres/queries/segment.ts";
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

/** Profiles a baseline whose rows are stored, of all rows and by every declared tag, and makes it ready. The first ready one of a
 *  version becomes its active one. A ready one is profiled by the tags that were declared since. Does nothing where there is
 *  nothing left to do. */
export async function finishBaseline(
  stores: Stores,
  { workspaceId, baselineId, now, newId, signal, isLastTry = false }: FinishBaselineOptions,
): Promise<void> {
  const pg = stores.postgres.db;
  const scope = { pg, workspaceId };
  const baseline = await findBaselineRow(scope, baselineId);
  if (baseline === null) return;
  const declared = (await listSegmentKeyRows(scope, baseline.modelId)).map((row) => row.key);
  const wanted = listWanted(baseline, declared);
  if (wanted === null) return;
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
      wanted,
    );
    if (baseline.state === "ready") await addBaselineSegments(scope, baselineId, wanted);
    else if (rowCount === 0) {
      await markBaselineFailed(
        scope,
        baselineId,
        "The stored file has no rows any more; send it again.",
      );
    } else {
      await stores.postgres.transaction((tx) =>
        markBaselineReady({ pg: tx, workspaceId }, baseline, declared, now()),
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
    if (isLastTry && (await stores.clickhouse.ping()).success) {
      if (baseline.state === "ready") await setBaselineSegmentError(scope, baselineId, detail);
      else await markBaselineFailed(scope, baselineId, describeFailure(detail));
    }
    throw error;
  }
}

/** By which tags its rows are still to be profiled, beside as a whole; null where nothing is left to do. */
function listWanted(
  { state, profiledSegmentKeys }: BaselineRow,
  declared: readonly string[],
): readonly string[] | null {
  switch (state) {
    case "profiling":
      return declared;
    case "ready": {
      const missing = declared.filter((key) => !profiledSegmentKeys.includes(key));
      return missing.length === 0 ? null : missing;
    }
    case "uploading":
    case "failed":
      return null;
  }
}

function describeFailure(detail: string): string {
  const words = "The rows are stored but could not be profiled; delete the baseline and send";
  return `${words} the file again. ${detail}`.trim();
}
