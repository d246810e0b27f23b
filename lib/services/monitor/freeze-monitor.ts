import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { seriesEvaluations } from "#db/clickhouse/queries/evaluation-rows.ts";
import { windowRowCounts } from "#db/clickhouse/queries/row-counts.ts";
import { findModelName, listFeatureRows } from "#db/postgres/queries/model.ts";
import type { MonitorRow } from "#db/postgres/queries/monitor.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import { shiftShapeSchema } from "#lib/domain/incident-signature.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { SeriesOutcome } from "#lib/domain/monitor.ts";
import { unitOf, windowLengthMs } from "#lib/domain/monitor-definition.ts";
import type { Shift } from "#lib/stats/shift-shape.ts";
import { shapeOfShift } from "#lib/stats/shift-shape.ts";
import { pairSides } from "../drift/compare-sides.ts";
import { distributionBins } from "../drift/distribution-bins.ts";
import type { ProfileSide } from "../drift/profile-side.ts";
import { readWindowSide } from "../drift/profile-side.ts";
import type { Reference } from "../drift/read-reference.ts";
import { readReference } from "../drift/read-reference.ts";
import { summariseSide } from "../drift/summarise-side.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { ReadContext } from "./watch.ts";

/** Windows that stand before the finding. */
const historyWindows = 60;

/** What stood behind a finding, to be kept as it was: the values before it, and both sides of the feature that it is about. */
export async function freezeMonitor(
  ctx: ReadContext,
  monitor: MonitorRow,
  { series, windowFrom, windowUntil, result }: SeriesOutcome,
  now: Date,
): Promise<FrozenEvidence> {
  if (result.kind !== "value") throw new Error("There is no evidence of what has no value.");
  const { definition, kind } = monitor;
  const model = await findModelName(ctx, monitor.modelId);
  if (model === null) throw new AppError("not_found", "The model of the monitor is gone.");
  const scope: ResolvedScope = {
    modelId: monitor.modelId,
    model,
    environment: series.environment,
    version: series.version,
    segment:
      series.segmentKey === "" ? null : { key: series.segmentKey, value: series.segmentValue },
    types: new Map(
      (await listFeatureRows(ctx, monitor.modelId)).map((row) => [row.name, row.type]),
    ),
    window: coverWindow(windowFrom, windowUntil, now),
    now,
  };
  const isCompared = kind === "drift" || kind === "quality";
  const counts = {
    modelIds: [scope.modelId],
    ...segmentParamsOf(scope),
    ...pieceParams(scope.window.pieces),
  };
  const [side, rowCount, reference, history] = await Promise.all([
    readWindowSide(ctx.ch, scope, scope.window.pieces, { signal: ctx.signal }),
    countRows(ctx, scope, counts),
    isCompared ? readReference(ctx, scope, { reference: definition.reference }) : null,
    ctx.ch.query(
      seriesEvaluations,
      {
        monitorId: monitor.id,
        ...series,
        fromTime: new Date(
          windowUntil.getTime() - historyWindows * windowLengthMs[definition.cadence],
        ),
        untilTime: windowUntil,
      },
      ctx.signal,
    ),
  ]);
  const { value, lower, upper, sampleCount, fireThreshold, clearThreshold, sentence } = result;
  const shown = isCompared ? distributionOf(scope, series, reference?.side ?? null, side) : null;
  return {
    schemaVersion: 1,
    frozenAt: now.toISOString(),
    sentence,
    monitor: {
      id: monitor.id,
      name: monitor.name,
      kind,
      revision: monitor.revision,
      settings: {
        ...definition,
        fireCount: monitor.fireCount,
        windowCount: monitor.windowCount,
        clearCount: monitor.clearCount,
      },
    },
    model: { id: monitor.modelId, name: model },
    series,
    statistic: definition.statistic,
    unit: unitOf(kind, definition.statistic),
    value,
    lower,
    upper,
    fireThreshold,
    clearThreshold,
    window: {
      from: windowFrom.toISOString(),
      until: windowUntil.toISOString(),
      rowCount,
      sampleCount: Math.round(sampleCount),
    },
    reference:
      reference === null
        ? null
        : {
            ...toReference(reference),
            sampleCount: shown?.referenceCount ?? reference.side.rowCount,
          },
    distribution: shown?.distribution ?? null,
    shape: shown?.shape ?? null,
    history: history.map((row) => ({
      from: new Date(row.fromMs).toISOString(),
      until: new Date(row.untilMs).toISOString(),
      value: row.value,
      lower: row.lower,
      upper: row.upper,
      sampleCount: row.sampleCount,
    })),
    // Only how many rows came is what one query says; what is compared is computed from many profiles.
    query:
      kind === "volume"
        ? {
            sql: windowRowCounts.sql(counts),
            parameters: { workspaceId: ctx.workspaceId, ...counts },
          }
        : null,
  };
}

/** Of one version, or of all together where none is named. */
async function countRows(
  ctx: ReadContext,
  scope: ResolvedScope,
  params: Parameters<typeof windowRowCounts.sql>[0],
): Promise<number> {
  const rows = await ctx.ch.query(windowRowCounts, params, ctx.signal);
  return rows
    .filter((row) => row.environment === scope.environment)
    .filter((row) => scope.version === "" || row.version === scope.version)
    .reduce((sum, row) => sum + row.rowCount, 0);
}

function toReference({ described }: Reference) {
  const { label, baselineId, version, from, until, rowCount } = described;
  return { label, baselineId, version, from, until, rowCount };
}

function distributionOf(
  { types }: ResolvedScope,
  { subject, column }: SeriesOutcome["series"],
  reference: ProfileSide | null,
  window: ProfileSide,
) {
  const none: ProfileSide = { rowCount: 0, keys: [] };
  const pair = pairSides(reference ?? none, window, types).find(
    (one) => one.subject === subject && one.feature === column,
  );
  if (pair === undefined) return null;
  const type: FeatureType = pair.type;
  const kind = type === "numeric" ? "numeric" : "categorical";
  return {
    shape: reference === null ? null : shapeSafely({ ...pair, kind }),
    referenceCount: pair.reference.rowCount,
    distribution: {
      bins: distributionBins(type, pair.reference, pair.window),
      referenceSide: reference === null ? null : summariseSide(pair.reference, type),
      windowSide: summariseSide(pair.window, type),
    },
  };
}

/** What similar incidents are found by is never worth the evidence itself. */
function shapeSafely(shift: Shift): FrozenEvidence["shape"] {
  try {
    return shiftShapeSchema.safeParse(shapeOfShift(shift)).data ?? null;
  } catch {
    return null;
  }
}
