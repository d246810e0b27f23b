/** Equal-width bins as numpy makes them: the number by Sturges or Doane, edges by linspace, counts by searchsorted.
 *
 *  Definition. Bins are closed on the left, the last one on both sides; edge i is i * step + minimum, and the last edge is
 *  the maximum. The order of operations matters where data values lie on edges. Reference: Sturges (1926), Doane (1976).
 *  Matches numpy.histogram_bin_edges(x, bins="sturges" or "doane") for float64, and numpy.histogram(x, edges).
 *  Degenerate input: minimum = maximum: one bin from minimum - 0.5 to maximum + 0.5. No values are the caller's error. */

import { momentsOf, standardDeviationOf } from "#lib/stats/moments.ts";

const rangeOf = (values: readonly number[]): [minimum: number, maximum: number] => {
  const { minimum, maximum } = momentsOf(values);
  if (minimum === null || maximum === null) throw new RangeError("bins need at least one value");
  return [minimum, maximum];
};

export const equalWidthEdges = (minimum: number, maximum: number, binCount: number): number[] => {
  const [first, last] = minimum === maximum ? [minimum - 0.5, maximum + 0.5] : [minimum, maximum];
  const step = (last - first) / binCount;
  return [...Array.from({ length: binCount }, (_, i) => i * step + first), last];
};

const edgesOfWidth = (minimum: number, maximum: number, width: number): number[] => {
  const binCount = width > 0 ? Math.ceil((maximum - minimum) / width) : 1;
  return equalWidthEdges(minimum, maximum, Math.max(1, binCount));
};

export const sturgesEdges = (values: readonly number[]): number[] => {
  const [minimum, maximum] = rangeOf(values);
  return edgesOfWidth(minimum, maximum, (maximum - minimum) / (Math.log2(values.length) + 1));
};

export const doaneEdges = (values: readonly number[]): number[] => {
  const [minimum, maximum] = rangeOf(values);
  const n = values.length;
  const moments = momentsOf(values);
  const deviation = standardDeviationOf(moments) ?? 0;
  if (n < 3 || deviation === 0) return edgesOfWidth(minimum, maximum, 0);
  let cubes = 0;
  for (const x of values) cubes += ((x - moments.mean) / deviation) ** 3;
  const skewness = Math.abs(cubes / n) / Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
  const width = (maximum - minimum) / (1 + Math.log2(n) + Math.log2(1 + skewness));
  return edgesOfWidth(minimum, maximum, width);
};

export type EdgeCounts = {
  readonly counts: readonly number[];
  readonly belowCount: number;
  readonly aboveCount: number;
};

export const countBetweenEdges = (
  values: readonly number[],
  edges: readonly number[],
): EdgeCounts => {
  const counts = new Array<number>(edges.length - 1).fill(0);
  const first = edges[0] ?? 0;
  const last = edges[edges.length - 1] ?? 0;
  let belowCount = 0;
  let aboveCount = 0;
  for (const x of values) {
    if (x < first) belowCount += 1;
    else if (x > last) aboveCount += 1;
    else {
      let low = 0;
      let high = counts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (x >= (edges[middle] ?? 0)) low = middle;
        else high = middle - 1;
      }
      counts[low] = (counts[low] ?? 0) + 1;
    }
  }
  return { counts, belowCount, aboveCount };
};
