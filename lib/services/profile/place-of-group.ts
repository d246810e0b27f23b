import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";

/** Whose rows a group of a scan has, by its number as `groupNumber` makes it. */
export function placeOfGroup(scan: {
  grain: Grain;
  fromTime: Date;
  environments: readonly string[];
  versions: readonly string[];
}): (group: number) => { environment: string; version: string; bucketSeconds: number } {
  const { grain, fromTime, environments, versions } = scan;
  return (group) => {
    const pair = Math.floor(group / versions.length);
    const bucket = Math.floor(pair / environments.length);
    return {
      environment: environments[pair % environments.length] ?? "",
      version: versions[group % versions.length] ?? "",
      bucketSeconds: (fromTime.getTime() + bucket * grainMs[grain]) / 1000,
    };
  };
}
