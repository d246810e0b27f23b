import { sampledBaselineRows, sampledPredictions } from "#db/clickhouse/queries/sampled-rows.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import type { ServiceContext } from "../context.ts";
import { toJointColumn } from "./to-joint-column.ts";

/** Rows of a side; the same ones whenever they are read. */
const sampleRows = 5_000;
/** More columns than this cost more than they tell: those of the first names are looked at. */
const columnsMax = 100;

type Row = Awaited<ReturnType<typeof readBaseline>>[number];
type ReadContext = Pick<ServiceContext, "ch" | "signal">;

export interface JointScope {
  modelId: string;
  environment: string;
  version: string;
  types: ReadonlyMap<string, FeatureType>;
}

export async function readJointColumns(
  ctx: ReadContext,
  scope: JointScope,
  baseline: { id: string; rowCount: number },
  window: { fromTime: Date; untilTime: Date; rowCount: number },
): Promise<{ baseline: JointColumn[]; window: JointColumn[] }> {
  const [there, here] = await Promise.all([
    readBaseline(ctx, scope, baseline),
    ctx.ch.query(
      sampledPredictions,
      {
        modelId: scope.modelId,
        environment: scope.environment,
        version: scope.version,
        fromTime: window.fromTime,
        untilTime: window.untilTime,
        sampleOf: sampleOf(window.rowCount),
      },
      ctx.signal,
    ),
  ]);
  const names = [...scope.types.keys()].sort().slice(0, columnsMax);
  const columnsOf = (rows: readonly Row[]) =>
    names.map((name) => toJointColumn(name, scope.types.get(name) ?? "numeric", rows));
  return { baseline: columnsOf(there), window: columnsOf(here) };
}

function readBaseline(
  ctx: ReadContext,
  scope: JointScope,
  baseline: { id: string; rowCount: number },
) {
  return ctx.ch.query(
    sampledBaselineRows,
    { modelId: scope.modelId, baselineId: baseline.id, sampleOf: sampleOf(baseline.rowCount) },
    ctx.signal,
  );
}

const sampleOf = (rowCount: number) => Math.max(1, Math.floor(rowCount / sampleRows));
