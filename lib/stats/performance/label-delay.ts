/** Label delay: how long labels take, and so when those of a window are in.
 *
 *  Definition. From the counts of delays (left edges of bins of an eighth of an octave), the quantiles are the right edges of
 *  the first bin that reaches them. A window is mature once 95 % of the labels that will come have had the time to: its end lies
 *  the 95 % quantile back. Windows that are younger than the 99 % quantile of all delays hold the quick labels alone, so that
 *  the quantiles are taken again over the older ones, if these have at least 100 labels.
 *  Degenerate input: no label: null. */

import type { EdgeCounts } from "#lib/stats/performance/profile.ts";

export type LabelDelay = {
  readonly labelCount: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Over windows old enough to have all their labels. */
  readonly isSettled: boolean;
};

export type DelayedWindow = { readonly untilMs: number; readonly delays: EdgeCounts };

const BINS_PER_OCTAVE = 8;
const LABELS_MIN = 100;

const quantileOf = (counts: readonly (readonly [number, number])[], share: number): number => {
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  let running = 0;
  for (const [edge, count] of counts) {
    running += count;
    if (running >= share * total) return edge === 0 ? 0 : rightEdge(edge);
  }
  return 0;
};

const rightEdge = (edge: number): number => {
  const octave = 2 ** Math.floor(Math.log2(edge));
  return edge + octave / BINS_PER_OCTAVE;
};

const countsOf = (windows: readonly DelayedWindow[]): [number, number][] => {
  const merged = new Map<number, number>();
  for (const { delays } of windows)
    for (const [edge, count] of delays) merged.set(edge, (merged.get(edge) ?? 0) + count);
  return [...merged].sort(([a], [b]) => a - b);
};

export const computeLabelDelay = (
  windows: readonly DelayedWindow[],
  nowMs: number,
): LabelDelay | null => {
  const all = countsOf(windows);
  const totalOf = (counts: readonly (readonly [number, number])[]) =>
    counts.reduce((sum, [, count]) => sum + count, 0);
  if (totalOf(all) === 0) return null;
  const horizon = quantileOf(all, 0.99);
  const old = countsOf(windows.filter(({ untilMs }) => untilMs + horizon <= nowMs));
  const isSettled = totalOf(old) >= LABELS_MIN;
  const judged = isSettled ? old : all;
  return {
    labelCount: totalOf(all),
    p50Ms: quantileOf(judged, 0.5),
    p95Ms: quantileOf(judged, 0.95),
    isSettled,
  };
};

export const isMature = (untilMs: number, delay: LabelDelay | null, nowMs: number): boolean =>
  delay !== null && untilMs + delay.p95Ms <= nowMs;
