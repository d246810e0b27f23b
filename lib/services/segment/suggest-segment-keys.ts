import { lastEvents } from "#db/clickhouse/queries/row-counts.ts";
import { tagKeys } from "#db/clickhouse/queries/segment-keys.ts";
import { segmentKeysInput, segmentSuggestionsOutput } from "#lib/api/segment.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { getSegmentKeys } from "./get-segment-keys.ts";

const suggestionsMax = 50;

/** Which tags a model's newest rows carry that are not declared, with how many values and rows. */
export const suggestSegmentKeys = defineService({
  name: "suggestSegmentKeys",
  role: "viewer",
  input: segmentKeysInput,
  output: segmentSuggestionsOutput,
  writes: false,
  async run(ctx, { model: name }) {
    const model = await getModelRow(ctx, name);
    const [declared, tags] = await Promise.all([
      getSegmentKeys(ctx, model),
      readTags(ctx, model.id),
    ]);
    return {
      suggestions: tags
        .filter((tag) => tag.key !== "" && !declared.includes(tag.key))
        .slice(0, suggestionsMax),
      rowCount: tags.find((tag) => tag.key === "")?.rowCount ?? 0,
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
