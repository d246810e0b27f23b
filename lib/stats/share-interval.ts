/** Wilson's 95 % interval of a share of counted rows (rate-change.ts has the definition).
 *  Matches scipy.stats.binomtest(k, n).proportion_ci(0.95, method="wilson").
 *  Degenerate input: no rows: null; none or all of them: the interval ends at 0 or 1. */

import type { Rate } from "#lib/stats/rate-change.ts";
import { wilsonInterval } from "#lib/stats/rate-change.ts";

export type ShareInterval = { readonly lower: number; readonly upper: number };

export const shareInterval = (share: Rate): ShareInterval | null => {
  if (!(share.total > 0)) return null;
  const { low, high } = wilsonInterval(share);
  return { lower: low, upper: high };
};
