import { profileRows } from "#db/clickhouse/queries/profile-rows.ts";
import type { StoredProfile } from "#db/clickhouse/queries/stored-profile.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { fromStoredProfile } from "#lib/stats/feature-profile.ts";
import type { ServiceContext } from "../context.ts";
import { absentProfile } from "../drift/profile-side.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";

export interface Series {
  grain: Grain;
  starts: readonly number[];
  /** One per start; a bucket without rows has a profile of none. */
  profiles: readonly FeatureProfile[];
}

/** One feature's buckets, oldest first, rows that lack it counted among them. */
export async function readSeries(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  scope: ResolvedScope,
  key: { subject: ProfileSubject; feature: string },
  window: { grain: Grain; fromMs: number; untilMs: number },
): Promise<Series> {
  const width = grainMs[window.grain];
  const fromMs = Math.floor(window.fromMs / width) * width;
  const rows = await ctx.ch.query(
    profileRows,
    {
      modelId: scope.modelId,
      environment: scope.environment,
      version: scope.version,
      ...segmentParamsOf(scope),
      grain: window.grain,
      fromTime: new Date(fromMs),
      untilTime: new Date(window.untilMs),
      subjects: null,
      features: ["", key.feature],
    },
    ctx.signal,
  );
  const rowCounts = new Map(
    rows.filter((row) => row.subject === "row").map((row) => [row.bucketMs, row.rowCount]),
  );
  const ofKey = new Map(
    rows
      .filter((row) => row.subject === key.subject && row.feature === key.feature)
      .map((row) => [row.bucketMs, row]),
  );
  const count = Math.max(0, Math.ceil((window.untilMs - fromMs) / width));
  const starts = Array.from({ length: count }, (_, i) => fromMs + i * width);
  return {
    grain: window.grain,
    starts,
    profiles: starts.map((start) => toProfile(ofKey.get(start), rowCounts.get(start) ?? 0)),
  };
}

function toProfile(
  row: (StoredProfile & { bucketMs: number }) | undefined,
  rowCount: number,
): FeatureProfile {
  if (row === undefined) return absentProfile(rowCount);
  const profile = fromStoredProfile(row);
  const unseen = Math.max(0, rowCount - profile.rowCount);
  return {
    ...profile,
    rowCount: profile.rowCount + unseen,
    absentCount: profile.absentCount + unseen,
  };
}
