import type { ProfileKeyParams, ProfileNames } from "#db/clickhouse/statements/profile-keys.ts";
import { finestResolution, listProfileKeys } from "#db/clickhouse/statements/profile-keys.ts";
import { workingResolution } from "./plan-recompute.ts";
import { keyName } from "./sum-profiles.ts";

interface Sampled {
  subject: string;
  feature: string;
  resolution: number;
}

/** The keys of a statement, each with the resolution under which its values are counted at first. */
export function workingKeys(
  names: ProfileNames,
  sampled: readonly Sampled[],
  largestGroupRows: number,
): ProfileKeyParams {
  const resolutions = new Map(sampled.map((row) => [keyName(row), row.resolution]));
  return listProfileKeys(names, (key) =>
    workingResolution(resolutions.get(keyName(key)), largestGroupRows),
  );
}

/** Rows seen by no sample can leave a key's profiles coarser than they may be. Those keys alone, to be counted again value
 *  by value; null when there are none. */
export function keysTooCoarse(
  keys: ProfileKeyParams,
  coarse: readonly { subject: string; feature: string; resolutionMax: number }[],
): ProfileKeyParams | null {
  const found = new Map(coarse.map((row) => [keyName(row), row.resolutionMax]));
  const written = keys.subjects.map((subject, i) =>
    found.get(keyName({ subject, feature: keys.names[i] ?? "" })) === keys.resolutions[i] ? 1 : 0,
  );
  if (!written.includes(1)) return null;
  const again = onlyFeatures({ ...keys, written }, (i) => written[i] === 1);
  return { ...again, resolutions: again.resolutions.map(() => finestResolution) };
}

/** The same keys with some of the features alone; what is left out is not counted. */
function onlyFeatures(
  keys: ProfileKeyParams,
  isWanted: (position: number) => boolean,
): ProfileKeyParams {
  const isKept = (i: number) => i >= keys.features.length || i === 0 || isWanted(i);
  const kept = <T>(list: readonly T[]) => list.filter((_, i) => isKept(i));
  return {
    ...keys,
    features: kept(keys.features),
    subjects: kept(keys.subjects),
    names: kept(keys.names),
    written: kept(keys.written),
    resolutions: kept(keys.resolutions),
    isComplete: 0,
  };
}

/** Parts of at most so many features, so that one statement's counts fit the engine's memory; the first part has all that
 *  is no feature. Needs a complete list: a part does not notice a feature that is in none. */
export function splitKeys(keys: ProfileKeyParams, featuresMax: number): ProfileKeyParams[] {
  const featureCount = keys.features.length - 1;
  if (featureCount <= featuresMax) return [keys];
  return Array.from({ length: Math.ceil(featureCount / featuresMax) }, (_, part) => {
    const own = onlyFeatures(keys, (i) => Math.floor((i - 1) / featuresMax) === part);
    const isFeature = (i: number) => i < own.features.length;
    return {
      ...own,
      written: own.written.map((flag, i) => (part === 0 || isFeature(i) ? flag : 0)),
    };
  });
}

export const needsSample = (largestGroupRows: number): boolean =>
  workingResolution(finestResolution - 3, largestGroupRows) < finestResolution;
