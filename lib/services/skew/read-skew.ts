import type { z } from "zod";
import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { columnSkew } from "#db/clickhouse/queries/column-skew.ts";
import { offlinePresence } from "#db/clickhouse/queries/row-presence.ts";
import { windowSkew } from "#db/clickhouse/queries/window-skew.ts";
import { compareNames } from "#lib/domain/compare-names.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { BucketRate } from "#lib/stats/skew/find-onset.ts";
import type { JudgedSkew } from "#lib/stats/skew/judge-skew.ts";
import { judgeSkew } from "#lib/stats/skew/judge-skew.ts";
import type { SkewCounts } from "#lib/stats/skew/skew-counts.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { coverHours } from "../profile/cover-hours.ts";
import type { Columns, CoveredWindow } from "../profile/cover-window.ts";
import { chooseColumns, columnWindow } from "../profile/cover-window.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";

type ReadContext = Pick<ServiceContext, "ch" | "signal">;
type StoredSkew = z.output<(typeof windowSkew)["row"]>;

export interface JudgedFeature {
  feature: string;
  counts: SkewCounts;
  judged: JudgedSkew;
  firstDifferingMs: number | null;
}

export interface WindowSkew {
  window: CoveredWindow;
  hasOffline: boolean;
  predictionCount: number;
  pairCount: number;
  /** Worst first. */
  features: readonly JudgedFeature[];
}

/** What both sides are compared by: whole hours, since an hour is joined as one. */
function skewWindowOf(scope: Pick<ResolvedScope, "window" | "now">): CoveredWindow {
  return coverHours(scope.window.fromTime, scope.window.untilTime, scope.now);
}

/** Every feature's pairs over the window, judged as one family. */
export async function readWindowSkew(ctx: ReadContext, scope: ResolvedScope): Promise<WindowSkew> {
  const window = skewWindowOf(scope);
  const [rows, [presence]] = await Promise.all([
    ctx.ch.query(windowSkew, windowParams(scope, window), ctx.signal),
    ctx.ch.query(offlinePresence, { modelId: scope.modelId }, ctx.signal),
  ]);
  const totals = rows.find(({ feature }) => feature === "");
  const named = rows.filter(({ feature }) => feature !== "");
  const judgements = judgeSkew(named.map(countsOf));
  const features = named.flatMap((row, i) => {
    const judged = judgements[i];
    return judged === undefined ? [] : [toJudged(row, judged)];
  });
  return {
    window,
    hasOffline: presence?.isPresent ?? false,
    predictionCount: totals?.predictionCount ?? 0,
    pairCount: totals?.pairCount ?? 0,
    features: features.sort(worstFirst),
  };
}

export function windowParams(scope: ResolvedScope, window: CoveredWindow) {
  const { modelId, environment, version } = scope;
  const { grains, ...times } = pieceParams(window.pieces);
  return {
    modelId,
    environment,
    version,
    ...segmentParamsOf(scope),
    ...times,
    grains: grains.map((grain) => (grain === "1d" ? ("1d" as const) : ("1h" as const))),
  };
}

const columnsMax = 120;

function skewColumnsOf(window: CoveredWindow, now: Date): Columns {
  const columns = chooseColumns(window, now, columnsMax);
  if (columns.grain !== "5m") return columns;
  const bucketMs = grainMs["1h"];
  const hours = (window.untilTime.getTime() - window.fromTime.getTime()) / bucketMs;
  const starts = Array.from(
    { length: hours },
    (_, i) => new Date(window.fromTime.getTime() + i * bucketMs),
  );
  return { grain: "1h", bucketMs, starts };
}

export interface SkewSeries {
  columns: Columns;
  /** By feature; a column in which nothing was compared is there with zero pairs. */
  byFeature: ReadonlyMap<string, readonly (BucketRate & { firstDifferingMs: number })[]>;
}

export async function readSeries(
  ctx: ReadContext,
  scope: ResolvedScope,
  window: CoveredWindow,
  features: readonly string[],
): Promise<SkewSeries> {
  const columns = skewColumnsOf(window, scope.now);
  const { modelId, environment, version } = scope;
  const rows =
    features.length === 0
      ? []
      : await ctx.ch.query(
          columnSkew,
          {
            modelId,
            environment,
            version,
            ...segmentParamsOf(scope),
            grain: columns.grain === "1d" ? "1d" : "1h",
            features: [...features],
            ...columnWindow(columns),
            columnSeconds: columns.bucketMs / 1000,
          },
          ctx.signal,
        );
  const found = new Map(rows.map((row) => [`${row.columnIndex} ${row.feature}`, row]));
  const seriesOf = (feature: string) =>
    columns.starts.map((start, i) => {
      const row = found.get(`${i} ${feature}`);
      return {
        startMs: start.getTime(),
        compared: row?.compared ?? 0,
        differing: row?.differing ?? 0,
        firstDifferingMs: row?.firstDifferingMs ?? 0,
      };
    });
  return { columns, byFeature: new Map(features.map((name) => [name, seriesOf(name)])) };
}

const hoursRead = 24 * 92;

/** Starts of the hours in which pairs of a feature differ, the last three months of the window at most. */
export async function readDifferingHours(
  ctx: ReadContext,
  scope: ResolvedScope,
  window: CoveredWindow,
  feature: string,
): Promise<number[]> {
  const { modelId, environment, version } = scope;
  const hourMs = grainMs["1h"];
  const untilMs = window.untilTime.getTime();
  const fromTime = new Date(Math.max(window.fromTime.getTime(), untilMs - hoursRead * hourMs));
  const rows = await ctx.ch.query(
    columnSkew,
    {
      modelId,
      environment,
      version,
      ...segmentParamsOf(scope),
      grain: "1h",
      features: [feature],
      fromTime,
      untilTime: window.untilTime,
      columnSeconds: hourMs / 1000,
    },
    ctx.signal,
  );
  return rows
    .filter(({ differing }) => differing > 0)
    .map(({ columnIndex }) => fromTime.getTime() + columnIndex * hourMs);
}

function countsOf(row: StoredSkew): SkewCounts {
  const { match, mismatch, typeMismatch, offlineOnly, servedOnly } = row;
  return { match, mismatch, typeMismatch, offlineOnly, servedOnly };
}

function toJudged(row: StoredSkew, judged: JudgedSkew): JudgedFeature {
  return {
    feature: row.feature,
    counts: countsOf(row),
    judged,
    firstDifferingMs: row.firstDifferingMs === 0 ? null : row.firstDifferingMs,
  };
}

const order = { skew: 0, no_skew: 1, cannot_say: 2 } as const;

function worstFirst(a: JudgedFeature, b: JudgedFeature): number {
  const byVerdict = order[a.judged.verdict.kind] - order[b.judged.verdict.kind];
  // By the lower end: few pairs that all differ do not go before many of which most do.
  const byRate = (b.judged.rate?.lower ?? -1) - (a.judged.rate?.lower ?? -1);
  return byVerdict || byRate || compareNames(a.feature, b.feature);
}
