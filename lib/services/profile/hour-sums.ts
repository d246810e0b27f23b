import type { BucketProfile, CountedKey } from "#db/clickhouse/inserts/profile-rows.ts";
import type { StoredPart } from "#db/clickhouse/queries/stored-profile.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { ProfileSubject } from "#lib/domain/model.ts";
import { WholeProfileSum } from "#lib/stats/whole-profile.ts";
import { keyName } from "./sum-profiles.ts";

type Place = Pick<
  BucketProfile,
  "environment" | "version" | "segmentKey" | "segmentValue" | "bucketSeconds"
>;
type Times = Pick<CountedKey, "newestEventMs" | "newestReceivedMs" | "newestFeatureMs">;

/** A stored profile of five minutes. */
export type MinuteProfile = StoredPart & Place & Times;

interface KeySum extends Times {
  subject: string;
  feature: string;
  sum: WholeProfileSum;
  /** A bit for each five minutes that have a profile of it. */
  seen: number;
}

interface Group {
  place: Place;
  /** Of each five minutes. */
  rowCounts: Float64Array;
  keys: Map<string, KeySum>;
}

const hourSeconds = grainMs["1h"] / 1000;
const minuteSeconds = grainMs["5m"] / 1000;

/** What the profiles of five minutes add up to, hour by hour and group by group, in any order. */
export class HourSums {
  readonly #groups = new Map<string, Group>();

  add(row: MinuteProfile): void {
    const minute = Math.floor((row.bucketSeconds % hourSeconds) / minuteSeconds);
    const group = this.#find(row);
    if (row.subject === "row") group.rowCounts[minute] = row.profile.rowCount;
    const name = keyName(row);
    const key = group.keys.get(name) ?? newKey(row);
    group.keys.set(name, key);
    key.sum.add(row.profile);
    key.seen |= 1 << minute;
    key.newestEventMs = Math.max(key.newestEventMs, row.newestEventMs);
    key.newestReceivedMs = Math.max(key.newestReceivedMs, row.newestReceivedMs);
    key.newestFeatureMs = Math.max(key.newestFeatureMs, row.newestFeatureMs);
  }

  *results(valueNamesMax: number): Generator<BucketProfile & { isExact: boolean }> {
    for (const { place, rowCounts, keys } of this.#groups.values()) {
      for (const { subject, feature, sum, seen, ...times } of keys.values()) {
        const { profile, isExact } = sum.result(valueNamesMax);
        // Five minutes that never saw a key have no profile of it: their rows lack it.
        const lacking = rowCounts.reduce(
          (total, count, minute) => ((seen >> minute) & 1 ? total : total + count),
          0,
        );
        yield {
          ...place,
          ...times,
          subject: subject as ProfileSubject,
          feature,
          profile: {
            ...profile,
            rowCount: profile.rowCount + lacking,
            absentCount: profile.absentCount + lacking,
          },
          isExact,
        };
      }
    }
  }

  #find({ environment, version, segmentKey, segmentValue, bucketSeconds }: Place): Group {
    const hour = bucketSeconds - (bucketSeconds % hourSeconds);
    const name = [hour, environment, version, segmentKey, segmentValue].join("\u0000");
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const place = { environment, version, segmentKey, segmentValue, bucketSeconds: hour };
    const group = { place, rowCounts: new Float64Array(12), keys: new Map() };
    this.#groups.set(name, group);
    return group;
  }
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
