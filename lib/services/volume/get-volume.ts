import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { rejectionCounts } from "#db/clickhouse/queries/rejection-rows.ts";
import { columnRowCounts, labelCount, windowRowCounts } from "#db/clickhouse/queries/row-counts.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import { volumeInput, volumeOutput } from "#lib/api/volume.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { chooseColumns, columnWindow, coverWindow } from "../profile/cover-window.ts";
import { fillColumns } from "./fill-columns.ts";

const columnsMax = 120;

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
    const [cells, counts, previous, labels, rejections, dirty] = await Promise.all([
      ctx.ch.query(
        columnRowCounts,
        { modelIds, grain: columns.grain, ...span, columnSeconds: columns.bucketMs / 1000 },
        ctx.signal,
      ),
      ctx.ch.query(windowRowCounts, { modelIds, ...pieceParams(pieces) }, ctx.signal),
      ctx.ch.query(windowRowCounts, { modelIds, ...pieceParams(before.pieces) }, ctx.signal),
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
      listDirtyStretches(ctx, { ...span, widthMs: columns.bucketMs }),
    ]);
    const isWanted = (row: { environment: string; version: string }) =>
      row.environment === scope.environment &&
      (input.version === undefined || row.version === input.version);
    const sum = (rows: readonly { environment: string; version: string; rowCount: number }[]) =>
      rows.filter(isWanted).reduce((total, row) => total + row.rowCount, 0);
    const waiting = new Set(
      dirty.filter((one) => one.modelId === scope.modelId).map((one) => one.startMs),
    );
    const wanted = cells.filter(isWanted);
    const versions = [...new Set(wanted.map((row) => row.version))];
    return {
      model: scope.model,
      environment: scope.environment,
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      rowCount: sum(counts),
      previousRowCount: sum(previous),
      labelCount: labels[0]?.labelCount ?? 0,
      rejectedCount: rejections.reduce((total, row) => total + row.rowCount, 0),
      bucketMs: columns.bucketMs,
      buckets: columns.starts.map((start) => start.toISOString()),
      versions: versions.map((version) => ({
        version,
        rowCounts: fillColumns(
          columns,
          wanted.filter((row) => row.version === version),
          waiting,
          ctx.now,
        ),
      })),
    };
  },
});
