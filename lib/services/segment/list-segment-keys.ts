import { lastEvents } from "#db/clickhouse/queries/row-counts.ts";
import { segmentCatalogue, tagKeys } from "#db/clickhouse/queries/segment-keys.ts";
import { listSegmentKeyRows } from "#db/postgres/queries/segment.ts";
import { segmentKeysInput, segmentKeysOutput } from "#lib/api/segment.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { segmentLimits } from "#lib/domain/limits.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";

const suggestionsMax = 50;
const unfoldedMs = 2 * grainMs["1d"];

/** By which tags a model's rows are profiled, with the values that were seen, and which tags they carry beside. */
export const listSegmentKeys = defineService({
  name: "listSegmentKeys",
  role: "viewer",
  input: segmentKeysInput,
  output: segmentKeysOutput,
  writes: false,
  async run(ctx, { model: name }) {
    const model = await getModelRow(ctx, name);
    const declared = await listSegmentKeyRows(ctx, model.id);
    const keys = declared.map(({ key }) => key);
    const [values, tags] = await Promise.all([
      keys.length === 0
        ? []
        : ctx.ch.query(
            segmentCatalogue,
            {
              modelId: model.id,
              segmentKeys: keys,
              hoursFrom: new Date(ctx.now.getTime() - unfoldedMs),
            },
            ctx.signal,
          ),
      readTags(ctx, model.id),
    ]);
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
      suggestions: tags
        .filter((tag) => tag.key !== "" && !keys.includes(tag.key))
        .slice(0, suggestionsMax),
      suggestionRowCount: tags.find((tag) => tag.key === "")?.rowCount ?? 0,
    };
  },
});

/** The tags of the newest day with rows. */
async function readTags({ ch, now, signal }: ServiceContext, modelId: string) {
  const events = await ch.query(lastEvents, { modelIds: [modelId] }, signal);
  const lastMs = Math.max(0, ...events.map((row) => row.eventMs)) || now.getTime();
  const fromTime = new Date(lastMs - grainMs["1d"]);
  // A profile may not be there yet for what came since: up to now and a little ahead of it.
  const untilTime = new Date(Math.max(lastMs, now.getTime()) + grainMs["1h"]);
  return ch.query(tagKeys, { modelId, fromTime, untilTime }, signal);
}
