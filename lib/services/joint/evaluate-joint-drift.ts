import { setImmediate } from "node:timers/promises";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { listVersionsSeenSince } from "#db/postgres/queries/active-models.ts";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import { findNewestJointDrift, upsertJointDrift } from "#db/postgres/queries/joint-drift.ts";
import { listFeatureRows } from "#db/postgres/queries/model.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Stores } from "../context.ts";
import { readWindowSide } from "../drift/profile-side.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { judgeEmbeddings } from "./judge-embeddings.ts";
import { judgeJoint } from "./judge-joint.ts";
import { readJointColumns } from "./read-joint-columns.ts";

export interface EvaluateJointDriftOptions {
  workspaceId: string;
  modelId: string;
  now: Date;
  signal?: AbortSignal;
}

const dayMs = grainMs["1d"];

/** Judges the last whole day of every version that was seen in it against its baseline, all features together, and keeps
 *  what was found. A day that was judged already is left alone, so that a second run changes nothing. */
export async function evaluateJointDrift(
  stores: Stores,
  { workspaceId, modelId, now, signal }: EvaluateJointDriftOptions,
): Promise<void> {
  const pg = stores.postgres.db;
  const ctx = { pg, ch: scopeClickHouse(stores.clickhouse, workspaceId), workspaceId, signal };
  const untilTime = new Date(Math.floor(now.getTime() / dayMs) * dayMs);
  const fromTime = new Date(untilTime.getTime() - dayMs);
  const types = new Map((await listFeatureRows(ctx, modelId)).map((row) => [row.name, row.type]));
  for (const version of await listVersionsSeenSince(pg, workspaceId, modelId, fromTime)) {
    const scope = { modelId, types, ...version };
    const baseline = await findActiveBaseline(ctx, modelId, version.version);
    if (baseline === null) continue;
    const known = await findNewestJointDrift(ctx, scope);
    if (known !== null && known.windowUntil >= untilTime && known.baselineId === baseline.id)
      continue;
    const { pieces } = coverWindow(fromTime, untilTime, now);
    const { rowCount } = await readWindowSide(ctx.ch, scope, pieces, { features: [], signal });
    if (rowCount === 0) continue;
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
      environment: version.environment,
      version: version.version,
      windowFrom: fromTime,
      windowUntil: untilTime,
      baselineId: baseline.id,
      result,
      computedAt: now,
    });
  }
}
