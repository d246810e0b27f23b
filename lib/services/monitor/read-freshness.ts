import { freshnessSlices } from "#db/clickhouse/queries/freshness-share.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Slice } from "#lib/rules/measure-freshness.ts";
import { measureEventAge } from "#lib/rules/measure-freshness.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import { readSpreads } from "./read-spreads.ts";
import type {
  KindReader,
  ReadContext,
  Reading,
  SeriesReading,
  Watch,
  WatchedSide,
} from "./watch.ts";
import { seriesOf } from "./watch.ts";

/** How old the newest event was at the end of each window, or how late events and feature values come. */
export const readFreshness: KindReader = (ctx, watch, windows) => {
  switch (watch.question.definition.statistic) {
    case "event_lag_p95":
      return readSpreads(ctx, watch, windows, "event_lag");
    case "feature_age_p95":
      return readSpreads(ctx, watch, windows, "feature_age");
    default:
      return readEventAges(ctx, watch, windows);
  }
};

const dayMs = grainMs["1d"];
/** How far back an event is looked for, by buckets that are kept for so long. */
const lookback = {
  "5m": { spanMs: 6 * dayMs, keptMs: 13 * dayMs },
  "1h": { spanMs: 60 * dayMs, keptMs: 398 * dayMs },
} as const;

async function readEventAges(
  ctx: ReadContext,
  watch: Watch,
  windows: readonly WindowTimes[],
): Promise<SeriesReading[][]> {
  const found: SeriesReading[][] = windows.map(() => []);
  const grain = watch.question.definition.cadence === "5m" ? "5m" : "1h";
  const { spanMs, keptMs } = lookback[grain];
  const keptFromMs = watch.now.getTime() - keptMs;
  const ends = windows.map(({ untilTime }) => untilTime.getTime());
  const untilMs = Math.max(...ends);
  const fromMs = Math.max(keptFromMs, Math.min(...ends) - spanMs);
  const waiting = await listWaiting(ctx, watch, { grain, fromMs, untilMs });
  for (const side of watch.sides) {
    const slices = await readSlices(ctx, watch, side, { grain, fromMs, untilMs });
    for (const [i, window] of windows.entries()) {
      const hasBefore = slices.some((slice) => slice.fromMs < window.untilTime.getTime());
      if (!hasBefore && !side.isExpected(window)) continue;
      found[i]?.push({
        series: seriesOf(side),
        reading:
          window.untilTime.getTime() - spanMs < keptFromMs
            ? { kind: "no_data", reason: `what came every ${grain} is not kept that long` }
            : toReading(slices, window.untilTime.getTime(), {
                spanMs,
                widthMs: grainMs[grain],
                waiting,
              }),
      });
    }
  }
  return found;
}

/** Starts of the buckets with rows that are not profiled yet: what came in them may be newer than all that is known. */
async function listWaiting(
  ctx: ReadContext,
  { modelId }: Watch,
  { grain, fromMs, untilMs }: { grain: "5m" | "1h"; fromMs: number; untilMs: number },
): Promise<number[]> {
  if (fromMs >= untilMs) return [];
  const widthMs = grainMs[grain];
  const found = await listDirtyStretches(ctx, {
    modelId,
    fromTime: new Date(Math.floor(fromMs / widthMs) * widthMs),
    untilTime: new Date(untilMs),
    widthMs,
    grains: grain === "5m" ? ["5m"] : ["5m", "1h"],
  });
  return found.map((one) => one.startMs);
}

async function readSlices(
  ctx: ReadContext,
  { modelId }: Watch,
  side: WatchedSide,
  { grain, fromMs, untilMs }: { grain: "5m" | "1h"; fromMs: number; untilMs: number },
): Promise<Slice[]> {
  if (fromMs >= untilMs) return [];
  return ctx.ch.query(
    freshnessSlices,
    {
      modelId,
      environment: side.environment,
      version: side.version === "" ? null : side.version,
      grain,
      fromTime: new Date(fromMs),
      untilTime: new Date(untilMs),
      ...segmentParamsOf(side),
    },
    ctx.signal,
  );
}

function toReading(
  slices: readonly Slice[],
  atMs: number,
  { spanMs, widthMs, waiting }: { spanMs: number; widthMs: number; waiting: readonly number[] },
): Reading {
  const known = slices.filter(({ fromMs }) => fromMs >= atMs - spanMs && fromMs < atMs);
  const age = measureEventAge(known, { atMs, fromMs: atMs - spanMs, widthMs });
  const value = age ?? spanMs;
  return {
    kind: "value",
    value,
    lower: null,
    upper: null,
    sampleCount: known.length,
    isWaiting: waiting.some((startMs) => startMs < atMs && startMs + widthMs > atMs - value),
    ...(age === null ? { words: `no event in the last ${Math.round(spanMs / dayMs)} days` } : {}),
  };
}
