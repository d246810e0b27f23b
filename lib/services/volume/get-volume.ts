import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { rejectionCounts } from "#db/clickhouse/queries/rejection-rows.ts";
import { columnRowCounts, labelCount, windowRowCounts } from "#db/clickhouse/queries/row-counts.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import { findWorkspace } from "#db/postgres/queries/workspace.ts";
import type { VolumeHour } from "#lib/api/volume.ts";
import { volumeInput, volumeOutput } from "#lib/api/volume.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { JudgedHour } from "#lib/rules/judge-volume.ts";
import { describeVolume } from "#lib/rules/judge-volume.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { chooseColumns, columnWindow, coverWindow } from "../profile/cover-window.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import { fillColumns } from "./fill-columns.ts";
import { readHours } from "./read-hours.ts";

const columnsMax = 120;
const hoursShownMs = 7 * grainMs["1d"];

/** How many rows a model got, version by version, and how many were refused. */
export const getVolume = defineService({
  name: "getVolume",
  role: "viewer",
  input: volumeInput,
  output: volumeOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const { fromTime, untilTime, pieces } = scope.window;
    const columns = chooseColumns(scope.window, ctx.now, columnsMax);
    const span = columnWindow(columns);
    const before = coverWindow(
      new Date(2 * fromTime.getTime() - untilTime.getTime()),
      fromTime,
      ctx.now,
    );
    const modelIds = [scope.modelId];
    const segment = segmentParamsOf(scope);
    const zone = (await findWorkspace(ctx))?.timeZone ?? "UTC";
    const judged = await readHours(ctx, {
      modelId: scope.modelId,
      environment: scope.environment,
      version: input.version,
      segment: scope.segment,
      fromTime: new Date(Math.max(fromTime.getTime(), untilTime.getTime() - hoursShownMs)),
      untilTime,
      now: ctx.now,
      zone,
    });
    const hours = judged.map(toHour);
    const [cells, counts, previous, labels, rejections, dirty] = await Promise.all([
      ctx.ch.query(
        columnRowCounts,
        {
          modelIds,
          ...segment,
          grain: columns.grain,
          ...span,
          columnSeconds: columns.bucketMs / 1000,
        },
        ctx.signal,
      ),
      ctx.ch.query(windowRowCounts, { modelIds, ...segment, ...pieceParams(pieces) }, ctx.signal),
      ctx.ch.query(
        windowRowCounts,
        { modelIds, ...segment, ...pieceParams(before.pieces) },
        ctx.signal,
      ),
      ctx.ch.query(
        labelCount,
        { modelId: scope.modelId, environment: scope.environment, fromTime, untilTime },
        ctx.signal,
      ),
      ctx.ch.query(
        rejectionCounts,
        { model: scope.model, code: null, fromTime, untilTime },
        ctx.signal,
      ),
      listDirtyStretches(ctx, { modelId: scope.modelId, ...span, widthMs: columns.bucketMs }),
    ]);
    const isWanted = (row: { environment: string; version: string }) =>
      row.environment === scope.environment &&
      (input.version === undefined || row.version === input.version);
    const sum = (rows: readonly { environment: string; version: string; rowCount: number }[]) =>
      rows.filter(isWanted).reduce((total, row) => total + row.rowCount, 0);
    const waiting = new Set(dirty.map((one) => one.startMs));
    const wanted = cells.filter(isWanted);
    const versions = [...new Set(wanted.map((row) => row.version))];
    return {
      model: scope.model,
      environment: scope.environment,
      segment: scope.segment ?? null,
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      rowCount: sum(counts),
      previousRowCount: sum(previous),
      labelCount: scope.segment == null ? (labels[0]?.labelCount ?? 0) : null,
      rejectedCount:
        scope.segment == null ? rejections.reduce((total, row) => total + row.rowCount, 0) : null,
      bucketMs: columns.bucketMs,
      buckets: columns.starts.map((start) => start.toISOString()),
      waitingBucketCount: waiting.size,
      versions: versions.map((version) => ({
        version,
        rowCounts: fillColumns(
          columns,
          wanted.filter((row) => row.version === version),
          waiting,
          ctx.now,
        ),
      })),
      hours: {
        zone,
        series: hours,
        last: hours.findLast((hour) => hour.rowCount !== null) ?? null,
      },
    };
  },
});

function toHour(hour: JudgedHour): VolumeHour {
  const { fromMs, rowCount, verdict, band } = hour;
  const isBand = band.kind === "band";
  return {
    from: new Date(fromMs).toISOString(),
    rowCount,
    verdict,
    expected: isBand ? band.expected : null,
    lower: isBand ? band.lower : null,
    upper: isBand ? band.upper : null,
    reason: describeVolume(hour),
  };
}
