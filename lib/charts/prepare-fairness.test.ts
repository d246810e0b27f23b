import { describe, expect, test } from "vitest";
import type { Fairness, FairnessGroup, Measured } from "#lib/api/fairness.ts";
import { nameGroup } from "./name-fairness.ts";
import { listGaps, prepareFairnessAnswer, prepareGroupBars } from "./prepare-fairness.ts";
import { toPlainText } from "./sentence.ts";

type Gap = NonNullable<Measured["gap"]>;

const selection = (value: number, gap: Partial<Gap> | null): Measured => ({
  measure: "selection_rate",
  value,
  lower: value - 0.05,
  upper: value + 0.05,
  count: 1_000,
  gap:
    gap === null
      ? null
      : {
          difference: value - 0.4,
          lower: value - 0.45,
          upper: value - 0.35,
          ratio: { value: value / 0.4, lower: value / 0.45, upper: value / 0.35 },
          pValue: 0.001,
          adjustedPValue: 0.002,
          verdict: "gap",
          ...gap,
        },
});
const group = (value: string, measured: Measured, isReference = false): FairnessGroup => ({
  value,
  isReference,
  isComparable: value !== "",
  rowCount: 1_000,
  labelledCount: 800,
  measures: [measured],
});
const fairness: Fairness = {
  model: "credit",
  environment: "production",
  version: "1",
  from: "2026-11-20T00:00:00Z",
  until: "2026-11-21T00:00:00Z",
  task: "binary",
  state: "judged",
  attributes: [{ key: "sex", isSensitive: true, referenceValue: null }],
  attribute: "sex",
  classes: { positive: "approved", negative: "declined" },
  decisionSource: "model",
  reference: { value: "male", endsByHand: false },
  groups: [group("male", selection(0.4, null), true), group("female", selection(0.2, {}))],
  summary: null,
  rule: {
    rowCountMin: 30,
    ratioMin: 0.8,
    ratioMax: 1.25,
    differenceMax: 0.1,
    errorDifferenceMax: null,
  },
  isWaiting: false,
};
const answer = (change: Partial<Fairness> = {}) =>
  prepareFairnessAnswer({ ...fairness, ...change }, "in the last 24 h");
const headline = (change: Partial<Fairness> = {}) => toPlainText(answer(change).headline);

describe("the answer", () => {
  test("names the group, the rates, the ratio and how sure it is", () => {
    expect(headline()).toBe(
      "credit does not treat sex alike in the last 24 h: female has a selection rate of 20\u202f% against 40\u202f% of male, ratio 0.5 (0.444 to 0.571).",
    );
    expect(toPlainText(answer().detail)).toBe(
      "2 groups, 2,000 decisions, 1,600 labelled. Held against male, the most selected group.",
    );
  });

  test("a tolerated gap is said, and is no finding", () => {
    const groups = [
      group("male", selection(0.4, null), true),
      group("female", selection(0.36, { verdict: "small_gap" })),
    ];
    expect(answer({ groups }).health).toBe("healthy");
    expect(headline({ groups })).toMatch(/as far as can be said: .* is tolerated, female/);
  });

  test("what noise hides is unknown, and never fair", () => {
    const groups = [
      group("male", selection(0.4, null), true),
      group("female", selection(0.3, { verdict: "cannot_say" })),
    ];
    expect(answer({ groups }).health).toBe("unknown");
    expect(headline({ groups })).toMatch(/^Cannot say/);
  });

  test.each([
    ["no_sensitive_attribute", /no sensitive attribute is marked/],
    ["not_for_task", /neither/],
    ["positive_class_unknown", /positive one/],
    ["no_rows", /no row in the last 24 h/],
  ] as const)("%s is unknown", (state, pattern) => {
    expect(answer({ state }).health).toBe("unknown");
    expect(headline({ state })).toMatch(pattern);
  });
});

test("gaps come worst first, those of selection before the others", () => {
  const groups = [
    group("a", selection(0.3, {})),
    group("b", selection(0.1, {})),
    group("c", { ...selection(0.9, { ratio: null }), measure: "precision" }),
  ];
  const order = listGaps({ ...fairness, groups }, "gap").map((one) => one.group.value);
  expect(order).toEqual(["b", "a", "c"]);
});

test("bars share one axis from zero, with the reference and four fifths of it", () => {
  const bars = prepareGroupBars(fairness, "selection_rate");
  const female = bars.get("female");
  expect(female?.zero).toBe(0);
  expect(female?.reference).toBeCloseTo(0.4 / 0.45, 12);
  expect(female?.limits).toEqual([expect.closeTo(0.32 / 0.45, 12)]);
  expect(female?.value).toBeCloseTo(0.2 / 0.45, 12);
  expect(prepareGroupBars(fairness, "accuracy").size).toBe(0);
});

test("rows that state nothing, and many small groups, have names of their own", () => {
  expect([nameGroup(""), nameGroup("*other*"), nameGroup("x")]).toEqual([
    "not stated",
    "all other values",
    "x",
  ]);
});
