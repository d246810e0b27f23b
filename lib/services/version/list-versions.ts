import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { columnRowCounts, windowRowCounts } from "#db/clickhouse/queries/row-counts.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import { listVersionRows } from "#db/postgres/queries/model.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import type { VersionRow } from "#lib/api/version.ts";
import { versionListInput, versionListOutput } from "#lib/api/version.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { chooseColumns, columnWindow } from "../profile/cover-window.ts";
import { fillColumns } from "../volume/fill-columns.ts";
import { readVersionDetail } from "./read-version-detail.ts";

const columnsMax = 48;
/** Each is a page's worth of questions; a fleet of versions beyond these is read by its counts. */
const detailedMax = 12;

/** Every version with rows in a window: how much it serves, and how well. */
export const listVersions = defineService({
  name: "listVersions",
  role: "viewer",
  input: versionListInput,
  output: versionListOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const columns = chooseColumns(scope.window, ctx.now, columnsMax);
    const span = columnWindow(columns);
    const modelIds = [scope.modelId];
    const [task, registered, counts, cells, dirty] = await Promise.all([
      findModelTask(ctx.pg, scope.modelId),
      listVersionRows(ctx, scope.modelId),
      ctx.ch.query(windowRowCounts, { modelIds, ...pieceParams(scope.window.pieces) }, ctx.signal),
      ctx.ch.query(
        columnRowCounts,
        { modelIds, grain: columns.grain, ...span, columnSeconds: columns.bucketMs / 1000 },
        ctx.signal,
      ),
      listDirtyStretches(ctx, { modelId: scope.modelId, ...span, widthMs: columns.bucketMs }),
    ]);
    const isHere = (row: { environment: string }) => row.environment === scope.environment;
    const here = counts
      .filter(isHere)
      .sort((a, b) => b.rowCount - a.rowCount || (a.version < b.version ? -1 : 1));
    const rowCount = here.reduce((sum, row) => sum + row.rowCount, 0);
    const waiting = new Set(dirty.map((one) => one.startMs));
    const columnsOf = (version: string | null) =>
      fillColumns(
        columns,
        cells.filter((row) => isHere(row) && (version === null || row.version === version)),
        waiting,
        ctx.now,
      );
    const all = columnsOf(null);
    const versions: VersionRow[] = [];
    for (const [place, row] of here.entries()) {
      const known = registered.find((one) => isHere(one) && one.version === row.version);
      versions.push({
        version: row.version,
        firstSeenAt: known?.firstSeenAt.toISOString() ?? null,
        lastSeenAt: known?.lastSeenAt.toISOString() ?? null,
        rowCount: row.rowCount,
        share: row.rowCount / rowCount,
        shares: columnsOf(row.version).map((count, i) => shareOf(count, all[i] ?? null)),
        hasBaseline: known?.hasBaseline ?? false,
        detail:
          place < detailedMax
            ? await readVersionDetail(ctx, { ...scope, version: row.version })
            : null,
      });
    }
    const shown = new Set(here.map(({ version }) => version));
    return {
      model: scope.model,
      environment: scope.environment,
      from: scope.window.fromTime.toISOString(),
      until: scope.window.untilTime.toISOString(),
      task,
      rowCount,
      bucketMs: columns.bucketMs,
      buckets: columns.starts.map((start) => start.toISOString()),
      versions,
      silentCount: registered.filter((row) => isHere(row) && !shown.has(row.version)).length,
      isWaiting: dirty.length > 0,
      detailedMax,
    };
  },
});

function shareOf(count: number | null, of: number | null): number | null {
  return count === null || of === null || of === 0 ? null : count / of;
}
