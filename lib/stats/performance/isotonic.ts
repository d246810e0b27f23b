/** Isotonic regression: the best non-decreasing step from score to probability.
 *
 *  Definition. Average y over equal x (weight: rows), pool adjacent violators (Barlow et al. 1972), interpolate linearly between the
 *  fitted x, constant outside them.
 *  Matches sklearn.isotonic.IsotonicRegression(increasing=True, out_of_bounds="clip").
 *  Degenerate input: no points: throws, there is nothing to fit. */

export type WeightedPoint = { readonly x: number; readonly y: number; readonly weight: number };

export type Isotonic = { readonly x: readonly number[]; readonly y: readonly number[] };

const averaged = (points: readonly WeightedPoint[]): WeightedPoint[] => {
  const sorted = points.filter((p) => p.weight > 0).sort((a, b) => a.x - b.x);
  const found: { x: number; sum: number; weight: number }[] = [];
  for (const { x, y, weight } of sorted) {
    const last = found.at(-1);
    if (last !== undefined && last.x === x) {
      last.sum += y * weight;
      last.weight += weight;
    } else found.push({ x, sum: y * weight, weight });
  }
  return found.map(({ x, sum, weight }) => ({ x, y: sum / weight, weight }));
};

export const fitIsotonic = (points: readonly WeightedPoint[]): Isotonic => {
  const distinct = averaged(points);
  if (distinct.length === 0) throw new RangeError("an isotonic regression needs a point");
  const blocks: { sum: number; weight: number; size: number }[] = [];
  for (const { y, weight } of distinct) {
    let block = { sum: y * weight, weight, size: 1 };
    for (;;) {
      const before = blocks.at(-1);
      if (before === undefined || before.sum * block.weight < block.sum * before.weight) break;
      blocks.pop();
      block = {
        sum: before.sum + block.sum,
        weight: before.weight + block.weight,
        size: before.size + block.size,
      };
    }
    blocks.push(block);
  }
  const y = blocks.flatMap(({ sum, weight, size }) => new Array<number>(size).fill(sum / weight));
  return { x: distinct.map((point) => point.x), y };
};

export const predictIsotonic = ({ x, y }: Isotonic, at: number): number => {
  const last = x.length - 1;
  if (at <= (x[0] ?? 0)) return y[0] ?? 0;
  if (at >= (x[last] ?? 0)) return y[last] ?? 0;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  const [x0, x1, y0, y1] = [x[low] ?? 0, x[high] ?? 0, y[low] ?? 0, y[high] ?? 0];
  return y0 + ((at - x0) / (x1 - x0)) * (y1 - y0);
};

/** The same function by fewer points: of a level stretch its ends are enough. */
export const cornersOf = ({ x, y }: Isotonic): Isotonic => {
  const kept = x.map((_, i) => i).filter((i) => y[i] !== y[i - 1] || y[i] !== y[i + 1]);
  return { x: kept.map((i) => x[i] ?? 0), y: kept.map((i) => y[i] ?? 0) };
};
