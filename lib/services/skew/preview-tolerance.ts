import { pairCounts } from "#db/clickhouse/queries/pair-counts.ts";
import type { ExpectationPreview } from "#lib/api/quality.ts";
import type { DeclaredTolerance } from "#lib/domain/skew.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { readWindowSkew } from "./read-skew.ts";
import { readTolerances, toleranceParamsOf, toTolerance } from "./read-tolerances.ts";

/** Predictions that one answer joins with their offline rows: of more every so many. */
const rowsMax = 200_000;

/** How many pairs of a numeric feature differ now, and would under another tolerance. Null where nothing is compared. */
export async function previewTolerance(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">,
  scope: ResolvedScope,
  feature: string,
  declared: DeclaredTolerance | undefined,
): Promise<ExpectationPreview["skew"]> {
  if (scope.types.get(feature) !== "numeric") return null;
  const [{ hasOffline, predictionCount, window }, held] = await Promise.all([
    readWindowSkew(ctx, scope),
    readTolerances(ctx, scope.modelId),
  ]);
  if (!hasOffline) return null;
  const { modelId, environment, version } = scope;
  const { fromTime, untilTime } = window;
  const sampleOf = Math.max(1, Math.ceil(predictionCount / rowsMax));
  const count = async (tolerance: DeclaredTolerance | undefined) => {
    const params = toleranceParamsOf(new Map([[feature, toTolerance(tolerance)]]));
    const asked = { modelId, environment, version, feature, fromTime, untilTime, sampleOf };
    const [found] = await ctx.ch.query(pairCounts, { ...asked, ...params }, ctx.signal);
    return found ?? { compared: 0, differing: 0 };
  };
  const [now, then] = await Promise.all([count(held.get(feature)), count(declared)]);
  if (then.compared === 0) return null;
  return {
    comparedCount: then.compared,
    differingCount: now.differing,
    wouldDifferCount: then.differing,
    sampledShare: 1 / sampleOf,
  };
}
