import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { baselineProfiles } from "#db/clickhouse/queries/baseline-profiles.ts";
import { baselineSegmentCounts } from "#db/clickhouse/queries/baseline-segments.ts";
import { segmentRowCounts } from "#db/clickhouse/queries/segment-performance.ts";
import type { StoredPart } from "#db/clickhouse/queries/stored-profile.ts";
import { windowProfiles } from "#db/clickhouse/queries/window-profiles.ts";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import type { DriftReferenceQuery } from "#lib/api/drift.ts";
import type { ServiceContext } from "../context.ts";
import { planReference } from "../drift/plan-reference.ts";
import type { ProfileSide } from "../drift/profile-side.ts";
import { comparedSubjects, toSide } from "../drift/profile-side.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { WindowPiece } from "../profile/cover-window.ts";
import { coverWindow } from "../profile/cover-window.ts";
import { sumProfiles } from "../profile/sum-profiles.ts";

type ReadContext = Pick<ServiceContext, "pg" | "ch" | "workspaceId" | "signal">;

export interface SegmentCount {
  value: string;
  rowCount: number;
  /** 0 for a baseline: its rows were made at no time. */
  newestEventMs: number;
}

/** One side of a comparison, value by value. */
export interface SegmentSource {
  counts: readonly SegmentCount[];
  readSides: (values: readonly string[]) => Promise<Map<string, ProfileSide>>;
}

/** A window's rows of every value of a tag, and their profiles on request. */
export async function readWindowSegments(
  ctx: ReadContext,
  scope: Pick<ResolvedScope, "modelId" | "environment" | "version" | "types">,
  segmentKey: string,
  pieces: readonly WindowPiece[],
): Promise<SegmentSource> {
  const { modelId, environment, version } = scope;
  const window = { modelId, environment, version, segmentKey, ...pieceParams(pieces) };
  const counts = await ctx.ch.query(segmentRowCounts, window, ctx.signal);
  return {
    counts,
    readSides: (values) =>
      readParts(values, scope.types.size, (segmentValues) =>
        ctx.ch.scan(
          windowProfiles,
          { ...window, segmentValues, subjects: [...comparedSubjects] },
          ctx.signal,
        ),
      ),
  };
}

/** The same of what the window is compared with; null where that has no row with the tag. */
export async function readReferenceSegments(
  ctx: ReadContext,
  scope: ResolvedScope,
  asked: DriftReferenceQuery,
  segmentKey: string,
): Promise<SegmentSource | null> {
  const plan = planReference(scope, asked);
  if (plan !== null) {
    const { pieces } = coverWindow(plan.fromTime, plan.untilTime, scope.now);
    const source = await readWindowSegments(
      ctx,
      { ...scope, version: plan.version },
      segmentKey,
      pieces,
    );
    return source.counts.length === 0 ? null : source;
  }
  const baseline = await findActiveBaseline(ctx, scope.modelId, scope.version);
  if (baseline === null || !baseline.profiledSegmentKeys.includes(segmentKey)) return null;
  const place = { modelId: scope.modelId, baselineId: baseline.id, segmentKey };
  const counts = await ctx.ch.query(baselineSegmentCounts, place, ctx.signal);
  if (counts.every(({ value }) => value === "")) return null;
  return {
    counts: counts.map((row) => ({ ...row, newestEventMs: 0 })),
    readSides: (values) =>
      readParts(values, scope.types.size, (segmentValues) =>
        ctx.ch.scan(
          baselineProfiles,
          { ...place, segmentValues, subjects: [...comparedSubjects] },
          ctx.signal,
        ),
      ),
  };
}

/** Sums that are held at once. */
const sumsMax = 8_000;
/** Forms of a prediction and the rows themselves, beside the features. */
const keysBesideFeatures = 10;

async function readParts(
  values: readonly string[],
  featureCount: number,
  read: (values: string[]) => AsyncIterable<Iterable<StoredPart & { segmentValue: string }>>,
): Promise<Map<string, ProfileSide>> {
  const valuesMax = Math.max(1, Math.floor(sumsMax / (featureCount + keysBesideFeatures)));
  const found = new Map<string, ProfileSide>();
  for (let from = 0; from < values.length; from += valuesMax) {
    const scanned = read(values.slice(from, from + valuesMax));
    const summed = await sumProfiles(scanned, ({ segmentValue }) => [segmentValue]);
    for (const [value, own] of summed) found.set(value, toSide(own));
  }
  return found;
}
