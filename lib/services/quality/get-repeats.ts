import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { repeatCounts, repeatedRows } from "#db/clickhouse/queries/repeated-rows.ts";
import { windowRowCounts } from "#db/clickhouse/queries/row-counts.ts";
import { repeatsInput, repeatsOutput } from "#lib/api/quality.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { readRawSegment, segmentParamsOf } from "../segment/resolve-segment.ts";

/** Ids that are grouped at once: some 100 MB in the store. */
const idsMax = 1_000_000;
const samplesMax = 20;

/** Which predictions were sent more than once: the same again, changed, or with another time. They are counted from the raw
 *  rows of the window. Where there are many, one id of every so many is looked at, whole or not at all. */
export const getRepeats = defineService({
  name: "getRepeats",
  role: "viewer",
  input: repeatsInput,
  output: repeatsOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const { modelId, environment, version } = scope;
    const { fromTime, untilTime, pieces } = scope.window;
    const counts = await ctx.ch.query(
      windowRowCounts,
      { modelIds: [modelId], ...segmentParamsOf(scope), ...pieceParams(pieces) },
      ctx.signal,
    );
    const rowCount =
      counts.find((row) => row.environment === environment && row.version === version)?.rowCount ??
      0;
    const sampleModulus = Math.max(1, Math.ceil(rowCount / idsMax));
    const segment = await readRawSegment(ctx, scope);
    const question = { modelId, environment, version, fromTime, untilTime, ...segment };
    const [found] = await ctx.ch.query(repeatCounts, { ...question, sampleModulus }, ctx.signal);
    const ids = found?.repeatedIds ?? [];
    const rows =
      ids.length === 0
        ? []
        : await ctx.ch.query(repeatedRows, { ...question, predictionIds: ids }, ctx.signal);
    const samples = rows.map((row) => ({
      predictionId: row.predictionId,
      kind: kindOf(row),
      rowCount: row.rowCount,
      firstAt: new Date(row.firstMs).toISOString(),
      lastAt: new Date(row.lastMs).toISOString(),
    }));
    const countOf = (kind: string) => samples.filter((sample) => sample.kind === kind).length;
    return {
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      sampledShare: 1 / sampleModulus,
      idCount: found?.idCount ?? 0,
      repeatedCount: found?.repeatedCount ?? 0,
      conflictCount: found?.conflictCount ?? 0,
      examined: {
        identicalCount: countOf("identical"),
        changedCount: countOf("changed"),
        conflictCount: countOf("conflict"),
      },
      samples: samples.slice(0, samplesMax),
    };
  },
});

function kindOf({ timeCount, contentCount }: { timeCount: number; contentCount: number }) {
  if (timeCount > 1) return "conflict" as const;
  return contentCount > 1 ? ("changed" as const) : ("identical" as const);
}
