import { setImmediate } from "node:timers/promises";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { listVersionsSeenSince } from "#db/postgres/queries/active-models.ts";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import { findNewestJointDrift, upsertJointDrift } from "#db/postgres/queries/joint-drift.ts";
import { listFeatureRows } from "#db/postgres/queries/model.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { ServiceContext, Stores } from "../context.ts";
import { readWindowSide } from "../drift/profile-side.ts";
import type { JobOutcome, JobProgress } from "../job/job-progress.ts";
import { sayError } from "../job/say-error.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { judgeEmbeddings } from "./judge-embeddings.ts";
import { judgeJoint } from "./judge-joint.ts";
import type { JointScope } from "./read-joint-columns.ts";
import { readJointColumns } from "./read-joint-columns.ts";

export interface EvaluateJointDriftOptions {
  workspaceId: string;
  modelId: string;
  now: Date;
  signal?: AbortSignal;
  progress?: JobProgress;
  /** Judges the day again, and where the last whole day has no rows the newest one that has. */
  isRequested?: boolean;
}

const dayMs = grainMs["1d"];

/** Judges the last whole day of every version that was seen in it against its baseline, all features together, and keeps
 *  what was found. A day that was judged already is left alone, so that a second run changes nothing, unless it was asked for.
 *  A version that fails leaves the others alone. */
export async function evaluateJointDrift(
  stores: Stores,
  options: EvaluateJointDriftOptions,
): Promise<JobOutcome> {
  const { workspaceId, modelId, now, signal, progress, isRequested = false } = options;
  const pg = stores.postgres.db;
  const ctx = { pg, ch: scopeClickHouse(stores.clickhouse, workspaceId), workspaceId, signal };
  const today = floorDay(now);
  const since = isRequested ? new Date(0) : new Date(today.getTime() - dayMs);
  const types = new Map((await listFeatureRows(ctx, modelId)).map((row) => [row.name, row.type]));
  const versions = await listVersionsSeenSince(pg, workspaceId, modelId, since);
  await progress?.({ totalCount: versions.length });
  const skipped: string[] = [];
  const failures: string[] = [];
  for (const [i, { lastSeenAt, ...version }] of versions.entries()) {
    const untilMs = Math.min(today.getTime(), floorDay(lastSeenAt).getTime() + dayMs);
    const window = { fromTime: new Date(untilMs - dayMs), untilTime: new Date(untilMs) };
    const named = `${version.environment} ${version.version}`;
    try {
      const scope = { modelId, types, ...version };
      const found = await judgeVersion(ctx, scope, window, { now, isRequested });
      if (found.kind === "skipped") skipped.push(`${named}: ${found.reason}`);
      await progress?.({
        doneCount: i + 1,
        ...(found.kind === "judged" ? { rowsRead: found.rowsRead, window } : {}),
      });
    } catch (error) {
      // A run that was stopped found out nothing.
      if (signal?.aborted === true) throw error;
      failures.push(`${named}: ${sayError(error)}`);
    }
  }
  if (failures.length > 0) throw new Error(failures.join("; "));
  const nothing = versions.length === 0 ? "No version was seen on the last whole day." : "";
  return {
    state: skipped.length === versions.length ? "skipped" : "done",
    detail: nothing + skipped.join("; "),
  };
}

const floorDay = (time: Date) => new Date(Math.floor(time.getTime() / dayMs) * dayMs);

type Judged = { kind: "judged"; rowsRead: number } | { kind: "skipped"; reason: string };

async function judgeVersion(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">,
  scope: JointScope,
  { fromTime, untilTime }: { fromTime: Date; untilTime: Date },
  { now, isRequested }: { now: Date; isRequested: boolean },
): Promise<Judged> {
  const { pg, signal, workspaceId } = ctx;
  const { modelId, environment, version } = scope;
  const baseline = await findActiveBaseline(ctx, modelId, version);
  if (baseline === null) return { kind: "skipped", reason: "it has no baseline" };
  const known = await findNewestJointDrift(ctx, scope);
  const isKnown =
    known !== null && known.windowUntil >= untilTime && known.baselineId === baseline.id;
  if (isKnown && !isRequested)
    return { kind: "skipped", reason: "its last whole day was judged already" };
  const { pieces } = coverWindow(fromTime, untilTime, now);
  const { rowCount } = await readWindowSide(ctx.ch, scope, pieces, { features: [], signal });
  if (rowCount === 0) return { kind: "skipped", reason: "it has no rows on its last whole day" };
  const columns = await readJointColumns(ctx, scope, baseline, { fromTime, untilTime, rowCount });
  const tick = async () => {
    signal?.throwIfAborted();
    await setImmediate();
  };
  const embeddings = await judgeEmbeddings(ctx, scope, { fromTime, untilTime }, tick);
  const result = { ...(await judgeJoint(columns.baseline, columns.window, tick)), embeddings };
  await upsertJointDrift(pg, {
    workspaceId,
    modelId,
    environment,
    version,
    windowFrom: fromTime,
    windowUntil: untilTime,
    baselineId: baseline.id,
    result,
    computedAt: now,
  });
  return { kind: "judged", rowsRead: rowCount };
}
