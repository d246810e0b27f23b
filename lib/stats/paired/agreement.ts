/** Agreement: how often two models decide the same, and how much of that is more than chance.
 *
 *  Definition. The share of rows with one and the same decision, with Wilson's 95 % interval; Cohen's kappa
 *  (o - e) / (1 - e), o the share observed and e the share expected from how often each model decides each class.
 *  Matches sklearn.metrics.cohen_kappa_score. Reference: Cohen (1960).
 *  Degenerate input: no rows: null; both always decide one and the same class: kappa is undefined, null. */

import type { Interval } from "#lib/stats/interval.ts";
import { wilsonInterval } from "#lib/stats/rate-change.ts";

export type DecisionPair = {
  readonly first: string;
  readonly second: string;
  readonly count: number;
};

export type Agreement = {
  readonly count: number;
  readonly agreedCount: number;
  readonly share: number;
  readonly interval: Interval;
  readonly kappa: number | null;
};

export const computeAgreement = (pairs: readonly DecisionPair[]): Agreement | null => {
  const margins = new Map<string, { first: number; second: number }>();
  const add = (name: string, side: "first" | "second", count: number) => {
    const margin = margins.get(name) ?? { first: 0, second: 0 };
    margins.set(name, { ...margin, [side]: margin[side] + count });
  };
  let count = 0;
  let agreedCount = 0;
  for (const pair of pairs) {
    count += pair.count;
    if (pair.first === pair.second) agreedCount += pair.count;
    add(pair.first, "first", pair.count);
    add(pair.second, "second", pair.count);
  }
  if (count === 0) return null;
  const share = agreedCount / count;
  const expected = [...margins.values()].reduce(
    (sum, { first, second }) => sum + (first / count) * (second / count),
    0,
  );
  return {
    count,
    agreedCount,
    share,
    interval: wilsonInterval({ count: agreedCount, total: count }),
    kappa: expected >= 1 ? null : (share - expected) / (1 - expected),
  };
};
