import type { BinaryReference } from "#lib/stats/performance/binary-estimate.ts";
import { countScoresOutside, estimatedNumbers } from "#lib/stats/performance/binary-estimate.ts";
import type { ClassPair } from "#lib/stats/performance/binary-view.ts";
import type { LearnedTrials } from "#lib/stats/performance/estimate.ts";
import { estimateWindows } from "#lib/stats/performance/estimate.ts";
import type { Judgement } from "#lib/stats/performance/judge.ts";
import type { LabelDelay } from "#lib/stats/performance/label-delay.ts";
import { isMature } from "#lib/stats/performance/label-delay.ts";
import { findOutside } from "#lib/stats/performance/outside.ts";
import type { PerformanceProfile } from "#lib/stats/performance/profile.ts";
import type { ServiceContext } from "../context.ts";
import type { WindowPiece } from "../profile/cover-window.ts";
import type { CalendarBucket } from "./calendar-buckets.ts";
import type { PerformanceKey } from "./read-buckets.ts";
import { readEstimatedHours } from "./read-estimated-hours.ts";
import { readOutside } from "./read-outside.ts";
import type { StoredReference } from "./stored-reference.ts";

export interface Estimator {
  classes: ClassPair | null;
  isCalibrated: boolean | null;
  trials: LearnedTrials;
  /** Of a binary model, which is estimated from the scores that are kept. */
  binary: BinaryReference | null;
  /** Of others, whose rows the worker estimates. */
  task: "regression" | "multiclass" | null;
}

/** How a version is estimated, by what its baseline teaches. */
export function chooseEstimator(
  reference: StoredReference | null,
  choice: "auto" | "on" | "off",
): Estimator | null {
  if (reference === null) return null;
  switch (reference.kind) {
    case "binary": {
      const { isCalibrationNeeded, calibrated, raw, classes } = reference;
      const wanted = choice === "auto" ? isCalibrationNeeded : choice === "on";
      const binary = (wanted ? calibrated : raw) ?? (isCalibrationNeeded ? calibrated : raw);
      if (binary === null) return null;
      const { isCalibrated } = binary.calibrator;
      return { classes, isCalibrated, trials: binary.trials, binary, task: null };
    }
    case "multiclass": {
      const { isCalibrated } = reference;
      return {
        classes: null,
        isCalibrated,
        trials: reference.trials,
        binary: null,
        task: "multiclass",
      };
    }
    case "regression":
      return {
        classes: null,
        isCalibrated: null,
        trials: reference.trials,
        binary: null,
        task: "regression",
      };
  }
}

export interface EstimateWork {
  key: PerformanceKey;
  baselineId: string;
  pieces: readonly WindowPiece[];
  now: Date;
  buckets: readonly CalendarBucket[];
  profiles: readonly PerformanceProfile[];
  judged: readonly Judgement[];
  delay: LabelDelay | null;
}

/** What the rows of each bucket lead to expect, in the order of time, each with what was known when it began. */
export async function estimateBuckets(
  ctx: Pick<ServiceContext, "ch" | "signal">,
  { key, baselineId, pieces, now, buckets, profiles, judged, delay }: EstimateWork,
  { binary, task, trials }: Estimator,
) {
  const sized = buckets.map((bucket, i) => ({ ...bucket, rowCount: profiles[i]?.rowCount ?? 0 }));
  const cellsAt = (i: number) => judged[i]?.binary?.cells ?? [];
  const [outside, byRows] = await Promise.all([
    readOutside(ctx, key, baselineId, pieces, buckets),
    task === null || key.segmentKey !== ""
      ? []
      : readEstimatedHours(ctx, key, baselineId, task, sized),
  ]);
  const windows = sized.map(({ fromMs, untilMs, rowCount }, i) => ({
    estimated:
      binary === null ? (byRows[i] ?? {}) : estimatedNumbers(cellsAt(i), binary.calibrator),
    realised: Object.fromEntries(
      Object.entries(judged[i]?.metrics ?? {}).map(([name, metric]) => [
        name,
        metric.kind === "value" ? metric.value : null,
      ]),
    ),
    rowCount,
    labelledCount: profiles[i]?.labelledCount ?? 0,
    isMature: isMature(untilMs, delay, now.getTime()),
    fromMs,
    untilMs,
    outside: findOutside([
      ...(outside[i] ?? []),
      ...(binary === null ? [] : [countScoresOutside(cellsAt(i), binary)]),
    ]),
  }));
  return estimateWindows(trials, windows, delay?.p95Ms ?? 0);
}
