import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import {
  columnLags,
  featurePresence,
  lagSpreads,
} from "#db/clickhouse/queries/freshness-figures.ts";
import { segmentLastSeen } from "#db/clickhouse/queries/freshness-share.ts";
import { columnRowCounts, lastEvents, windowRowCounts } from "#db/clickhouse/queries/row-counts.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import { findFreshnessObjective } from "#db/postgres/queries/expectation.ts";
import { freshnessInput, freshnessOutput } from "#lib/api/freshness.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { chooseColumns, columnWindow } from "../profile/cover-window.ts";
import { readLastSeen } from "../quality/read-quality.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import { fillColumns } from "../volume/fill-columns.ts";
import { measureFreshness, readLagShare } from "./measure-freshness.ts";

const columnsMax = 120;

/** How old the newest event and the newest value of every feature are, and how late events come in. */
export const getFreshness = defineService({
  name: "getFreshness",
  role: "viewer",
  input: freshnessInput,
  output: freshnessOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const { modelId, environment, version } = scope;
    const columns = chooseColumns(scope.window, ctx.now, columnsMax);
    const span = { ...columnWindow(columns), columnSeconds: columns.bucketMs / 1000 };
    const segment = segmentParamsOf(scope);
    const window = {
      modelId,
      environment,
      version,
      ...segment,
      ...pieceParams(scope.window.pieces),
    };
    const modelIds = [modelId];
    const hoursFrom = new Date(ctx.now.getTime() - 2 * grainMs["1d"]);
    const objective = await findFreshnessObjective(ctx, modelId);
    const [everSeen, segments, attainment, share] = await Promise.all([
      readLastSeen(ctx, scope),
      ctx.ch.query(segmentLastSeen, { modelId, environment, version, hoursFrom }, ctx.signal),
      objective === null ? null : measureFreshness(ctx, scope, objective),
      readLagShare(ctx, scope, 0),
    ]);
    const [events, spreads, presence, lags, cells, counts, dirty] = await Promise.all([
      ctx.ch.query(lastEvents, { modelIds, ...segment }, ctx.signal),
      ctx.ch.query(lagSpreads, window, ctx.signal),
      ctx.ch.query(featurePresence, window, ctx.signal),
      ctx.ch.query(
        columnLags,
        { modelId, environment, version, ...segment, grain: columns.grain, ...span },
        ctx.signal,
      ),
      ctx.ch.query(
        columnRowCounts,
        { modelIds, ...segment, grain: columns.grain, ...span },
        ctx.signal,
      ),
      ctx.ch.query(
        windowRowCounts,
        { modelIds, ...segment, ...pieceParams(scope.window.pieces) },
        ctx.signal,
      ),
      listDirtyStretches(ctx, { modelId, ...span, widthMs: columns.bucketMs }),
    ]);
    const isWanted = (row: { environment: string; version: string }) =>
      row.environment === environment && row.version === version;
    const last = events.find(isWanted);
    const windowRows = counts.find(isWanted)?.rowCount ?? 0;
    const lag = spreads.find((row) => row.subject === "event_lag");
    const lagOf = new Map(lags.map((row) => [row.columnIndex, row]));
    const waiting = new Set(dirty.map((one) => one.startMs));
    const rowCounts = fillColumns(columns, cells.filter(isWanted), waiting, ctx.now);
    const ages = new Map(
      spreads.flatMap((row) => (row.subject === "feature_age" ? [[row.feature, row]] : [])),
    );
    const seen = new Map(presence.map((row) => [row.feature, row]));
    const names = [...new Set([...scope.types.keys(), ...seen.keys(), ...ages.keys()])].sort();
    return {
      model: scope.model,
      environment,
      version,
      segment: scope.segment ?? null,
      from: scope.window.fromTime.toISOString(),
      until: scope.window.untilTime.toISOString(),
      lastEventAt: toIso(last?.eventMs),
      lastReceivedAt: toIso(last?.receivedMs),
      eventLagMs: lag === undefined ? null : toSpread(lag),
      bucketMs: columns.bucketMs,
      series: columns.starts.map((start, i) => ({
        from: start.toISOString(),
        rowCount: rowCounts[i] ?? null,
        lagP50Ms: lagOf.get(i)?.p50 ?? null,
        lagP99Ms: lagOf.get(i)?.p99 ?? null,
      })),
      features: names.map((feature) => {
        const row = seen.get(feature);
        const age = ages.get(feature);
        const presentCount = row === undefined ? 0 : row.rowCount - row.missingCount;
        return {
          feature,
          lastSeenAt: presentCount === 0 ? null : toIso(row?.lastSeenMs),
          newestFeatureAt: toIso(age?.newestFeatureMs),
          ageMs: age === undefined ? null : toSpread(age),
          rowCount: presentCount,
          missingShare: windowRows === 0 ? null : 1 - Math.min(1, presentCount / windowRows),
          lastSeenEverAt: toIso(everSeen.get(feature)),
        };
      }),
      segments: segments.map(({ key, value, lastSeenMs }) => ({
        key,
        value,
        lastSeenAt: new Date(lastSeenMs).toISOString(),
      })),
      objective,
      attainment,
      receiptTimedShareMost:
        share === null || share.rowCount === 0 ? null : share.zeroCount / share.rowCount,
    };
  },
});

function toSpread({
  p50,
  p90,
  p99,
  maximum,
}: {
  p50: number;
  p90: number;
  p99: number;
  maximum: number;
}) {
  return { p50, p90, p99, maximum };
}

/** 0 stands for never. */
function toIso(ms: number | undefined): string | null {
  return ms === undefined || ms === 0 ? null : new Date(ms).toISOString();
}
