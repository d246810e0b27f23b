/** Change point: since which bucket of a series do the buckets come from another distribution?
 *
 *  Definition. The buckets are counts over the same cells. For a split before bucket k, G(k) is the log-likelihood ratio of
 *  the 2 x K table of what lies before it and from it on; the change is where G is largest. Buckets scatter more than
 *  chance alone would have them (the hours of a day differ), so G is divided by the dispersion, the mean deviance of the
 *  buckets about their own side for each degree of freedom, and at least 1. The interval holds 95 % of exp(G(k) / 2
 *  dispersion), taken as a density over k. p is the share of shuffles of the buckets whose largest G is as large, the
 *  order that was seen counted among them.
 *  Reference: Hinkley and Hinkley (1970); McCullagh and Nelder (1989) for the dispersion; Phipson and Smyth (2010) for p.
 *  G matches scipy.stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").
 *  Degenerate input: fewer than twice `bucketCountMin` occupied buckets (2), or one occupied cell: null. Empty buckets
 *  have no say; a change lies before the first occupied bucket after it. */

export type ChangePoint = {
  /** The first bucket after the change. */
  readonly index: number;
  /** The change lies at one of the buckets `from` to `until`, both inclusive, with 95 %. */
  readonly from: number;
  readonly until: number;
  readonly statistic: number;
  readonly dispersion: number;
  readonly pValue: number;
};

export type ChangePointOptions = {
  readonly bucketCountMin?: number;
  readonly shuffleCount?: number;
  readonly random: () => number;
};

const BUCKET_COUNT_MIN = 2;
const SHUFFLE_COUNT = 199;
const INTERVAL_SHARE = 0.95;

type Buckets = readonly (readonly number[])[];

export const findChangePoint = (
  buckets: Buckets,
  { bucketCountMin = BUCKET_COUNT_MIN, shuffleCount = SHUFFLE_COUNT, random }: ChangePointOptions,
): ChangePoint | null => {
  const places = buckets.flatMap((counts, i) => (counts.some((count) => count > 0) ? [i] : []));
  const occupied = places.map((i) => buckets[i] ?? []);
  const total = sumUp(occupied);
  if (occupied.length < 2 * bucketCountMin || total.filter((count) => count > 0).length < 2)
    return null;
  const profile = splitStatistics(occupied, total, bucketCountMin);
  const best = indexOfLargest(profile);
  const largest = profile[best] ?? 0;
  const dispersion = dispersionOf(occupied, best);
  let asLarge = 0;
  const shuffled = [...occupied];
  for (let i = 0; i < shuffleCount; i += 1) {
    shuffle(shuffled, random);
    const other = splitStatistics(shuffled, total, bucketCountMin);
    if ((other[indexOfLargest(other)] ?? 0) >= largest) asLarge += 1;
  }
  const [from, until] = intervalOf(profile, best, dispersion);
  const placeOf = (i: number) => places[i] ?? 0;
  return {
    index: placeOf(best),
    from: placeOf(from),
    until: placeOf(until),
    statistic: largest,
    dispersion,
    pValue: (1 + asLarge) / (1 + shuffleCount),
  };
};

const sumUp = (buckets: Buckets): number[] => {
  const sums: number[] = [];
  for (const counts of buckets) addTo(sums, counts);
  return sums;
};

const addTo = (sums: number[], counts: readonly number[]): void => {
  counts.forEach((count, i) => {
    sums[i] = (sums[i] ?? 0) + count;
  });
};

const xLogX = (x: number): number => (x > 0 ? x * Math.log(x) : 0);

/** Sum of x log x over the cells, less that of their sum: the larger, the more the cells are told apart. */
const entropyTerm = (counts: readonly number[]): number => {
  let sum = 0;
  let terms = 0;
  for (const count of counts) {
    sum += count;
    terms += xLogX(count);
  }
  return terms - xLogX(sum);
};

/** G(k) for every split that leaves enough buckets on both sides; minus infinity elsewhere. */
const splitStatistics = (buckets: Buckets, total: readonly number[], least: number): number[] => {
  const whole = entropyTerm(total);
  const before: number[] = total.map(() => 0);
  return buckets.map((_, k) => {
    if (k > 0) addTo(before, buckets[k - 1] ?? []);
    if (k < least || k > buckets.length - least) return Number.NEGATIVE_INFINITY;
    const after = total.map((count, i) => count - (before[i] ?? 0));
    return Math.max(0, 2 * (entropyTerm(before) + entropyTerm(after) - whole));
  });
};

const indexOfLargest = (values: readonly number[]): number =>
  values.reduce((best, value, i) => (value > (values[best] ?? 0) ? i : best), 0);

/** The mean deviance of the buckets about their side, for each degree of freedom. */
const dispersionOf = (buckets: Buckets, split: number): number => {
  const sides = [buckets.slice(0, split), buckets.slice(split)];
  let deviance = 0;
  let freedom = 0;
  for (const side of sides) {
    const sum = sumUp(side);
    const cellCount = sum.filter((count) => count > 0).length;
    deviance += 2 * (side.reduce((all, counts) => all + entropyTerm(counts), 0) - entropyTerm(sum));
    freedom += (side.length - 1) * Math.max(0, cellCount - 1);
  }
  return freedom === 0 ? 1 : Math.max(1, deviance / freedom);
};

const intervalOf = (profile: readonly number[], best: number, dispersion: number) => {
  const weights = profile.map((g) => Math.exp((g - (profile[best] ?? 0)) / (2 * dispersion)));
  const needed = INTERVAL_SHARE * weights.reduce((sum, weight) => sum + weight, 0);
  let [from, until] = [best, best];
  let held = weights[best] ?? 0;
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
  return [from, until] as const;
};

const shuffle = (list: (readonly number[])[], random: () => number): void => {
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    const kept = list[i] ?? [];
    list[i] = list[j] ?? [];
    list[j] = kept;
  }
};
