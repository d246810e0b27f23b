import { setImmediate } from "node:timers/promises";
import {
  baselineLabelCount,
  baselineLabelledRows,
  learnedRowsMax,
} from "#db/clickhouse/queries/estimate-rows.ts";
import type { BaselineRow } from "#db/postgres/queries/baseline.ts";
import { listFeatureRows } from "#db/postgres/queries/model.ts";
import { learnDirectLoss } from "#lib/stats/performance/direct-loss.ts";
import type { ServiceContext } from "../context.ts";
import { numberOrNull } from "../joint/to-joint-column.ts";
import type { Learned } from "./learn-estimate.ts";
import { toLossColumns } from "./loss-columns.ts";

/** Features of the first names that trees are grown on. */
const featuresMax = 100;
/** Rows times features: about half a minute of growing trees. */
const valuesMax = 400_000;

/** What the labelled rows of a baseline teach of the errors of a regression. */
export async function learnLossEstimate(
  ctx: Pick<ServiceContext, "ch" | "pg" | "workspaceId" | "signal">,
  baseline: BaselineRow,
): Promise<Learned> {
  const { modelId, id: baselineId } = baseline;
  const every = await listFeatureRows(ctx, modelId);
  const features = every
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, featuresMax)
    .map(({ name, type }) => ({ name, type }));
  const [counted] = await ctx.ch.query(baselineLabelCount, { modelId, baselineId }, ctx.signal);
  const labelledCount = counted?.rowCount ?? 0;
  const rowsTaken = Math.min(learnedRowsMax, Math.floor(valuesMax / (features.length + 1)));
  const rows = await ctx.ch.query(
    baselineLabelledRows,
    {
      modelId,
      baselineId,
      features: features.map(({ name }) => name),
      sampleOf: Math.max(1, Math.floor(labelledCount / rowsTaken)),
      rowsTaken,
    },
    ctx.signal,
  );
  const known = rows.filter(
    (row) => numberOrNull(row.value) !== null && numberOrNull(row.labelValue) !== null,
  );
  // The prediction is a column that the learner adds itself.
  const columns = toLossColumns(features, known).slice(0, -1);
  const learned = await learnDirectLoss(
    columns,
    known.map((row) => numberOrNull(row.value) ?? 0),
    known.map((row) => numberOrNull(row.labelValue) ?? 0),
    async () => {
      ctx.signal?.throwIfAborted();
      await setImmediate();
    },
  );
  if (learned === null) return { labelledCount, reference: null, model: null };
  const { trials, model } = learned;
  return {
    labelledCount: known.length,
    reference: { kind: "regression", trials },
    model: { kind: "regression", features: features.map(({ name }) => name), model },
  };
}
