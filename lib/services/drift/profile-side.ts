import type { ScopedClickHouse } from "#db/clickhouse/define-query.ts";
import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import type { StoredProfile as StoredRow } from "#db/clickhouse/queries/stored-profile.ts";
import { windowProfiles } from "#db/clickhouse/queries/window-profiles.ts";
import type { FeatureType, ProfileSubject } from "#lib/domain/model.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { fromStoredProfile, mergeFeatureProfiles, NO_PROFILE } from "#lib/stats/feature-profile.ts";
import type { ResolvedScope } from "../model/resolve-scope.ts";
import type { WindowPiece } from "../profile/cover-window.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";

export interface KeyedProfile {
  subject: ProfileSubject;
  feature: string;
  profile: FeatureProfile;
  /** As what it is compared, where that does not follow from its name. */
  type?: FeatureType;
}

/** One side of a comparison: every compared key's profile, and how many rows there were in all. */
export interface ProfileSide {
  rowCount: number;
  keys: readonly KeyedProfile[];
}

export const comparedSubjects: readonly ProfileSubject[] = ["row", "feature", "prediction"];

export const keyName = (key: { subject: string; feature: string }) =>
  `${key.subject}\u0000${key.feature}`;

export async function readWindowSide(
  ch: ScopedClickHouse,
  scope: Pick<ResolvedScope, "modelId" | "environment" | "version" | "segment">,
  pieces: readonly WindowPiece[],
  options: { features?: string[]; signal?: AbortSignal | undefined } = {},
): Promise<ProfileSide> {
  const rows = await ch.query(
    windowProfiles,
    {
      modelId: scope.modelId,
      environment: scope.environment,
      version: scope.version,
      ...segmentParamsOf(scope),
      ...pieceParams(pieces),
      subjects: [...comparedSubjects],
      features: options.features === undefined ? null : ["", ...options.features],
    },
    options.signal,
  );
  return toSide(rows.map(({ newestEventAt, newestReceivedAt, newestFeatureAt, ...row }) => row));
}

/** Stored profiles, of one key any number. A bucket in which a feature never occurred has no profile of it: the rows of the whole
 *  side say how many lacked it. */
export function toSide(rows: readonly StoredRow[]): ProfileSide {
  const rowCount = rows
    .filter((row) => row.subject === "row")
    .reduce((sum, row) => sum + row.rowCount, 0);
  const parts = Map.groupBy(
    rows.filter((row) => row.subject !== "row" && !row.feature.startsWith("probability:")),
    keyName,
  );
  const keys = [...parts.values()].flatMap((own) => {
    const [key] = own;
    if (key === undefined) return [];
    const merged = mergeFeatureProfiles(
      own.map(({ subject, feature, ...stored }) => fromStoredProfile(stored)),
    );
    const unseen = Math.max(0, rowCount - merged.rowCount);
    return [
      {
        subject: key.subject as ProfileSubject,
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
