/** Level shift: since which point of a series of values do they lie about another level?
 *
 *  Definition. For a split before point k, F(k) is the F statistic of a one-way analysis of variance of what lies before it and from
 *  it on; the shift is where F is largest, which is where the sum of squares about both means is least. With n points and S(k) that
 *  sum, the interval holds 95 % of S(k)^(-(n - 2) / 2), the likelihood of normal noise of unknown size, taken as a density over k.
 *  Reference: Hinkley (1970); Worsley (1979) for the statistic; the Bayesian reading of the profile is Smith's (1975) with flat priors.
 *  F matches scipy.stats.f_oneway(values[:k], values[k:]).
 *  Degenerate input: fewer than twice `sideMin` points (2), a value that is not finite, or all values alike: null. Two constant
 *  sides: F is infinite, and the interval is that one point. */

export type LevelShift = {
  /** The first point after the shift. */
  readonly index: number;
  /** The shift lies at one of the points `from` to `until`, both inclusive, with 95 %. */
  readonly from: number;
  readonly until: number;
  readonly statistic: number;
  readonly before: number;
  readonly after: number;
};

const SIDE_MIN = 2;
const INTERVAL_SHARE = 0.95;

export const findLevelShift = (
  values: readonly number[],
  sideMin = SIDE_MIN,
): LevelShift | null => {
  const count = values.length;
  if (count < 2 * sideMin || values.some((value) => !Number.isFinite(value))) return null;
  // About their first and then about their mean, so that no digits are lost far from 0.
  const origin = values[0] ?? 0;
  const moved = values.map((value) => value - origin);
  const offset = moved.reduce((sum, value) => sum + value, 0) / count;
  const mean = origin + offset;
  const centred = moved.map((value) => value - offset);
  const total = centred.reduce((sum, value) => sum + value * value, 0);
  const scale = Math.max(...centred.map(Math.abs));
  if (scale === 0) return null;
  const splits: { k: number; within: number; before: number; after: number }[] = [];
  let left = 0;
  for (let k = 1; k <= count - sideMin; k += 1) {
    left += centred[k - 1] ?? 0;
    if (k < sideMin) continue;
    const before = left / k;
    const after = -left / (count - k);
    const between = k * before * before + (count - k) * after * after;
    // What rounding leaves of two constant sides is nothing.
    const rest = total - between;
    const within = rest <= total * 1e-13 ? 0 : rest;
    splits.push({ k, within, before: before + mean, after: after + mean });
  }
  const best = splits.reduce((least, split) => (split.within < least.within ? split : least));
  const [from, until] = intervalOf(splits, best, count);
  const freedom = count - 2;
  return {
    index: best.k,
    from,
    until,
    statistic:
      best.within === 0
        ? Number.POSITIVE_INFINITY
        : (total - best.within) / (best.within / freedom),
    before: best.before,
    after: best.after,
  };
};

type Split = { k: number; within: number };

const intervalOf = (splits: readonly Split[], best: Split, count: number) => {
  if (best.within === 0) return [best.k, best.k] as const;
  const power = (count - 2) / 2;
  const weights = splits.map(({ within }) => Math.exp(-power * Math.log(within / best.within)));
  const needed = INTERVAL_SHARE * weights.reduce((sum, weight) => sum + weight, 0);
  const first = splits[0]?.k ?? best.k;
  let [from, until] = [best.k - first, best.k - first];
  let held = weights[from] ?? 0;
  while (held < needed) {
    const left = from > 0 ? (weights[from - 1] ?? 0) : -1;
    const right = until < weights.length - 1 ? (weights[until + 1] ?? 0) : -1;
    if (left < 0 && right < 0) break;
    if (left >= right) {
      from -= 1;
      held += left;
    } else {
      until += 1;
      held += right;
    }
  }
  return [from + first, until + first] as const;
};
