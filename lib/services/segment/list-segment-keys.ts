import { segmentCatalogue } from "#db/clickhouse/queries/segment-keys.ts";
import { listSegmentKeyRows } from "#db/postgres/queries/segment.ts";
import { segmentKeysInput, segmentKeysOutput } from "#lib/api/segment.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { segmentLimits } from "#lib/domain/limits.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { unfoldedDays } from "../quality/read-quality.ts";

/** By which tags a model's rows are profiled, with the values that were seen. */
export const listSegmentKeys = defineService({
  name: "listSegmentKeys",
  role: "viewer",
  input: segmentKeysInput,
  output: segmentKeysOutput,
  writes: false,
  async run(ctx, { model: name }) {
    const model = await getModelRow(ctx, name);
    const declared = await listSegmentKeyRows(ctx, model.id);
    const segmentKeys = declared.map(({ key }) => key);
    const hoursFrom = new Date(ctx.now.getTime() - unfoldedDays * grainMs["1d"]);
    const asked = { modelId: model.id, segmentKeys, hoursFrom };
    const values =
      segmentKeys.length === 0 ? [] : await ctx.ch.query(segmentCatalogue, asked, ctx.signal);
    return {
      keys: declared.map(({ key, createdAt }) => ({
        key,
        declaredAt: createdAt.toISOString(),
        values: values
          .filter((row) => row.key === key)
          .map(({ value, lastSeenMs }) => ({
            value,
            lastSeenAt: new Date(lastSeenMs).toISOString(),
          })),
      })),
      keysMax: segmentLimits.keysMax,
      valuesPerKeyMax: segmentLimits.valuesPerKeyMax,
    };
  },
});
