import { bucketSkew } from "#db/clickhouse/queries/bucket-skew.ts";
import { offlinePresence } from "#db/clickhouse/queries/row-presence.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { JudgedSkew } from "#lib/stats/skew/judge-skew.ts";
import { judgeSkew } from "#lib/stats/skew/judge-skew.ts";
import type { SkewCounts } from "#lib/stats/skew/skew-counts.ts";
import { comparedOf, mergeCounts, noPairs } from "#lib/stats/skew/skew-counts.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import { describeSkew } from "../skew/describe-skew.ts";
import { lackOfRows } from "./read-drift.ts";
import { hourlyGrainOf } from "./read-performance-windows.ts";
import type {
  KindReader,
  ReadContext,
  Reading,
  SeriesReading,
  Watch,
  WatchedSide,
} from "./watch.ts";
import { seriesOf, unknownOf } from "./watch.ts";

/** How often what was served differs from what the offline store says, feature by feature; of a verdict all features of a window are
 *  one family, versions and segments included. */
export const readSkew: KindReader = async (ctx, watch, windows) => {
  const found: SeriesReading[][] = windows.map(() => []);
  const [presence] = await ctx.ch.query(offlinePresence, { modelId: watch.modelId }, ctx.signal);
  const lack =
    presence?.isPresent === true
      ? "no prediction of the window is known to the offline store yet"
      : "nothing says what the features should have been: no offline rows came";
  for (const side of watch.sides) {
    const counted = await readCounts(ctx, watch, side, windows);
    for (const [i, window] of windows.entries()) {
      const counts = counted[i] ?? new Map<string, SkewCounts>();
      if (counts.size > 0) found[i]?.push(...judge(watch, side, counts));
      else if (side.isExpected(window)) found[i]?.push(unknownOf(watch, side, lack));
    }
  }
  return found;
};

/** Rows of one answer: hours times features. */
const rowsWanted = 100_000;

/** The counts of each feature in each window: every bucket is read once, however many windows it lies in. */
async function readCounts(
  ctx: ReadContext,
  { modelId, types, question, now }: Watch,
  side: WatchedSide,
  windows: readonly WindowTimes[],
): Promise<Map<string, SkewCounts>[]> {
  const { environment, version } = side;
  const { target } = question.definition;
  const features = target.kind === "feature" ? [target.feature ?? ""] : null;
  const grain = hourlyGrainOf(windows, now);
  const widthMs = grainMs[grain];
  const fromMs = Math.min(...windows.map(({ fromTime }) => fromTime.getTime()));
  const untilMs = Math.max(...windows.map(({ untilTime }) => untilTime.getTime()));
  const featureCount = Math.max(1, features?.length ?? types.size);
  const stepMs = widthMs * Math.max(1, Math.floor(rowsWanted / featureCount));
  const buckets = new Map<number, { feature: string; counts: SkewCounts }[]>();
  for (let at = fromMs; at < untilMs; at += stepMs) {
    const times = { fromTime: new Date(at), untilTime: new Date(Math.min(untilMs, at + stepMs)) };
    const key = { modelId, environment, version, ...segmentParamsOf(side), grain, features };
    for (const row of await ctx.ch.query(bucketSkew, { ...key, ...times }, ctx.signal)) {
      const { bucketSeconds, feature, ...counts } = row;
      const held = buckets.get(bucketSeconds * 1_000) ?? [];
      held.push({ feature, counts });
      buckets.set(bucketSeconds * 1_000, held);
    }
  }
  return windows.map(({ fromTime, untilTime }) => {
    const merged = new Map<string, SkewCounts>();
    for (let at = fromTime.getTime(); at < untilTime.getTime(); at += widthMs)
      for (const { feature, counts } of buckets.get(at) ?? [])
        merged.set(feature, mergeCounts(merged.get(feature) ?? noPairs, counts));
    return merged;
  });
}

function judge(
  watch: Watch,
  side: WatchedSide,
  counts: ReadonlyMap<string, SkewCounts>,
): SeriesReading[] {
  const { falseDiscoveryRate, sampleMin } = watch.question.definition;
  const named = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const judged = judgeSkew(
    named.map(([, own]) => own),
    // The rate holds for the whole evaluation: versions and segments share it.
    { pairsMin: sampleMin, falseDiscoveryRate: falseDiscoveryRate / watch.sides.length },
  );
  return named.flatMap(([feature, own], i) => {
    const verdict = judged[i];
    if (verdict === undefined) return [];
    return [
      { series: seriesOf(side, "feature", feature), reading: toReading(watch, own, verdict) },
    ];
  });
}

function toReading(watch: Watch, counts: SkewCounts, { verdict, rate }: JudgedSkew): Reading {
  const { statistic, sampleMin } = watch.question.definition;
  const words = describeSkew(verdict, counts);
  const compared = comparedOf(counts);
  if (rate === null || verdict.kind === "cannot_say") return { kind: "no_data", reason: words };
  if (compared < sampleMin)
    return { kind: "no_data", reason: lackOfRows(compared, sampleMin, "pairs") };
  const { value, lower, upper } = rate;
  return {
    kind: "value",
    value,
    lower,
    upper,
    sampleCount: compared,
    words,
    ...(statistic === "verdict" && {
      judgement: { judged: verdict.kind === "skew" ? "fire" : "clear", threshold: null },
    }),
  };
}
