/** The figures that Evidently 0.7 gives for the same two samples.
 *
 *  Definition. Numeric samples whose baseline has more than 20 distinct values are binned by Sturges over both samples
 *  together, so that the bins differ from window to window; all else is counted by value. PSI and KL: on each side an
 *  empty cell becomes 0.0001, or a millionth of that side's smallest share if this is at most 0.0001, and nothing is
 *  normalised again. Jensen-Shannon is the distance in nats, without that filling. KS is a p-value.
 *  Degenerate input: an empty side has no answer (null). Only finite values belong here. */

import type { Cells } from "#lib/stats/cells.ts";
import { sumOf } from "#lib/stats/cells.ts";
import { countBetweenEdges, sturgesEdges } from "#lib/stats/compatibility/numpy-bins.ts";
import { valueCountsOf } from "#lib/stats/compatibility/value-counts.ts";
import { computeJsDistanceNat } from "#lib/stats/jensen-shannon.ts";
import { psiOfShares } from "#lib/stats/psi.ts";

const DISTINCT_COUNTED_MAX = 20;
const SHARE_MIN = 0.0001;

export const evidentlyNumericCells = (
  baseline: readonly number[],
  window: readonly number[],
): Cells => {
  if (new Set(baseline).size <= DISTINCT_COUNTED_MAX) return valueCountsOf(baseline, window);
  const edges = sturgesEdges([...baseline, ...window]);
  return {
    baseline: countBetweenEdges(baseline, edges).counts,
    window: countBetweenEdges(window, edges).counts,
  };
};

const filledShares = (counts: readonly number[]): number[] => {
  const total = sumOf(counts);
  const shares = counts.map((count) => count / total);
  const smallest = Math.min(...shares.filter((share) => share > 0));
  const filling = smallest <= SHARE_MIN ? smallest / 1e6 : SHARE_MIN;
  return shares.map((share) => (share === 0 ? filling : share));
};

export const evidentlyPsi = ({ baseline, window }: Cells): number | null =>
  sumOf(baseline) === 0 || sumOf(window) === 0
    ? null
    : psiOfShares(filledShares(baseline), filledShares(window));

export const evidentlyJsDistance = computeJsDistanceNat;
