import type { BucketProfile, CountedKey } from "#db/clickhouse/inserts/profile-rows.ts";
import type { StoredPart } from "#db/clickhouse/queries/stored-profile.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { WholeProfileSum } from "#lib/stats/whole-profile.ts";
import { keyName } from "./sum-profiles.ts";

type Place = Pick<
  BucketProfile,
  "environment" | "version" | "segmentKey" | "segmentValue" | "bucketSeconds"
>;
type Times = Pick<CountedKey, "newestEventMs" | "newestReceivedMs" | "newestFeatureMs">;

/** A stored profile of a finer bucket. */
export type FinerProfile = StoredPart & Place & Times;

interface KeySum extends Times {
  subject: string;
  feature: string;
  sum: WholeProfileSum;
  /** A bit for each finer bucket that has a profile of it. */
  seen: number;
}

interface Group {
  place: Place;
  /** Of each finer bucket. */
  rowCounts: Float64Array;
  keys: Map<string, KeySum>;
}

/** Of what buckets of a grain are made. */
export const finerGrain = { "1h": "5m", "1d": "1h" } as const;

/** What the profiles of finer buckets add up to, bucket by bucket and group by group, in any order. */
export class BucketSums {
  readonly #groups = new Map<string, Group>();
  readonly #seconds: number;
  readonly #finerSeconds: number;

  constructor(grain: "1h" | "1d") {
    this.#seconds = grainMs[grain] / 1000;
    this.#finerSeconds = grainMs[finerGrain[grain]] / 1000;
  }

  add(row: FinerProfile): void {
    const finer = Math.floor((row.bucketSeconds % this.#seconds) / this.#finerSeconds);
    const group = this.#find(row);
    if (row.subject === "row" || row.subject === "label")
      group.rowCounts[finer] = row.profile.rowCount;
    const name = keyName(row);
    const key = group.keys.get(name) ?? newKey(row);
    group.keys.set(name, key);
    key.sum.add(row.profile);
    key.seen |= 1 << finer;
    key.newestEventMs = Math.max(key.newestEventMs, row.newestEventMs);
    key.newestReceivedMs = Math.max(key.newestReceivedMs, row.newestReceivedMs);
    key.newestFeatureMs = Math.max(key.newestFeatureMs, row.newestFeatureMs);
  }

  /** What the rows say, and whether it is told. */
  *wholes(valueNamesMax: number): Generator<BucketProfile & { isExact: boolean }> {
    for (const [group, key] of this.#keys()) {
      const { profile, isExact } = key.sum.result(valueNamesMax);
      yield { ...toBucketProfile(group, key, profile), isExact };
    }
  }

  /** What the finer buckets say, on the coarsest of their grids. */
  *merged(valueNamesMax: number): Generator<BucketProfile> {
    for (const [group, key] of this.#keys())
      yield toBucketProfile(group, key, key.sum.merged(valueNamesMax));
  }

  *#keys(): Generator<[Group, KeySum]> {
    for (const group of this.#groups.values())
      for (const key of group.keys.values()) yield [group, key];
  }

  #find({ environment, version, segmentKey, segmentValue, bucketSeconds }: Place): Group {
    const start = bucketSeconds - (bucketSeconds % this.#seconds);
    const name = [start, environment, version, segmentKey, segmentValue].join("\u0000");
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const place = { environment, version, segmentKey, segmentValue, bucketSeconds: start };
    const rowCounts = new Float64Array(this.#seconds / this.#finerSeconds);
    const group = { place, rowCounts, keys: new Map() };
    this.#groups.set(name, group);
    return group;
  }
}

/** Finer buckets that never saw a key have no profile of it: their rows lack it. */
function toBucketProfile(
  { place, rowCounts }: Group,
  { subject, feature, seen, sum: _sum, ...times }: KeySum,
  profile: FeatureProfile,
): BucketProfile {
  const lacking = rowCounts.reduce(
    (total, count, finer) => ((seen >> finer) & 1 ? total : total + count),
    0,
  );
  return {
    ...place,
    ...times,
    // Safe: it was stored as one.
    subject: subject as ProfileSubject,
    feature,
    profile: {
      ...profile,
      rowCount: profile.rowCount + lacking,
      absentCount: profile.absentCount + lacking,
    },
  };
}

const newKey = ({ subject, feature }: StoredPart): KeySum => ({
  subject,
  feature,
  sum: new WholeProfileSum(),
  seen: 0,
  newestEventMs: 0,
  newestReceivedMs: 0,
  newestFeatureMs: 0,
});
