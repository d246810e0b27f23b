import { describe, expect, test } from "vitest";
import type { Performance } from "#lib/api/performance.ts";
import { prepareThreshold, prepareValue, stepsOf } from "./prepare-threshold.ts";

/** Ten of each score; the higher, the more often positive. */
const performance = {
  classes: { positive: "late", negative: "on_time" },
  scores: {
    scores: [0.1, 0.3, 0.6, 0.9],
    positives: [1, 3, 6, 9],
    negatives: [9, 7, 4, 1],
    isExact: true,
  },
} as Partial<Performance> as Performance;
const steps = stepsOf(performance);

describe("a threshold", () => {
  test("says what it would have decided, with its metrics and its places on the curves", () => {
    const shown = prepareThreshold(performance, steps, 0.6);
    expect(shown?.sentence).toBe(
      "At 0.6 and above, 20 of 40 labelled predictions are decided late: 15 rightly, and 4 are missed.",
    );
    expect(shown?.cells.map(({ count }) => count)).toEqual(["15", "5", "4", "16"]);
    expect(shown?.metrics[1]).toMatchObject({ name: "precision", isUndefined: false });
    expect(shown?.roc.mark).toMatchObject({ x: 5 / 21, y: 15 / 19 });
    expect(shown?.roc.points).toHaveLength(5);
    expect(shown?.precisionRecall.mark).toMatchObject({ x: 15 / 19, y: 0.75 });
    expect(shown?.note).toBeNull();
  });

  test("stands at one half before anybody moves it, or as near as the scores come", () => {
    expect(prepareThreshold(performance, steps, null)?.threshold).toBe(0.5);
    const low = { ...performance, scores: { ...performance.scores, scores: [1, 2, 3, 4] } };
    const model = low as Performance;
    expect(prepareThreshold(model, stepsOf(model), null)?.threshold).toBe(1);
  });

  test("beyond every score decides nothing, and precision is undefined, not zero", () => {
    const shown = prepareThreshold(performance, steps, 2);
    expect(shown?.metrics[1]).toEqual({
      name: "precision",
      text: "undefined: nothing was predicted positive",
      isUndefined: true,
    });
    expect(shown?.precisionRecall.mark).toBeNull();
  });

  test("is none without scores or without a positive class", () => {
    expect(prepareThreshold({ ...performance, scores: null }, [], 0.5)).toBeNull();
    expect(prepareThreshold({ ...performance, classes: null }, steps, 0.5)).toBeNull();
  });
});

describe("what it is worth", () => {
  const worth = {
    truePositive: 10,
    falsePositive: -5,
    falseNegative: 0,
    trueNegative: 0,
    unit: "EUR",
  };

  test("names the best threshold, its value with an interval, and those that are no worse", () => {
    const value = prepareValue(steps, worth, 0.9);
    // (15 x 10 - 5 x 5) / 40 at 0.6; (18 x 10 - 12 x 5) / 40 = 3 at 0.3.
    expect(value?.best).toMatchObject({ x: 0.6, y: 3.125, from: 0.1, until: 0.9 });
    // The rows are worth 15 x 10, 5 x -5 and 20 x 0: a standard error of 0.889.
    expect(value?.sentence).toContain("The best threshold is 0.6, worth 3.13 EUR (1.38 EUR to");
    expect(value?.sentence).toContain("from 0.1 to 0.9 none is worse beyond chance");
    expect(value?.mark).toMatchObject({ x: 0.9, text: "2.13 EUR" });
  });

  test("is best where nothing is decided when every alarm costs", () => {
    const value = prepareValue(steps, { ...worth, truePositive: -1 }, 0.5);
    expect(value?.sentence).toContain("The best threshold is never deciding positive, worth 0 EUR");
    expect(value?.best.x).toBeGreaterThan(0.9);
  });

  test("is nothing without steps", () => {
    expect(prepareValue([], worth, 0.5)).toBeNull();
  });
});
