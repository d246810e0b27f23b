import { segmentPerformance } from "#db/clickhouse/queries/segment-performance.ts";
import type { Task } from "#lib/domain/model.ts";
import { adjustPValues } from "#lib/stats/false-discovery.ts";
import { computeMeanChange } from "#lib/stats/mean-change.ts";
import { mergeMoments } from "#lib/stats/moments.ts";
import { findClassPair } from "#lib/stats/performance/binary-view.ts";
import { normalMetric, shareMetric } from "#lib/stats/performance/intervals.ts";
import { standardErrorOfMean } from "#lib/stats/performance/moments.ts";
import { mergePerformance } from "#lib/stats/performance/profile.ts";
import { computeRateChange } from "#lib/stats/rate-change.ts";
import type { Losses } from "#lib/stats/segments/worst-segments.ts";
import { takeOut } from "#lib/stats/segments/worst-segments.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { pieceLists, readBuckets } from "../performance/read-buckets.ts";
import type { CoveredWindow } from "../profile/cover-window.ts";

export type SegmentMetric = "accuracy" | "mae" | "ndcg@10";

export const metricOf = (task: Task): SegmentMetric => {
  switch (task) {
    case "binary":
    case "multiclass":
      return "accuracy";
    case "regression":
      return "mae";
    case "ranking":
      return "ndcg@10";
  }
};

export interface SegmentPerformance {
  labelledCount: number;
  value: number | null;
  lower: number | null;
  upper: number | null;
  restValue: number | null;
  difference: number | null;
  differenceLower: number | null;
  differenceUpper: number | null;
  adjustedPValue: number | null;
}

type ReadContext = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

/** The class that a score speaks for; "" where nobody can tell, or where the task has none. */
export async function readPositiveClass(
  ctx: ReadContext,
  { modelId, environment, version }: ResolvedScope,
  { fromTime, untilTime, pieces }: CoveredWindow,
  task: Task,
): Promise<string> {
  if (task !== "binary") return "";
  const key = { modelId, environment, version, segmentKey: "", segmentValue: "" };
  const whole = [{ fromMs: fromTime.getTime(), untilMs: untilTime.getTime() }];
  const profiles = await readBuckets(ctx, key, pieces, whole, task);
  return findClassPair(mergePerformance(profiles))?.positive ?? "";
}

/** How right the model was in every value of a tag, and against all rows outside it; judged as one family. */
export async function readSegmentPerformance(
  ctx: ReadContext,
  scope: ResolvedScope,
  window: CoveredWindow,
  asked: { task: Task; segmentKey: string; values: readonly string[] },
): Promise<Map<string, SegmentPerformance>> {
  const { modelId, environment, version } = scope;
  const { task, segmentKey, values } = asked;
  if (values.length === 0) return new Map();
  const metric = metricOf(task);
  const rows = await ctx.ch.query(
    segmentPerformance,
    {
      modelId,
      environment,
      version,
      segmentKey,
      segmentValues: [...values],
      grains: window.pieces.map((piece) => (piece.grain === "1d" ? "1d" : "1h")),
      ...pieceLists(window.pieces),
      positiveClass: await readPositiveClass(ctx, scope, window, task),
      moment: metric === "mae" ? "absolute_error" : metric,
    },
    ctx.signal,
  );
  const whole = rows.find((row) => row.segmentKey === "");
  const hasDecisions = (whole?.decidedCount ?? 0) > 0;
  const toLosses = (row: (typeof rows)[number]): Losses => {
    if (metric !== "accuracy") return toMoments(row);
    const [count, hits] = hasDecisions
      ? [row.decidedCount, row.hitCount]
      : [row.scoredCount, row.scoreHitCount];
    const mean = count === 0 ? 0 : hits / count;
    return { count, mean, m2: count * mean * (1 - mean) };
  };
  const total = whole === undefined ? { count: 0, mean: 0, m2: 0 } : toLosses(whole);
  const judged = rows
    .filter((row) => row.segmentKey !== "")
    .map((row) => {
      const losses = toLosses(row);
      const rest = takeOut(total, losses);
      return { row, losses, rest, change: changeOf(metric, rest, losses) };
    });
  const tested = judged.flatMap(({ change }) => (change === null ? [] : [change.pValue]));
  const adjusted = adjustPValues(tested);
  let place = 0;
  return new Map(
    judged.map(({ row, losses, rest, change }) => {
      const own = ownOf(metric, losses);
      const adjustedPValue = change === null ? null : (adjusted[place++] ?? null);
      const found: SegmentPerformance = {
        labelledCount: row.labelledCount,
        ...own,
        restValue: rest.count === 0 ? null : rest.mean,
        difference: change?.difference ?? null,
        differenceLower: change?.interval.low ?? null,
        differenceUpper: change?.interval.high ?? null,
        adjustedPValue,
      };
      return [row.segmentValue, found];
    }),
  );
}

function toMoments(row: {
  momentCounts: readonly number[];
  momentMeans: readonly (number | null)[];
  momentM2s: readonly (number | null)[];
}): Losses {
  const { count, mean, m2 } = mergeMoments(
    row.momentCounts.map((n, i) => ({
      count: n,
      minimum: null,
      maximum: null,
      mean: row.momentMeans[i] ?? Number.POSITIVE_INFINITY,
      m2: row.momentM2s[i] ?? Number.POSITIVE_INFINITY,
    })),
  );
  return { count, mean, m2 };
}

const toRate = ({ count, mean }: Losses) => ({ count: Math.round(count * mean), total: count });

function changeOf(metric: SegmentMetric, rest: Losses, losses: Losses) {
  if (metric === "accuracy") return computeRateChange(toRate(rest), toRate(losses));
  return computeMeanChange(rest, losses);
}

function ownOf(metric: SegmentMetric, losses: Losses) {
  const none = { value: null, lower: null, upper: null };
  if (losses.count === 0 || !Number.isFinite(losses.mean)) return none;
  const found =
    metric === "accuracy"
      ? shareMetric(toRate(losses).count, losses.count, "no_labels")
      : normalMetric(losses.mean, standardErrorOfMean(losses), losses.count, { minimum: 0 });
  if (found.kind === "undefined") return none;
  return { value: found.value, lower: found.lower, upper: found.upper };
}
