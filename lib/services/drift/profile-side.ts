import type { ScopedClickHouse } from "#db/clickhouse/define-query.ts";
import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { windowProfiles } from "#db/clickhouse/queries/window-profiles.ts";
import type { FeatureType, ProfileSubject } from "#lib/domain/model.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { mergeFeatureProfiles, NO_PROFILE } from "#lib/stats/feature-profile.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { WindowPiece } from "../profile/cover-window.ts";
import type { SummedProfile } from "../profile/sum-profiles.ts";
import { keyName, sumAllProfiles } from "../profile/sum-profiles.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";

export interface KeyedProfile extends SummedProfile {
  /** As what it is compared, where that does not follow from its name. */
  type?: FeatureType;
}

/** One side of a comparison: every compared key's profile, and how many rows there were in all. */
export interface ProfileSide {
  rowCount: number;
  keys: readonly KeyedProfile[];
}

export const comparedSubjects: readonly ProfileSubject[] = ["row", "feature", "prediction"];

export async function readWindowSide(
  ch: ScopedClickHouse,
  scope: Pick<ResolvedScope, "modelId" | "environment" | "version" | "segment">,
  pieces: readonly WindowPiece[],
  options: { features?: string[]; signal?: AbortSignal | undefined } = {},
): Promise<ProfileSide> {
  const { segmentKey, segmentValue } = segmentParamsOf(scope);
  const scanned = ch.scan(
    windowProfiles,
    {
      modelId: scope.modelId,
      environment: scope.environment,
      version: scope.version,
      segmentKey,
      segmentValues: [segmentValue],
      ...pieceParams(pieces),
      subjects: [...comparedSubjects],
      features: options.features === undefined ? null : ["", ...options.features],
    },
    options.signal,
  );
  return toSide(await sumAllProfiles(scanned));
}

/** Sums of stored profiles, of one key any number. A bucket in which a feature never occurred has no profile of it: the rows of the
 *  whole side say how many lacked it. */
export function toSide(summed: readonly SummedProfile[]): ProfileSide {
  const rowCount = summed
    .filter(({ subject }) => subject === "row")
    .reduce((sum, { profile }) => sum + profile.rowCount, 0);
  const parts = Map.groupBy(
    summed.filter(
      ({ subject, feature }) => subject !== "row" && !feature.startsWith("probability:"),
    ),
    keyName,
  );
  const keys = [...parts.values()].flatMap((own) => {
    const [key, second] = own;
    if (key === undefined) return [];
    const merged =
      second === undefined ? key.profile : mergeFeatureProfiles(own.map(({ profile }) => profile));
    const unseen = Math.max(0, rowCount - merged.rowCount);
    return [
      {
        subject: key.subject,
        feature: key.feature,
        profile: {
          ...merged,
          rowCount: merged.rowCount + unseen,
          absentCount: merged.absentCount + unseen,
        },
      },
    ];
  });
  return { rowCount, keys };
}

/** What a side holds of a key that none of its rows had. */
export function absentProfile(rowCount: number): FeatureProfile {
  return { ...NO_PROFILE, rowCount, absentCount: rowCount };
}
