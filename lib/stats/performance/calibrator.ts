/** Calibrator: from a model's score to the probability that the row is positive, learned from a labelled reference.
 *
 *  Definition. An isotonic regression of the label on the score over the whole reference, used where it helps. It helps when on
 *  ten parts, each left out of its fit once, the equal-count ECE of the calibrated scores is below that of the raw ones. The
 *  parts are drawn without random numbers: the rows of every (score, label) are dealt round to the ten parts, one part on
 *  from where the cell before stopped. `isNeeded` states the answer where it is known otherwise.
 *  Degenerate input: one class, or no labelled row: null, nothing can be learned. A raw score outside [0, 1] is no
 *  probability: calibration is then always needed. */

import { computeEqualCountEce } from "#lib/stats/performance/calibration.ts";
import type { ProbabilityOf } from "#lib/stats/performance/cbpe.ts";
import type { Isotonic } from "#lib/stats/performance/isotonic.ts";
import { cornersOf, fitIsotonic, predictIsotonic } from "#lib/stats/performance/isotonic.ts";
import { computeRocAuc } from "#lib/stats/performance/roc-auc.ts";
import type { ScoreGroup } from "#lib/stats/performance/score-cells.ts";

/** Plain data, so that it can be kept. */
export type StoredCalibrator = {
  readonly isCalibrated: boolean;
  readonly fit: Isotonic;
  /** The scores that the reference saw. */
  readonly scoreMin: number;
  readonly scoreMax: number;
};

const PART_COUNT = 10;

const fitOf = (groups: readonly ScoreGroup[]) =>
  fitIsotonic(
    groups.map(({ score, count, positives }) => ({
      x: score,
      y: count === 0 ? 0 : positives / count,
      weight: count,
    })),
  );

/** How many of `count` rows fall into each part, when dealing begins at `first`. */
const deal = (count: number, first: number): number[] => {
  const each = Math.floor(count / PART_COUNT);
  const left = count - each * PART_COUNT;
  return Array.from(
    { length: PART_COUNT },
    (_, part) => each + ((part - first + PART_COUNT) % PART_COUNT < left ? 1 : 0),
  );
};

const isCalibrationNeeded = (groups: readonly ScoreGroup[]): boolean => {
  let nextPositive = 0;
  let nextNegative = 0;
  const dealt = groups.map((group) => {
    const positives = deal(group.positives, nextPositive);
    const negatives = deal(group.negatives, nextNegative);
    nextPositive = (nextPositive + group.positives) % PART_COUNT;
    nextNegative = (nextNegative + group.negatives) % PART_COUNT;
    return { group, positives, negatives };
  });
  const judged: { score: number; calibrated: number; positives: number; count: number }[] = [];
  for (let part = 0; part < PART_COUNT; part += 1) {
    const train: ScoreGroup[] = [];
    const test: ScoreGroup[] = [];
    for (const { group, positives, negatives } of dealt) {
      const [p, n] = [positives[part] ?? 0, negatives[part] ?? 0];
      if (p + n > 0) test.push({ score: group.score, positives: p, negatives: n, count: p + n });
      const kept = { positives: group.positives - p, negatives: group.negatives - n };
      if (kept.positives + kept.negatives > 0)
        train.push({ score: group.score, ...kept, count: kept.positives + kept.negatives });
    }
    if (train.length === 0) return false;
    const fit = fitOf(train);
    for (const { score, positives, count } of test)
      judged.push({ score, calibrated: predictIsotonic(fit, score), positives, count });
  }
  const eceOf = (key: "score" | "calibrated") =>
    computeEqualCountEce(
      judged
        .map((row) => ({
          score: row[key],
          positives: row.positives,
          negatives: row.count - row.positives,
          count: row.count,
        }))
        .sort((a, b) => a.score - b.score),
    );
  const [before, after] = [eceOf("score"), eceOf("calibrated")];
  return before !== null && after !== null && after < before;
};

export const fitCalibrator = (
  labelled: readonly ScoreGroup[],
  options: { isNeeded?: boolean | undefined } = {},
): StoredCalibrator | null => {
  const groups = labelled.filter(({ count }) => count > 0);
  const auc = computeRocAuc(groups);
  const first = groups[0];
  const last = groups.at(-1);
  if (auc.kind === "undefined" || first === undefined || last === undefined) return null;
  const isUnit = first.score >= 0 && last.score <= 1;
  const isNeeded =
    !isUnit || (options.isNeeded ?? (auc.value <= 0.999 && isCalibrationNeeded(groups)));
  return {
    isCalibrated: isNeeded,
    fit: cornersOf(fitOf(groups)),
    scoreMin: first.score,
    scoreMax: last.score,
  };
};

export const probabilityBy = ({ isCalibrated, fit }: StoredCalibrator): ProbabilityOf =>
  isCalibrated
    ? (score) => predictIsotonic(fit, score)
    : (score) => Math.min(1, Math.max(0, score));
