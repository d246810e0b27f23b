import { newestPredictionBucket } from "#db/clickhouse/queries/newest-prediction-bucket.ts";
import { predictionKeys } from "#db/clickhouse/queries/prediction-keys.ts";
import { predictionLabels } from "#db/clickhouse/queries/prediction-labels.ts";
import { predictionRows } from "#db/clickhouse/queries/prediction-rows.ts";
import { predictionListInput, predictionListOutput } from "#lib/api/prediction.ts";
import { otherSegment } from "#lib/domain/segment.ts";
import type { TimeRangeQuery } from "#lib/domain/time-range.ts";
import { resolveTimeRange } from "#lib/domain/time-range.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { readRawSegment, resolveSegment } from "../segment/resolve-segment.ts";
import { toPrediction } from "./to-prediction.ts";

/** Three questions, each small: which predictions, all of theirs columns, their labels. To sort wide rows in order to show
 *  fifty of them would cost a hundred times as much. */
export const listPredictions = defineService({
  name: "listPredictions",
  role: "viewer",
  input: predictionListInput,
  output: predictionListOutput,
  writes: false,
  async run(ctx, input) {
    const model = await getModelRow(ctx, input.model);
    const isLookup = input.predictionId !== undefined || input.entityId !== undefined;
    const segment = await resolveSegment(ctx, model, input);
    const question: Question = {
      modelId: model.id,
      ...(await readRawSegment(ctx, { modelId: model.id, segment })),
      environment: input.environment ?? null,
      version: input.version ?? null,
      predictionId: input.predictionId ?? null,
      entityId: input.entityId ?? null,
      ...timesOf(input, ctx.now, isLookup),
      limit: input.limit + 1,
    };
    const keys = isLookup
      ? await ctx.ch.query(predictionKeys, question, ctx.signal)
      : await findNewest(ctx, question);
    const shown = keys.slice(0, input.limit);
    return {
      predictions: await readPredictions(ctx, question, shown),
      hasMore: keys.length > shown.length,
    };
  },
});

interface Question {
  modelId: string;
  segmentKey: string;
  segmentValue: string;
  segmentNames: string[];
  environment: string | null;
  version: string | null;
  predictionId: string | null;
  entityId: string | null;
  fromTime: Date | null;
  untilTime: Date | null;
  limit: number;
}

interface Key {
  predictionId: string;
  environment: string;
  version: string;
  timestampMs: number;
}

/** Whoever looks for one prediction looks in all of history unless a range was named. */
function timesOf(range: TimeRangeQuery, now: Date, isLookup: boolean) {
  const isNamed = range.range !== undefined || range.from !== undefined;
  if (isLookup && !isNamed) return { fromTime: null, untilTime: null };
  const { from, until } = resolveTimeRange(range, now);
  return { fromTime: from, untilTime: until };
}

/** The newest rows of a window without reading the window: a sample of the newest raw rows says how far back to look, and
 *  a larger one is taken while rows that were sent twice leave too few. */
async function findNewest(ctx: ServiceContext, question: Question): Promise<Key[]> {
  const { fromTime, untilTime } = question;
  if (fromTime === null || untilTime === null) return [];
  for (const factor of [4, 90]) {
    const sampleCount = question.limit * factor;
    const times = { fromTime, untilTime, sampleCount };
    const [cut] = await ctx.ch.query(newestPredictionBucket, { ...question, ...times }, ctx.signal);
    if (cut === undefined) return [];
    const cutTime = new Date(Math.max(cut.bucketMs, fromTime.getTime()));
    const keys = await ctx.ch.query(predictionKeys, { ...question, fromTime: cutTime }, ctx.signal);
    const isWhole = cutTime.getTime() === fromTime.getTime();
    if (isWhole || keys.length >= question.limit) return keys;
  }
  return ctx.ch.query(predictionKeys, question, ctx.signal);
}

async function readPredictions(ctx: ServiceContext, question: Question, keys: Key[]) {
  const { modelId, entityId } = question;
  if (keys.length === 0) return [];
  const predictionIds = [...new Set(keys.map((key) => key.predictionId))];
  const timesMs = keys.map((key) => key.timestampMs);
  const environments = [...new Set(keys.map((key) => key.environment))];
  const [rows, labels] = await Promise.all([
    ctx.ch.query(
      predictionRows,
      {
        modelId,
        predictionIds,
        fromTime: new Date(Math.min(...timesMs)),
        lastTime: new Date(Math.max(...timesMs)),
      },
      ctx.signal,
    ),
    ctx.ch.query(predictionLabels, { modelId, environments, predictionIds }, ctx.signal),
  ]);
  const rowByKey = new Map(rows.map((row) => [keyOf(row), row]));
  const labelById = new Map(labels.map((row) => [`${row.environment}\n${row.predictionId}`, row]));
  return keys.flatMap((key) => {
    const row = rowByKey.get(keyOf(key));
    if (row === undefined) return [];
    // Sent again for another entity, or of another segment: what holds is the last.
    if (entityId !== null && row.entityId !== entityId) return [];
    if (!isOfSegment(question, row.tags)) return [];
    return [toPrediction(row, labelById.get(`${key.environment}\n${key.predictionId}`) ?? null)];
  });
}

function isOfSegment(
  { segmentKey, segmentValue, segmentNames }: Question,
  tags: Record<string, string>,
): boolean {
  if (segmentKey === "") return true;
  const value = tags[segmentKey] ?? "";
  return segmentValue === otherSegment ? !segmentNames.includes(value) : value === segmentValue;
}

function keyOf(row: { environment: string; version: string; predictionId: string }): string {
  return `${row.environment}\n${row.version}\n${row.predictionId}`;
}
