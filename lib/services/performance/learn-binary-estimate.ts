import { baselineCells, baselineScores } from "#db/clickhouse/queries/baseline-cells.ts";
import type { BaselineRow } from "#db/postgres/queries/baseline.ts";
import { learnBinary } from "#lib/stats/performance/binary-estimate.ts";
import { findClassPair, viewAsBinary } from "#lib/stats/performance/binary-view.ts";
import { countBlocks } from "#lib/stats/performance/estimate.ts";
import type { NamedCell, PerformanceProfile } from "#lib/stats/performance/profile.ts";
import { NO_PERFORMANCE } from "#lib/stats/performance/profile.ts";
import { exactCell } from "#lib/stats/performance/score-cells.ts";
import type { ServiceContext } from "../context.ts";
import type { Learned } from "./learn-estimate.ts";

/** Scores that are kept apart; more are read on a grid of 256 bins to the octave. */
const scoresMax = 5_000;
const coarse = 8;
const exact = 52;

/** What the labelled rows of a baseline with scores teach of CBPE. */
export async function learnBinaryEstimate(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  baseline: BaselineRow,
): Promise<Learned> {
  const key = { modelId: baseline.modelId, baselineId: baseline.id };
  const [sizes] = await ctx.ch.query(baselineScores, key, ctx.signal);
  const labelledCount = sizes?.rowCount ?? 0;
  const nothing = { labelledCount, reference: null, model: null };
  if (sizes === undefined || labelledCount === 0) return nothing;
  const resolution = sizes.scoreCount <= scoresMax ? exact : coarse;
  const blockCount = countBlocks(labelledCount);
  const rows = await ctx.ch.query(baselineCells, { ...key, blockCount, resolution }, ctx.signal);
  const blocks = rows.map(toProfile);
  const classes = findClassPair({
    ...NO_PERFORMANCE,
    pairs: blocks.flatMap((block) => block.pairs),
    cells: blocks.flatMap((block) => block.cells),
  });
  if (classes === null) return nothing;
  const cells = blocks.map((block) => viewAsBinary(block, classes).cells);
  const byItself = learnBinary(cells);
  if (byItself === null) return nothing;
  const { isCalibrated } = byItself.calibrator;
  const other = learnBinary(cells, { isCalibrationNeeded: !isCalibrated });
  // Of scores that are no probabilities there is no other way than to calibrate them.
  const isOther = other !== null && other.calibrator.isCalibrated !== isCalibrated;
  const against = isOther ? other : null;
  return {
    labelledCount,
    reference: {
      kind: "binary",
      classes,
      isCalibrationNeeded: isCalibrated,
      calibrated: isCalibrated ? byItself : against,
      raw: isCalibrated ? against : byItself,
    },
    model: null,
  };
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
