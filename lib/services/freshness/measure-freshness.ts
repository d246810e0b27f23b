import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { freshnessSlices, lagShare } from "#db/clickhouse/queries/freshness-share.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import type { Freshness } from "#lib/api/freshness.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { retentionDefaults } from "#lib/domain/limits.ts";
import type { FreshnessObjective } from "#lib/domain/quality.ts";
import { judgeShare, measureSlices } from "#lib/rules/measure-freshness.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";

type ReadContext = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

/** A row is in a profile at most a minute after it was acknowledged: a slice that ended later is not known yet. */
const settleMs = 60_000;

export async function readLagShare(ctx: ReadContext, scope: ResolvedScope, ageMs: number) {
  const { modelId, environment, version, window } = scope;
  const rows = await ctx.ch.query(
    lagShare,
    {
      modelId,
      environment,
      version,
      ...segmentParamsOf(scope),
      ...pieceParams(window.pieces),
      ageMs,
    },
    ctx.signal,
  );
  return rows[0] ?? null;
}

/** How far an objective was kept over a window: by rows from the stored lags, and by time from the five-minute profiles, as far
 *  back as these are kept. */
export async function measureFreshness(
  ctx: ReadContext,
  scope: ResolvedScope,
  objective: FreshnessObjective,
): Promise<NonNullable<Freshness["attainment"]>> {
  const { modelId, environment, version, window, now } = scope;
  const { ageMs } = objective;
  const keptFromMs = now.getTime() - (retentionDefaults.profile5mDays - 1) * grainMs["1d"];
  const untilMs = Math.min(window.untilTime.getTime(), now.getTime() - settleMs);
  const fromMs = Math.max(window.fromTime.getTime(), keptFromMs);
  const span = {
    fromTime: new Date(fromMs - ageMs),
    untilTime: new Date(Math.max(fromMs, untilMs)),
  };
  const [share, slices, dirty] = await Promise.all([
    readLagShare(ctx, scope, ageMs),
    ctx.ch.query(
      freshnessSlices,
      { modelId, environment, version, ...segmentParamsOf(scope), ...span },
      ctx.signal,
    ),
    listDirtyStretches(ctx, { modelId, ...span, widthMs: grainMs["5m"], grains: ["5m"] }),
  ]);
  const waiting = new Set(dirty.map((one) => one.startMs));
  const found = measureSlices(slices, { fromMs, untilMs, ageMs, waiting });
  const rowCount = share?.rowCount ?? 0;
  const rows = { least: share?.leastCount ?? 0, most: share?.mostCount ?? 0, total: rowCount };
  return {
    rowCount,
    rowsWithinLeast: rows.least,
    rowsWithinMost: rows.most,
    rows: judgeShare(rows, objective.share),
    slicesFrom: new Date(fromMs).toISOString(),
    sliceCount: found.sliceCount,
    freshSliceCount: found.freshCount,
    unknownSliceCount: found.unknownCount,
    slices: judgeShare(
      { least: found.freshCount, most: found.freshCount, total: found.sliceCount },
      objective.share,
    ),
  };
}
