import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import { findChangePoint } from "#lib/stats/change-point.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { mergeFeatureProfiles } from "#lib/stats/feature-profile.ts";
import { coarsenHistogram, commonGridOf } from "#lib/stats/numeric-histogram.ts";
import { missingCountOf, nonFiniteCountOf } from "#lib/stats/profile-counts.ts";
import { countInBins, referenceBinsOf } from "#lib/stats/reference-bins.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import { readAsType } from "../drift/read-as-type.ts";
import type { Series } from "./read-series.ts";

export interface Since {
  atMs: number;
  earliestMs: number;
  latestMs: number;
  grain: Grain;
}

const cellCountMax = 20;
const pValueMax = 0.01;

/** Since which bucket the series is another one; null where no bucket stands out. */
export function findSince(
  series: Series,
  type: FeatureType,
  reference: FeatureProfile,
): Since | null {
  const profiles = series.profiles.map((profile) => readAsType(profile, type));
  const cells = cellsOf(profiles, type, reference);
  const found = findChangePoint(cells, { random: seededRandom(1) });
  if (found === null || found.pValue > pValueMax) return null;
  const at = (index: number) => series.starts[index] ?? 0;
  return {
    atMs: at(found.index),
    earliestMs: at(found.from),
    latestMs: at(found.until) + grainMs[series.grain],
    grain: series.grain,
  };
}

/** Every bucket's rows over cells that all of them share, cut by the reference and by what is not in it. */
function cellsOf(
  profiles: readonly FeatureProfile[],
  type: FeatureType,
  reference: FeatureProfile,
): number[][] {
  const whole = mergeFeatureProfiles([reference, ...profiles]);
  if (type === "numeric") {
    const grid = commonGridOf([whole, reference, ...profiles]);
    // Half by the reference and half by everything: a fault may lie beyond all that the reference has.
    const cuts = [reference, whole].flatMap((side) =>
      side.edges.length === 0
        ? []
        : referenceBinsOf(coarsenHistogram(side, grid), cellCountMax).cuts,
    );
    const bins = { grid, cuts: [...new Set(cuts)].sort((a, b) => a - b) };
    return profiles.map((profile) => [...countInBins(profile, bins), ...countsBeside(profile)]);
  }
  const places = new Map(whole.valueNames.slice(0, cellCountMax).map((name, i) => [name, i]));
  return profiles.map((profile) => {
    const counts = new Array<number>(cellCountMax + 1).fill(0);
    profile.valueNames.forEach((name, i) => {
      const place = places.get(name) ?? cellCountMax;
      counts[place] = (counts[place] ?? 0) + (profile.valueCounts[i] ?? 0);
    });
    counts[cellCountMax] = (counts[cellCountMax] ?? 0) + profile.otherCount;
    return [...counts, ...countsBeside(profile)];
  });
}

const countsBeside = (profile: FeatureProfile): number[] => [
  missingCountOf(profile),
  nonFiniteCountOf(profile),
];
