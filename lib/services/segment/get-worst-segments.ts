import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { segmentLosses, segmentPerformance } from "#db/clickhouse/queries/segment-performance.ts";
import { namedSegmentValues } from "#db/clickhouse/queries/segment-values.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { worstSegmentsInput, worstSegmentsOutput } from "#lib/api/segment.ts";
import type { Task } from "#lib/domain/model.ts";
import { FALSE_DISCOVERY_RATE } from "#lib/stats/false-discovery.ts";
import type { SegmentLosses } from "#lib/stats/segments/worst-segments.ts";
import { findWorstSegments, SEGMENT_COUNT_MIN } from "#lib/stats/segments/worst-segments.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { coverHours } from "../profile/cover-hours.ts";
import type { CoveredWindow } from "../profile/cover-window.ts";
import { getSegmentKeys } from "./get-segment-keys.ts";
import { readPositiveClass } from "./read-segment-performance.ts";

/** Labelled rows that are joined for one answer: a second or two in the store. */
const rowsMax = 200_000;
const findingsMax = 20;

const losses: Record<Task, "error_rate" | "absolute_error" | null> = {
  binary: "error_rate",
  multiclass: "error_rate",
  regression: "absolute_error",
  ranking: null,
};

/** Where a model is worse than elsewhere: over the declared tags, alone and in pairs, by the labelled raw rows of a window. */
export const getWorstSegments = defineService({
  name: "getWorstSegments",
  role: "viewer",
  input: worstSegmentsInput,
  output: worstSegmentsOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const segmentKeys = await getSegmentKeys(ctx, { id: scope.modelId, name: scope.model });
    const task = await findModelTask(ctx.pg, scope.modelId);
    const loss = task === null ? null : losses[task];
    const window = coverHours(scope.window.fromTime, scope.window.untilTime, ctx.now);
    const head = {
      model: scope.model,
      environment: scope.environment,
      version: scope.version,
      from: window.fromTime.toISOString(),
      until: window.untilTime.toISOString(),
      segmentKeys,
      loss,
      falseDiscoveryRate: FALSE_DISCOVERY_RATE,
    };
    const cannotSay = (reason: string) => ({
      ...head,
      state: "cannot_say" as const,
      reason,
      rowCount: 0,
      sampledShare: 1,
      meanLoss: null,
      countMin: SEGMENT_COUNT_MIN,
      candidateCount: 0,
      findingCount: 0,
      findings: [],
    });
    if (segmentKeys.length === 0) return cannotSay("no segment key is declared");
    if (task === null) return cannotSay("nobody has said what the model predicts");
    if (loss === null)
      return cannotSay("a ranking is judged by groups, and groups have no one tag");
    const labelledCount = await countLabelled(ctx, scope, window);
    if (labelledCount === 0) return cannotSay("no labels have come for this window");
    const sampleOf = Math.max(1, Math.ceil(labelledCount / rowsMax));
    const looked = labelledCount / sampleOf;
    // Of each combination of tags at most a thousand are large enough, so that the answer is bounded.
    const countMin = Math.max(SEGMENT_COUNT_MIN, Math.ceil(looked / 1_000));
    const { total, segments } = await readLosses(ctx, scope, window, {
      segmentKeys,
      task,
      loss,
      countMin,
      sampleOf,
    });
    if (total === null) return cannotSay("no labelled row has a decision to judge");
    const kind = loss === "error_rate" ? "rate" : "mean";
    const options = { kind, countMin } as const;
    const { findings, candidateCount } = findWorstSegments(total, segments, options);
    if (candidateCount === 0)
      return {
        ...cannotSay(`no two segments have ${countMin} labelled rows each`),
        rowCount: total.count,
      };
    return {
      ...head,
      state: findings.length === 0 ? ("none" as const) : ("found" as const),
      reason: null,
      rowCount: total.count,
      sampledShare: 1 / sampleOf,
      meanLoss: total.mean,
      countMin,
      candidateCount,
      findingCount: findings.length,
      findings: findings.slice(0, findingsMax).map((one) => ({
        conditions: [...one.conditions],
        rowCount: one.count,
        loss: one.loss,
        lower: one.lossInterval?.low ?? null,
        upper: one.lossInterval?.high ?? null,
        restRowCount: one.restCount,
        restLoss: one.restLoss,
        difference: one.difference,
        differenceLower: one.differenceInterval.low,
        differenceUpper: one.differenceInterval.high,
        pValue: one.pValue,
        adjustedPValue: one.adjustedPValue,
      })),
    };
  },
});

type ReadContext = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

async function countLabelled(
  ctx: ReadContext,
  { modelId, environment, version }: ResolvedScope,
  { pieces }: CoveredWindow,
): Promise<number> {
  const { grains, ...times } = pieceParams(pieces);
  const rows = await ctx.ch.query(
    segmentPerformance,
    {
      modelId,
      environment,
      version,
      segmentKey: "",
      segmentValues: [""],
      grains: grains.map((grain) => (grain === "1d" ? "1d" : "1h")),
      ...times,
      positiveClass: "",
      moment: "",
    },
    ctx.signal,
  );
  return rows.reduce((sum, row) => sum + row.labelledCount, 0);
}

async function readLosses(
  ctx: ReadContext,
  scope: ResolvedScope,
  window: CoveredWindow,
  asked: {
    segmentKeys: string[];
    task: Task;
    loss: "error_rate" | "absolute_error";
    countMin: number;
    sampleOf: number;
  },
): Promise<{ total: SegmentLosses | null; segments: SegmentLosses[] }> {
  const { modelId, environment, version } = scope;
  const { segmentKeys } = asked;
  const named = await Promise.all(
    segmentKeys.map((segmentKey) =>
      ctx.ch.query(namedSegmentValues, { modelId, segmentKey }, ctx.signal),
    ),
  );
  const rows = await ctx.ch.query(
    segmentLosses,
    {
      ...asked,
      modelId,
      environment,
      version,
      fromTime: window.fromTime,
      untilTime: window.untilTime,
      segmentNames: named.map((values) => values.map(({ value }) => value)),
      positiveClass: await readPositiveClass(ctx, scope, window, asked.task),
    },
    ctx.signal,
  );
  const all = rows.map((row): SegmentLosses => {
    const conditions = [
      { place: row.firstKey, value: row.firstValue },
      { place: row.secondKey, value: row.secondValue },
    ].flatMap(({ place, value }) => {
      const key = segmentKeys[place - 1];
      return key === undefined ? [] : [{ key, value }];
    });
    return {
      conditions,
      count: row.rowCount,
      mean: row.mean ?? Number.POSITIVE_INFINITY,
      m2: row.m2 ?? Number.POSITIVE_INFINITY,
    };
  });
  const total = all.find(({ conditions }) => conditions.length === 0);
  return {
    total: total === undefined || total.count === 0 ? null : total,
    segments: all.filter(({ conditions }) => conditions.length > 0),
  };
}
