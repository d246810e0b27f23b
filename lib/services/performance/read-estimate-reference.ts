import { baselineCells, baselineScores } from "#db/clickhouse/queries/baseline-cells.ts";
import type { BaselineRow } from "#db/postgres/queries/baseline.ts";
import type { ClassPair } from "#lib/stats/performance/binary-view.ts";
import { findClassPair, viewAsBinary } from "#lib/stats/performance/binary-view.ts";
import type { EstimateReference } from "#lib/stats/performance/estimate.ts";
import { learnReference } from "#lib/stats/performance/estimate.ts";
import type { NamedCell, PerformanceProfile } from "#lib/stats/performance/profile.ts";
import { NO_PERFORMANCE } from "#lib/stats/performance/profile.ts";
import { exactCell } from "#lib/stats/performance/score-cells.ts";
import type { ServiceContext } from "../context.ts";

/** Scores that are kept apart; more are read on a grid of 256 bins to the octave. */
const scoresMax = 5_000;
const coarse = 8;
const exact = 52;
const blocksMin = 5;
const blocksMax = 20;
const blockRowsMin = 50;

export interface EstimateBase {
  classes: ClassPair | null;
  reference: EstimateReference | null;
  labelledCount: number;
}

/** A baseline never changes, and reading one sorts all of its rows: what it taught is kept for the next question. */
const learned = new Map<string, EstimateBase>();
const learnedMax = 100;

/** What the labelled rows of a baseline teach: in blocks of about `rowsPerWindow` rows, as that is what will be estimated. */
export async function readEstimateReference(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  baseline: BaselineRow,
  rowsPerWindow: number,
  isCalibrationNeeded: boolean | undefined,
): Promise<EstimateBase> {
  const blockCount = countBlocks(baseline.rowCount, rowsPerWindow);
  const key = `${ctx.ch.workspaceId} ${baseline.id} ${blockCount} ${isCalibrationNeeded}`;
  const known = learned.get(key);
  if (known !== undefined) return known;
  const base = await learnBaseline(ctx, baseline, blockCount, isCalibrationNeeded);
  const [oldest] = learned.keys();
  if (learned.size >= learnedMax && oldest !== undefined) learned.delete(oldest);
  learned.set(key, base);
  return base;
}

function countBlocks(rowCount: number, rowsPerWindow: number): number {
  const wanted = Math.round(rowCount / Math.max(1, rowsPerWindow));
  const fitting = Math.floor(rowCount / blockRowsMin);
  return Math.max(1, Math.min(blocksMax, fitting, Math.max(blocksMin, wanted)));
}

async function learnBaseline(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  baseline: BaselineRow,
  blockCount: number,
  isCalibrationNeeded: boolean | undefined,
): Promise<EstimateBase> {
  const key = { modelId: baseline.modelId, baselineId: baseline.id };
  const [sizes] = await ctx.ch.query(baselineScores, key, ctx.signal);
  const labelledCount = sizes?.rowCount ?? 0;
  if (sizes === undefined || labelledCount === 0)
    return { classes: null, reference: null, labelledCount };
  const resolution = sizes.scoreCount <= scoresMax ? exact : coarse;
  const rows = await ctx.ch.query(baselineCells, { ...key, blockCount, resolution }, ctx.signal);
  const blocks = rows.map(toProfile);
  const classes = findClassPair({
    ...NO_PERFORMANCE,
    pairs: blocks.flatMap((block) => block.pairs),
    cells: blocks.flatMap((block) => block.cells),
  });
  if (classes === null) return { classes, reference: null, labelledCount };
  const cells = blocks.map((block) => viewAsBinary(block, classes).cells);
  return { classes, reference: learnReference(cells, { isCalibrationNeeded }), labelledCount };
}

function toProfile(row: {
  scores: number[];
  decisions: string[];
  labels: string[];
  counts: number[];
}): PerformanceProfile {
  const cells = row.scores.map(
    (score, i): NamedCell => ({
      ...exactCell(score, null, null, row.counts[i] ?? 0),
      className: "",
      decision: row.decisions[i] ?? "",
      label: row.labels[i] ?? "",
    }),
  );
  const pairs = cells.map(({ decision, label, count }) => ({ decision, label, count }));
  return { ...NO_PERFORMANCE, pairs, cells };
}
