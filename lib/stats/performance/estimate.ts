/** Estimate: performance before labels come, with a band that has been tried (estimate-band.ts says how, and when an estimate may be
 *  trusted).
 *
 *  What a reference teaches. Its labelled rows, in order of time, are cut into at most 40 blocks, and into 20, 10, 8 and 5 larger
 *  ones: a window is held against the errors of blocks of about its own size. It is made once for a baseline, and is plain
 *  data, so that it can be kept.
 *  Degenerate input: nothing that the method could learn from: null. */

import type {
  BandedWindow,
  Estimate,
  MetricTrials,
  Outside,
  TrustMeter,
} from "#lib/stats/performance/estimate-band.ts";
import { bandEstimates } from "#lib/stats/performance/estimate-band.ts";

export type MetricNumbers = Readonly<Record<string, number | null>>;

/** What is known of one metric whatever the size of a block. */
export type MetricTraits = Omit<MetricTrials, "errors">;

export type LearnedTrials = {
  readonly rowCount: number;
  readonly traits: Readonly<Record<string, MetricTraits>>;
  /** The errors of every metric, block by block, for each number of blocks. */
  readonly cuts: readonly {
    readonly blockCount: number;
    readonly errors: Readonly<Record<string, readonly number[]>>;
  }[];
};

const BLOCK_ROWS_MIN = 50;
const FINEST_CUTS = [40, 20, 10, 5];
const CUTS = [40, 20, 10, 8, 5];

/** How many blocks a reference of so many labelled rows is read in. */
export const countBlocks = (rowCount: number): number => {
  const fitting = Math.floor(rowCount / BLOCK_ROWS_MIN);
  return FINEST_CUTS.find((count) => count <= fitting) ?? Math.max(1, fitting);
};

/** Neighbouring blocks put together, for every number of blocks that they can be cut into. */
export function cutsOf<Block>(blocks: readonly Block[]): (readonly (readonly Block[])[])[] {
  const counts = CUTS.filter((count) => blocks.length % count === 0 && count <= blocks.length);
  return (counts.length === 0 ? [blocks.length] : counts).map((count) => {
    const size = blocks.length / count;
    return Array.from({ length: count }, (_, i) => blocks.slice(i * size, (i + 1) * size));
  });
}

/** The errors of blocks that were estimated, and whose labels are known; of losses as shares of the estimate. */
export const errorsOf = (
  names: readonly string[],
  blocks: readonly { readonly estimated: MetricNumbers; readonly realised: MetricNumbers }[],
  options: { isRelative?: boolean } = {},
): Record<string, number[]> =>
  Object.fromEntries(
    names.map((name) => [
      name,
      blocks.flatMap(({ estimated, realised }) => {
        const [value, actual] = [estimated[name], realised[name]];
        if (value == null || actual == null) return [];
        const error = options.isRelative === true ? 1 - actual / value : value - actual;
        return Number.isFinite(error) ? [error] : [];
      }),
    ]),
  );

export type EstimatedWindow = {
  readonly estimated: MetricNumbers;
  readonly realised: MetricNumbers;
  readonly rowCount: number;
  readonly labelledCount: number;
  /** The labels of its predictions are in, as far as they will be. */
  readonly isMature: boolean;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly outside: Outside | null;
};

export type WindowEstimates = Readonly<Record<string, Estimate>>;

/** A window with fewer labels tells more of chance than of the method. */
const LABELS_MIN = 50;

const medianOf = (counts: readonly number[]): number => {
  const sorted = [...counts].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};

/** The cut whose blocks are nearest in size to what is estimated. */
const chooseCut = ({ rowCount, cuts }: LearnedTrials, rowsPerWindow: number) => {
  const farness = (blockCount: number) =>
    Math.abs(Math.log(rowCount / blockCount) - Math.log(Math.max(1, rowsPerWindow)));
  return cuts.reduce((best, cut) =>
    farness(cut.blockCount) < farness(best.blockCount) ? cut : best,
  );
};

/** Estimates windows in order of time, each with what was known when it began: labels of a window are known `labelDelayMs`
 *  after its end. */
export const estimateWindows = (
  learned: LearnedTrials,
  windows: readonly EstimatedWindow[],
  labelDelayMs: number,
): { readonly estimates: WindowEstimates[]; readonly meters: Record<string, TrustMeter> } => {
  const { rowCount, traits, cuts } = learned;
  const estimates = windows.map((): Record<string, Estimate> => ({}));
  const meters: Record<string, TrustMeter> = {};
  if (cuts.length === 0) return { estimates, meters };
  const cut = chooseCut(learned, medianOf(windows.flatMap((one) => one.rowCount || [])));
  const reference = {
    rowCount,
    blockCount: cut.blockCount,
    blockRowCount: rowCount / cut.blockCount,
  };
  for (const [name, trait] of Object.entries(traits)) {
    const trials = { ...trait, errors: cut.errors[name] ?? [] };
    const banded = windows.map((window): BandedWindow => {
      const isKnown = window.isMature && window.labelledCount >= LABELS_MIN;
      return {
        value: window.estimated[name] ?? null,
        realised: isKnown ? (window.realised[name] ?? null) : null,
        rowCount: window.rowCount,
        labelledCount: window.labelledCount,
        outside: window.outside,
        fromMs: window.fromMs,
        knownAtMs: window.untilMs + labelDelayMs,
      };
    });
    const found = bandEstimates(reference, trials, banded);
    found.estimates.forEach((estimate, i) => {
      const into = estimates[i];
      if (estimate !== null && into !== undefined) into[name] = estimate;
    });
    if (found.estimates.some((one) => one !== null)) meters[name] = found.meter;
  }
  return { estimates, meters };
};
