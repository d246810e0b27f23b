import type { Performance } from "#lib/api/performance.ts";
import { formatCount, formatNumber } from "./format-number.ts";

export interface CalibrationMark {
  /** Shares of the square, from its lower left corner. */
  x: number;
  y: number;
  lower: number;
  upper: number;
  text: string;
}

export interface CalibrationModel {
  sentence: string;
  marks: readonly CalibrationMark[];
}

const three = (value: number) => formatNumber(Number(value.toPrecision(3)));

/** Whether rows with a score of s are positive with probability s; null without scores or labels. */
export function prepareCalibration({ calibration }: Performance): CalibrationModel | null {
  if (calibration === null || calibration.expectedError === null) return null;
  const { bins, expectedError, expectedErrorBias } = calibration;
  const noise =
    expectedErrorBias === null
      ? ""
      : `, where chance alone gives about ${three(expectedErrorBias)}`;
  return {
    sentence: `Scores are off by ${three(expectedError)} on average${noise}.`,
    marks: bins.map((bin) => ({
      x: bin.meanScore,
      y: bin.positiveShare,
      lower: bin.lower,
      upper: bin.upper,
      text: `scores ${three(bin.from)} to ${three(bin.until)}: mean ${three(bin.meanScore)}, ${three(bin.positiveShare)} positive (${three(bin.lower)} to ${three(bin.upper)}) of ${formatCount(bin.count)}`,
    })),
  };
}
