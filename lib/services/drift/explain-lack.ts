import { baselineSegmentCounts } from "#db/clickhouse/queries/baseline-segments.ts";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import { describeSegment } from "#lib/charts/name-segment.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { planReference } from "./plan-reference.ts";

/** Why a window has nothing to be compared with, in words that follow "cannot say, because". */
export async function explainLack(
  ctx: Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">,
  scope: ResolvedScope,
  asked: DriftReferenceQuery,
): Promise<string> {
  const { segment = null, modelId, version } = scope;
  const plan = planReference(scope, asked);
  const ofSegment = segment === null ? "" : ` of ${describeSegment(segment)}`;
  if (plan !== null) return `no rows${ofSegment} came in ${plan.label}`;
  const baseline = await findActiveBaseline(ctx, modelId, version);
  if (baseline === null) return "it has no baseline to compare with";
  const name = `the baseline ${baseline.name}`;
  if (segment === null) return `${name} has no rows`;
  if (baseline.segmentError !== null)
    return `${name} could not be profiled by ${segment.key}: ${baseline.segmentError}`;
  if (!baseline.profiledSegmentKeys.includes(segment.key))
    return `${name} is still being profiled by ${segment.key}`;
  const place = { modelId, baselineId: baseline.id, segmentKey: segment.key };
  const values = await ctx.ch.query(baselineSegmentCounts, place, ctx.signal);
  if (values.every(({ value }) => value === "")) return `${name} carries no tag ${segment.key}`;
  return `${name} has no rows${ofSegment}`;
}
