import { labelSample, predictionTimes } from "#db/clickhouse/queries/freshness-share.ts";
import { labelDelayInput, labelDelayOutput } from "#lib/api/freshness.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { retentionDefaults } from "#lib/domain/limits.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";

/** How long labels take to come, by some of those of a window: at most 200, whose predictions are looked up by id. */
export const getLabelDelay = defineService({
  name: "getLabelDelay",
  role: "viewer",
  input: labelDelayInput,
  output: labelDelayOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const { modelId, environment } = scope;
    const { fromTime, untilTime } = scope.window;
    const labels = await ctx.ch.query(
      labelSample,
      { modelId, environment, fromTime, untilTime },
      ctx.signal,
    );
    if (labels.length === 0) return { sampleCount: 0, unmatchedCount: 0, delayMs: null };
    const times = await ctx.ch.query(
      predictionTimes,
      {
        modelId,
        environment,
        predictionIds: labels.map((label) => label.predictionId),
        fromTime: new Date(fromTime.getTime() - retentionDefaults.rawDays * grainMs["1d"]),
        untilTime: new Date(untilTime.getTime() + grainMs["1d"]),
      },
      ctx.signal,
    );
    const madeMs = new Map(times.map((row) => [row.predictionId, row.timestampMs]));
    const delays = labels
      .flatMap(({ predictionId, receivedMs }) => {
        const made = madeMs.get(predictionId);
        return made === undefined ? [] : [receivedMs - made];
      })
      .sort((a, b) => a - b);
    const at = (share: number) => delays[Math.max(0, Math.ceil(share * delays.length) - 1)] ?? 0;
    return {
      sampleCount: labels.length,
      unmatchedCount: labels.length - delays.length,
      delayMs: delays.length === 0 ? null : { p50: at(0.5), p90: at(0.9), maximum: at(1) },
    };
  },
});
