import type { OutcomeRow } from "#db/clickhouse/queries/outcome-rows.ts";
import {
  baselineOutcomeRows,
  explanationSizes,
  labelledCounts,
  outcomeRows,
  outcomeRowsMax,
} from "#db/clickhouse/queries/outcome-rows.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { Segment } from "#lib/domain/segment.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import type { ServiceContext } from "../context.ts";
import { readWindowSide } from "../drift/profile-side.ts";
import { pieceLists } from "../performance/read-buckets.ts";
import type { CoveredWindow } from "../profile/cover-window.ts";
import { readRawSegment, segmentParamsOf } from "../segment/resolve-segment.ts";

type ReadContext = Pick<ServiceContext, "ch" | "signal">;

/** What a worker or a page holds of a side: some 10 MB on the wire. */
const cellsMax = 1_000_000;
const rowsMin = 2_000;

export interface OutcomeQuestion {
  modelId: string;
  types: ReadonlyMap<string, FeatureType>;
  features: readonly string[];
  /** Null: all rows. */
  segment: Segment | null;
  segmentKeys: readonly string[];
  /** Rows with a label alone. */
  isLabelled: boolean;
}

export interface Outcomes {
  rows: readonly OutcomeRow[];
  columns: readonly JointColumn[];
  /** How many rows there are to sample from. */
  rowCount: number;
}

export async function readBaselineOutcomes(
  ctx: ReadContext,
  question: OutcomeQuestion,
  baseline: { id: string; rowCount: number },
): Promise<Outcomes> {
  const segment = await readRawSegment(ctx, question);
  const params = { ...paramsOf(question, baseline.rowCount), ...segment, baselineId: baseline.id };
  const rows = await ctx.ch.query(baselineOutcomeRows, params, ctx.signal);
  return { rows, columns: columnsOf(question, rows), rowCount: baseline.rowCount };
}

export async function readWindowOutcomes(
  ctx: ReadContext,
  question: OutcomeQuestion,
  { environment, version }: { environment: string; version: string },
  window: CoveredWindow,
): Promise<Outcomes> {
  const { modelId, segment } = question;
  const scope = { modelId, environment, version, segment };
  const rowCount = question.isLabelled
    ? await countLabelled(ctx, scope, window)
    : (await readWindowSide(ctx.ch, scope, window.pieces, { features: [], signal: ctx.signal }))
        .rowCount;
  const { fromTime, untilTime } = window;
  const params = {
    ...paramsOf(question, rowCount),
    ...(await readRawSegment(ctx, question)),
    environment,
    version,
    fromTime,
    untilTime,
  };
  const rows = await ctx.ch.query(outcomeRows, params, ctx.signal);
  return { rows, columns: columnsOf(question, rows), rowCount };
}

interface Place {
  modelId: string;
  environment: string;
  version: string;
  segment?: Segment | null | undefined;
}

const explainedRowsMin = 100;

/** The features that the window's logged explanations name, by their mean size, with their share of all; null where too few
 *  predictions came with explanations. */
export async function readLoggedImportance(
  ctx: ReadContext,
  scope: Place,
  { fromTime, untilTime }: CoveredWindow,
  rowCount: number,
): Promise<{ feature: string; share: number }[] | null> {
  const { modelId, environment, version } = scope;
  const sampleOf = Math.max(1, Math.floor(rowCount / outcomeRowsMax));
  const segment = await readRawSegment(ctx, scope);
  const params = { modelId, environment, version, ...segment, fromTime, untilTime, sampleOf };
  const sizes = await ctx.ch.query(explanationSizes, params, ctx.signal);
  const total = sizes.reduce((sum, { meanSize }) => sum + meanSize, 0);
  const isEnough = sizes.some((one) => one.rowCount >= explainedRowsMin) && total > 0;
  return isEnough
    ? sizes.map(({ feature, meanSize }) => ({ feature, share: meanSize / total }))
    : null;
}

async function countLabelled(
  ctx: ReadContext,
  scope: Place,
  { pieces }: CoveredWindow,
): Promise<number> {
  const grains = pieces.map(({ grain }) => (grain === "1d" ? ("1d" as const) : ("1h" as const)));
  const { segment, ...place } = scope;
  const params = { ...place, ...segmentParamsOf({ segment }), grains, ...pieceLists(pieces) };
  const [found] = await ctx.ch.query(labelledCounts, params, ctx.signal);
  return found?.labelledCount ?? 0;
}

function paramsOf(question: OutcomeQuestion, rowCount: number) {
  const { modelId, features, segmentKeys, isLabelled } = question;
  const wanted = Math.floor(cellsMax / Math.max(1, features.length));
  const rowCountMax = Math.min(outcomeRowsMax, Math.max(rowsMin, wanted));
  return {
    modelId,
    isLabelled,
    segmentKeys: [...segmentKeys],
    numericFeatures: features.filter((name) => isNumeric(question, name)),
    namedFeatures: features.filter((name) => !isNumeric(question, name)),
    rowCountMax,
    sampleOf: Math.max(1, Math.floor(rowCount / rowCountMax)),
  };
}

const isNumeric = ({ types }: OutcomeQuestion, name: string) => types.get(name) === "numeric";

function columnsOf(question: OutcomeQuestion, rows: readonly OutcomeRow[]): JointColumn[] {
  let [numberCount, nameCount] = [0, 0];
  return question.features.map((name): JointColumn => {
    if (isNumeric(question, name)) {
      const place = numberCount;
      numberCount += 1;
      return { name, kind: "numeric", values: rows.map((row) => row.numbers[place] ?? null) };
    }
    const place = nameCount;
    nameCount += 1;
    return { name, kind: "categorical", values: rows.map((row) => row.names[place] ?? null) };
  });
}
