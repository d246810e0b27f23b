import type { BucketProfile } from "#db/clickhouse/inserts/profile-rows.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { CountedProfile } from "./count-in-parts.ts";

/** What a scan counted, with whose rows each group has: its number is made of them, bucket by bucket, environment by environment, version
 *  by version. */
export function bucketProfiles(
  profiles: readonly CountedProfile[],
  scan: {
    grain: Grain;
    fromTime: Date;
    environments: readonly string[];
    versions: readonly string[];
  },
): BucketProfile[] {
  const { grain, fromTime, environments, versions } = scan;
  return profiles.map(({ group, ...counted }) => {
    const pair = Math.floor(group / versions.length);
    const bucket = Math.floor(pair / environments.length);
    return {
      ...counted,
      environment: environments[pair % environments.length] ?? "",
      version: versions[group % versions.length] ?? "",
      bucketSeconds: (fromTime.getTime() + bucket * grainMs[grain]) / 1000,
    };
  });
}
