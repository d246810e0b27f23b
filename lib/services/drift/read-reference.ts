import type { z } from "zod";
import { baselineProfiles } from "#db/clickhouse/queries/baseline-profiles.ts";
import { baselineSegmentCounts } from "#db/clickhouse/queries/baseline-segments.ts";
import type { BaselineRow } from "#db/postgres/queries/baseline.ts";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import type { DriftReferenceQuery, driftReferenceOutput } from "#lib/api/drift.ts";
import type { ServiceContext } from "../context.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { sumAllProfiles } from "../profile/sum-profiles.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { ReferencePlan } from "./plan-reference.ts";
import { planReference } from "./plan-reference.ts";
import type { ProfileSide } from "./profile-side.ts";
import { comparedSubjects, readWindowSide, toSide } from "./profile-side.ts";

export interface Reference {
  described: z.infer<typeof driftReferenceOutput>;
  side: ProfileSide;
}

type ReadContext = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

/** What the window is compared with; null when there is nothing (no baseline yet, no earlier rows). Refuses a reference that
 *  lacks what it is asked by. */
export async function readReference(
  ctx: ReadContext,
  scope: ResolvedScope,
  asked: DriftReferenceQuery,
  features?: string[],
): Promise<Reference | null> {
  const plan = planReference(scope, asked);
  return plan === null
    ? readBaseline(ctx, scope, features)
    : readStretch(ctx, scope, plan, features);
}

async function readBaseline(
  ctx: ReadContext,
  scope: ResolvedScope,
  features?: string[],
): Promise<Reference | null> {
  const baseline = await findActiveBaseline(ctx, scope.modelId, scope.version);
  if (baseline === null) return null;
  const { segment = null, modelId } = scope;
  if (segment !== null && !(await carriesTag(ctx, modelId, baseline, segment.key))) return null;
  const { segmentKey, segmentValue } = segmentParamsOf(scope);
  const scanned = ctx.ch.scan(
    baselineProfiles,
    {
      modelId,
      baselineId: baseline.id,
      segmentKey,
      segmentValues: [segmentValue],
      subjects: [...comparedSubjects],
      features: features === undefined ? null : ["", ...features],
    },
    ctx.signal,
  );
  const side = toSide(await sumAllProfiles(scanned));
  if (segment !== null && side.rowCount === 0) return null;
  const borrowed =
    baseline.version === scope.version ? "" : `, since ${scope.version} has none of its own`;
  return {
    side,
    described: {
      kind: "baseline",
      label: `baseline ${baseline.name} (${baseline.version})${borrowed}`,
      version: baseline.version,
      baselineId: baseline.id,
      from: null,
      until: null,
      rowCount: side.rowCount,
    },
  };
}

/** Where no row of a baseline has the tag, none is known to be of a segment, nor of the rest. */
async function carriesTag(
  ctx: ReadContext,
  modelId: string,
  { id, profiledSegmentKeys }: Pick<BaselineRow, "id" | "profiledSegmentKeys">,
  segmentKey: string,
): Promise<boolean> {
  if (!profiledSegmentKeys.includes(segmentKey)) return false;
  const place = { modelId, baselineId: id, segmentKey };
  const values = await ctx.ch.query(baselineSegmentCounts, place, ctx.signal);
  return values.some(({ value }) => value !== "");
}

async function readStretch(
  ctx: ReadContext,
  scope: ResolvedScope,
  { kind, label, version, fromTime, untilTime }: ReferencePlan,
  features?: string[],
): Promise<Reference | null> {
  const covered = coverWindow(fromTime, untilTime, scope.now);
  const side = await readWindowSide(ctx.ch, { ...scope, version }, covered.pieces, {
    ...(features === undefined ? {} : { features }),
    signal: ctx.signal,
  });
  if (side.rowCount === 0) return null;
  return {
    side,
    described: {
      kind,
      label,
      version,
      baselineId: null,
      from: covered.fromTime.toISOString(),
      until: covered.untilTime.toISOString(),
      rowCount: side.rowCount,
    },
  };
}
