/** Whole profile: what `featureProfileOf` makes of values, from the profiles of their parts, and whether the parts say it.
 *
 *  Counts, extremes and moments add up always. The rest was chosen for each part by what it holds:
 *    1. names: all are known unless a part has a tail;
 *    2. bins of numbers of one sign: a part has no more distinct values than the whole, so its grid is no coarser than that of the
 *       whole, which the finest common grid of the parts therefore holds;
 *    3. bins around zero: the zero floor of the whole follows from its quartiles, which are known where they lie in no zero bin and on
 *       grids of at least 5 bits. The bins follow if no part has a larger floor, and if their grid is the finest possible: 52 bits, or
 *       they are too many for it, or a part with this floor had to take it.
 *  Where one of these does not hold, the result is that of a merge (feature-profile.ts): coarser, never wrong.
 *  Moments that overflowed are not the ones that the values would have had.
 *  Degenerate input: no parts: the profile of no rows, which is exact. */

import type { FeatureProfile, ProfilePart } from "#lib/stats/feature-profile.ts";
import { FeatureProfileSum } from "#lib/stats/feature-profile.ts";
import type { Grid } from "#lib/stats/float-grid.ts";
import {
  finestResolution,
  flooredEdges,
  PROFILE_BIN_COUNT_MAX,
  QUARTILE_RESOLUTION,
  quartileEdgesOf,
  RESOLUTION_MAX,
  zeroFloorOf,
} from "#lib/stats/float-grid.ts";
import { histogramOfBins } from "#lib/stats/numeric-histogram.ts";

export interface WholeProfile {
  profile: FeatureProfile;
  /** Whether it is what the values themselves would give; but for the last digits of mean and M2. */
  isExact: boolean;
}

/** Takes parts one by one; none is kept. */
export class WholeProfileSum {
  readonly #sum = new FeatureProfileSum();
  /** Of the coarsest parts, the largest zero floor. */
  #coarsest: Grid = { resolution: RESOLUTION_MAX, zeroFloor: 0 };

  add(part: ProfilePart): void {
    this.#sum.add(part);
    if (part.numericCount === 0) return;
    const { resolution, zeroFloor } = part;
    const isCoarser = resolution < this.#coarsest.resolution;
    const isSame = resolution === this.#coarsest.resolution;
    if (isCoarser || (isSame && zeroFloor > this.#coarsest.zeroFloor))
      this.#coarsest = { resolution, zeroFloor };
  }

  result(valueNamesMax: number): WholeProfile {
    const profile = this.#sum.result({
      binCountMax: Number.POSITIVE_INFINITY,
      valueNamesMax,
    });
    const { grid, isTold } = this.#gridOf(profile);
    return {
      profile: { ...profile, ...histogramOfBins(profile, grid) },
      isExact:
        isTold &&
        this.#sum.tailCount === 0 &&
        Number.isFinite(profile.mean) &&
        Number.isFinite(profile.m2),
    };
  }

  /** On the coarsest grid of the parts, whether or not the values would have a finer one. */
  merged(valueNamesMax: number): FeatureProfile {
    return this.#sum.result({ binCountMax: PROFILE_BIN_COUNT_MAX, valueNamesMax });
  }

  #gridOf(profile: FeatureProfile): { grid: Grid; isTold: boolean } {
    const { edges, resolution, zeroFloor } = profile;
    const isFinest = resolution === RESOLUTION_MAX;
    const extent = {
      count: profile.numericCount,
      minimum: profile.minimum ?? 0,
      maximum: profile.maximum ?? 0,
    };
    if (edges.length <= PROFILE_BIN_COUNT_MAX && isFinest && zeroFloor === 0)
      return { grid: { resolution, zeroFloor }, isTold: true };
    const gridAt = (floor: number): Grid => ({
      resolution: finestResolution(flooredEdges(edges, floor), resolution, PROFILE_BIN_COUNT_MAX),
      zeroFloor: floor,
    });
    if (extent.minimum >= 0 || extent.maximum <= 0) return { grid: gridAt(0), isTold: true };
    const quartiles = quartileEdgesOf(profile, extent.count);
    const isFloorTold =
      resolution >= QUARTILE_RESOLUTION &&
      (zeroFloor === 0 || (quartiles.lower <= -zeroFloor && quartiles.upper >= zeroFloor));
    const floor = zeroFloorOf(profile, extent);
    if (!isFloorTold || floor < zeroFloor) return { grid: gridAt(zeroFloor), isTold: false };
    const { resolution: coarsest, zeroFloor: coarsestFloor } = this.#coarsest;
    const isGridTold =
      isFinest ||
      flooredEdges(edges, floor).length > PROFILE_BIN_COUNT_MAX ||
      (coarsest === resolution && coarsestFloor === floor);
    return { grid: gridAt(isGridTold ? floor : zeroFloor), isTold: isGridTold };
  }
}
