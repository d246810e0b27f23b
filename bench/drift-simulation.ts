import { driftOfCategorical, testsOfNumeric } from "#lib/stats/drift.ts";
import type { DriftTest } from "#lib/stats/drift-test.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import type { Grid } from "#lib/stats/float-grid.ts";
import { leftEdgeOn } from "#lib/stats/float-grid.ts";
import { momentsOf } from "#lib/stats/moments.ts";
import { histogramOf } from "#lib/stats/numeric-histogram.ts";
import { verdictsOf } from "#lib/stats/verdict.ts";

/** Seeded samples, drawn and judged by the very rule that the product uses, so that the rule's error rates are known. */

export type Random = () => number;
export type Draw = (random: Random) => number;
type Tests = readonly DriftTest[];

const normal: Draw = (random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Numeric distributions, and how a window differs from the baseline. Effects are in standard deviations where they have one. */
export const numericChanges = {
  none: { baseline: normal, window: normal },
  shift_005: { baseline: normal, window: (random) => normal(random) + 0.05 },
  shift_010: { baseline: normal, window: (random) => normal(random) + 0.1 },
  shift_025: { baseline: normal, window: (random) => normal(random) + 0.25 },
  shift_050: { baseline: normal, window: (random) => normal(random) + 0.5 },
  scale_125: { baseline: normal, window: (random) => 1.25 * normal(random) },
  /** Two humps with the mean and the standard deviation of one. */
  two_humps: {
    baseline: normal,
    window: (random) => (random() < 0.5 ? -0.8 : 0.8) + 0.6 * normal(random),
  },
  skewed_none: {
    baseline: (random) => Math.exp(normal(random)),
    window: (random) => Math.exp(normal(random)),
  },
  skewed_quarter_larger: {
    baseline: (random) => Math.exp(normal(random)),
    window: (random) => 1.25 * Math.exp(normal(random)),
  },
  heavy_none: {
    baseline: (random) => Math.tan(Math.PI * (random() - 0.5)),
    window: (random) => Math.tan(Math.PI * (random() - 0.5)),
  },
  /** Six rows of ten are zero. */
  atoms_none: { baseline: zeros(0.6), window: zeros(0.6) },
  atoms_fewer: { baseline: zeros(0.6), window: zeros(0.5) },
  whole_numbers_none: { baseline: whole(0), window: whole(0) },
  whole_numbers_shift_025: { baseline: whole(0), window: whole(0.5) },
  constant_none: { baseline: () => 7, window: () => 7 },
} as const satisfies Record<string, { baseline: Draw; window: Draw }>;
export type NumericChange = keyof typeof numericChanges;

function zeros(share: number): Draw {
  return (random) => (random() < share ? 0 : Math.abs(normal(random)));
}
function whole(shift: number): Draw {
  return (random) => Math.round(5 + shift + 2 * normal(random));
}

/** `profiles` are what the store keeps, at most 1,024 bins; `rows` keep every distinct value apart. */
export type Path = "profiles" | "rows";

export function profileOf(values: readonly number[], path: Path): FeatureProfile {
  const profile = featureProfileOf(values);
  if (path === "profiles") return profile;
  return { ...profile, ...histogramOf(values, { resolution: 52, zeroFloor: 0 }) };
}

const sample = (draw: Draw, rows: number, random: Random): number[] =>
  Array.from({ length: rows }, () => draw(random));

export function drawNumeric(
  change: NumericChange,
  [n, m]: readonly [number, number],
  random: Random,
  path: Path = "profiles",
): Tests {
  const { baseline, window } = numericChanges[change];
  return testsOfNumeric(
    profileOf(sample(baseline, n, random), path),
    profileOf(sample(window, m, random), path),
  );
}

/** A million rows are counted on the grid that their profile would choose as they are drawn, and never sorted. */
export function drawLarge(shift: number, rows: number, random: Random): Tests {
  const grid: Grid = { resolution: 5, zeroFloor: 2 ** -10 };
  const side = (by: number): FeatureProfile => {
    const edgeOf = leftEdgeOn(grid);
    const values = new Float64Array(rows);
    const counts = new Map<number, number>();
    for (let i = 0; i < rows; i += 1) {
      const x = normal(random) + by;
      values[i] = x;
      const edge = edgeOf(x);
      counts.set(edge, (counts.get(edge) ?? 0) + 1);
    }
    const bins = [...counts].sort((a, b) => a[0] - b[0]);
    return {
      ...featureProfileOf([]),
      ...momentsOf(values),
      ...grid,
      rowCount: rows,
      numericCount: rows,
      edges: bins.map(([edge]) => edge),
      counts: bins.map(([, count]) => count),
    };
  };
  return testsOfNumeric(side(0), side(shift));
}

export type CategoryLaw = "even" | "zipf";

/** Shares of K categories; `tilt` multiplies every other one by 1 + tilt, the rest by 1 - tilt. */
export function categoryShares(law: CategoryLaw, count: number, tilt = 0): number[] {
  const weights = Array.from({ length: count }, (_, i) => {
    const weight = law === "even" ? 1 : 1 / (i + 1);
    return weight * (i % 2 === 0 ? 1 + tilt : 1 - tilt);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** The Hellinger distance between two lists of shares: what a tilt is worth. */
export function hellingerOf(p: readonly number[], q: readonly number[]): number {
  const affinity = p.reduce((sum, share, i) => sum + Math.sqrt(share * (q[i] ?? 0)), 0);
  return Math.sqrt(Math.max(0, 1 - affinity));
}

export function drawCategorical(
  baseline: readonly number[],
  window: readonly number[],
  [n, m]: readonly [number, number],
  random: Random,
): Tests {
  return driftOfCategorical(
    categoryProfile(baseline, n, random),
    categoryProfile(window, m, random),
  ).tests;
}

function categoryProfile(shares: readonly number[], rows: number, random: Random): FeatureProfile {
  const cumulative = new Float64Array(shares.length);
  shares.reduce((sum, share, i) => {
    cumulative[i] = sum + share;
    return sum + share;
  }, 0);
  const counts = new Array<number>(shares.length).fill(0);
  for (let row = 0; row < rows; row += 1) {
    const at = random();
    let [low, high] = [0, shares.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at < (cumulative[middle] ?? 1)) high = middle;
      else low = middle + 1;
    }
    counts[low] = (counts[low] ?? 0) + 1;
  }
  const seen = counts
    .map((count, i) => ({ name: `v${i}`, count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  return {
    ...featureProfileOf([]),
    rowCount: rows,
    stringCount: rows,
    valueNames: seen.map(({ name }) => name),
    valueCounts: seen.map(({ count }) => count),
    distinctCount: seen.length,
  };
}

export interface Share {
  /** In percent, with its Monte Carlo standard error. */
  percent: number;
  error: number;
  runs: number;
}

/** Not 0 where nothing was seen in few runs: the error of one in as many. */
function toShare(found: number, runs: number): Share {
  const share = found / runs;
  const error = Math.sqrt(Math.max(share * (1 - share), 1 / runs / 4) / runs);
  return { percent: 100 * share, error: 100 * error, runs };
}

const drifts = (family: readonly Tests[]) =>
  verdictsOf(family.map((tests, i) => ({ feature: String(i), tests }))).map(
    (one) => one.verdict.kind === "drift",
  );

/** The share of model runs of `size` columns in which anything alarms; every column is used once. */
export function alarmsPerRun(pool: readonly Tests[], size: number): Share {
  const runs = Math.floor(pool.length / size);
  let alarms = 0;
  for (let run = 0; run < runs; run += 1) {
    if (drifts(pool.slice(run * size, (run + 1) * size)).some(Boolean)) alarms += 1;
  }
  return toShare(alarms, runs);
}

/** The share of runs in which the one drifting column of a family is found; its companions are drawn from the quiet ones. */
export function foundInFamily(
  drifting: readonly Tests[],
  quiet: readonly Tests[],
  size: number,
  random: Random,
): Share {
  let found = 0;
  for (const tests of drifting) {
    const companions = Array.from(
      { length: size - 1 },
      () => quiet[Math.floor(random() * quiet.length)] ?? [],
    );
    if (drifts([tests, ...companions.map((one) => [...one.map((test) => ({ ...test }))])])[0])
      found += 1;
  }
  return toShare(found, drifting.length);
}
