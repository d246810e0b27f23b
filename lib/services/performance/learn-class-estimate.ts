import {
  baselineLabelCount,
  baselineLabelledRows,
  learnedRowsMax,
} from "#db/clickhouse/queries/estimate-rows.ts";
import type { BaselineRow } from "#db/postgres/queries/baseline.ts";
import { learnMulticlass } from "#lib/stats/performance/multiclass-estimate.ts";
import type { ServiceContext } from "../context.ts";
import { numberOrNull } from "../joint/to-joint-column.ts";
import { toClassRow } from "./class-rows.ts";
import type { Learned } from "./learn-estimate.ts";

/** As many as have scores of their own in the performance of an hour. */
const classesMax = 20;

/** What the labelled rows of a baseline with a probability for each class teach of CBPE. */
export async function learnClassEstimate(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  { modelId, id: baselineId }: BaselineRow,
): Promise<Learned> {
  const [counted] = await ctx.ch.query(baselineLabelCount, { modelId, baselineId }, ctx.signal);
  const labelledCount = counted?.rowCount ?? 0;
  const rows = await ctx.ch.query(
    baselineLabelledRows,
    {
      modelId,
      baselineId,
      features: [],
      sampleOf: Math.max(1, Math.floor(labelledCount / learnedRowsMax)),
      rowsTaken: learnedRowsMax,
    },
    ctx.signal,
  );
  const scored = rows.filter(({ probabilities }) => Object.keys(probabilities).length > 1);
  const counts = new Map<string, number>();
  for (const { probabilities } of scored)
    for (const name of Object.keys(probabilities)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const classes = [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, classesMax)
    .map(([name]) => name)
    .sort();
  const learned = learnMulticlass(
    classes,
    scored.map((row) => {
      const value = numberOrNull(row.labelValue);
      const label = row.labelClass === "" && value !== null ? String(value) : row.labelClass;
      return { ...toClassRow(row, classes), label };
    }),
  );
  if (learned === null) return { labelledCount, reference: null, model: null };
  const { trials, model } = learned;
  const isCalibrated = model.calibrators.some((one) => one?.isCalibrated === true);
  return {
    labelledCount: scored.length,
    reference: { kind: "multiclass", isCalibrated, trials },
    model: { kind: "multiclass", model },
  };
}
