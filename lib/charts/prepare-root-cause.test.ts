import { describe, expect, test } from "vitest";
import type { FeaturePart, RootCause, SegmentPart } from "#lib/api/root-cause.ts";
import { prepareRootCause } from "./prepare-root-cause.ts";
import type { Sentence } from "./sentence.ts";
import { toPlainText } from "./sentence.ts";

const plain = (parts: Sentence) => toPlainText(parts).replaceAll(/[\u202f\u2009]/g, " ");
const part = (value: number, isBeyondNoise = true) => ({
  value,
  low: value - 0.005,
  high: value + 0.005,
  pValue: isBeyondNoise ? 0 : 0.5,
  isBeyondNoise,
});
const feature = (
  name: string,
  value: number,
  overrides: Partial<FeaturePart> = {},
): FeaturePart => ({
  ...part(value),
  feature: name,
  kind: "moved",
  importance: 0.4,
  importanceRank: 2,
  outsideShare: 0,
  drift: "drift",
  driftReason: "",
  ...overrides,
});
const segment = (value: string, mix: number, behaviour: number): SegmentPart => ({
  value,
  referenceCount: 500,
  windowCount: 600,
  referenceShare: 0.5,
  windowShare: 0.6,
  referenceMean: 0.9,
  windowMean: 0.8,
  mix: part(mix, false),
  behaviour: part(behaviour),
  total: part(mix + behaviour),
});

const base: RootCause = {
  model: "eta",
  environment: "production",
  segment: null,
  version: "1",
  of: "performance",
  from: "2026-11-19T00:00:00.000Z",
  until: "2026-11-20T00:00:00.000Z",
  reference: {
    kind: "baseline",
    label: "baseline training (1)",
    version: "1",
    baselineId: null,
    from: null,
    until: null,
    rowCount: 4_000,
  },
  measure: "accuracy",
  className: "late",
  verdict: "explained",
  reason: "",
  sentence: "",
  change: {
    ...part(-0.041),
    referenceMean: 0.88,
    windowMean: 0.839,
    referenceCount: 4_000,
    windowCount: 20_000,
  },
  referenceRowCount: 4_000,
  windowRowCount: 120_000,
  surrogate: {
    state: "used",
    reason: "",
    learnedFrom: "baseline",
    r2: 0.12,
    r2StandardError: 0.01,
    rowCount: 4_000,
    featureCount: 12,
    computedAt: "2026-11-19T00:00:00.000Z",
  },
  importance: { source: "surrogate", featureCount: 12 },
  features: [feature("distance", -0.032), feature("hour", 0.002, { isBeyondNoise: false })],
  interaction: part(-0.001, false),
  remainder: part(-0.01, false),
  segments: [],
  untagged: [],
};
const headline = (overrides: Partial<RootCause>) =>
  plain(prepareRootCause({ ...base, ...overrides }).headline);

describe("the answer", () => {
  const cases: [string, Partial<RootCause>, string][] = [
    [
      "one feature explains most",
      {},
      "Of the 4.1 points that accuracy fell, 3.2 come from distance (drifted, importance 2nd of 12).",
    ],
    [
      "and something stays unexplained",
      { remainder: part(-0.01) },
      "Of the 4.1 points that accuracy fell, 3.2 come from distance (drifted, importance 2nd of 12); 1.0 are not explained by the features.",
    ],
    [
      "features say more than the whole",
      { remainder: part(0.01) },
      "Of the 4.1 points that accuracy fell, 3.2 come from distance (drifted, importance 2nd of 12); +1.0, the other way, is not explained by the features.",
    ],
    [
      "no feature does",
      { features: [feature("distance", -0.001, { isBeyondNoise: false })] },
      "Accuracy fell by 4.1 points (−4.6 to −3.6), and no feature explains it by more than noise.",
    ],
    [
      "nothing was learned",
      { features: [], interaction: null, remainder: null },
      "Accuracy fell by 4.1 points (−4.6 to −3.6).",
    ],
    [
      "parts that cancel",
      {
        change: base.change === null ? null : { ...base.change, ...part(0.001, false) },
        features: [feature("a", 0.02), feature("b", -0.02)],
      },
      "Accuracy has not moved beyond noise (−0.4 to +0.6 points), but parts of it have and nearly cancel: a +2.0, b −2.0.",
    ],
    [
      "nothing moved",
      {
        verdict: "no_move",
        change: base.change === null ? null : { ...base.change, ...part(0.001, false) },
      },
      "Nothing moved beyond noise: accuracy is 84 % against 88 % (a change between −0.4 and +0.6 points), so there is nothing to explain.",
    ],
    [
      "too few rows",
      {
        verdict: "cannot_say",
        change: null,
        reason: "38 rows with a label in the window, 100 needed",
      },
      "Cannot say what explains a change of performance: 38 rows with a label in the window, 100 needed.",
    ],
    [
      "a mean in units of its own",
      {
        of: "prediction",
        measure: "value",
        change: base.change === null ? null : { ...base.change, ...part(2.5) },
        features: [feature("income", 2.25, { drift: "no_drift", importanceRank: 11 })],
      },
      "Of the 2.5 that the mean prediction rose, 2.25 come from income (importance 11th of 12).",
    ],
  ];
  test.each(cases)("%s", (_name, overrides, expected) =>
    expect(headline(overrides)).toBe(expected),
  );

  test("says how many rows, of how many, by what, and how well that was learned", () =>
    expect(prepareRootCause(base).details.map(plain)).toEqual([
      "20 k of 120 k labelled rows against 4,000 of baseline training (1). By a surrogate learned from 4,000 rows of the baseline, R² 0.12 on rows held out.",
    ]));

  test("says what restoring is worth, what lies beyond all that was seen, and which tag is missing", () =>
    expect(
      prepareRootCause({
        ...base,
        features: [
          feature("distance", -0.032, { kind: "restored", outsideShare: null }),
          feature("amount", -0.01, { outsideShare: 0.2 }),
        ],
        untagged: [{ key: "region", side: "reference" }],
        surrogate: { ...base.surrogate, state: "poor_fit", reason: "the fit is poor" },
      }).details.map(plain),
    ).toEqual([
      "Putting the values of distance back where the reference’s were, rank by rank, would win back 3.2 points: look for a fault in how it is made.",
      "20 % of the values of amount lie beyond all that was ever seen of it: what they do to the answers is more than its bar says, and stands under what is not explained.",
      "What features add by having moved cannot be said: the fit is poor.",
      "By region nothing can be said: no row of baseline training (1) has the tag. Compare with the time before.",
      "20 k of 120 k labelled rows against 4,000 of baseline training (1).",
    ]));
});

describe("the waterfall", () => {
  test("each part begins where the one before ended, and the last ends where the whole does", () => {
    const { rows, zero } = prepareRootCause(base);
    expect(rows.map(({ key }) => key)).toEqual([
      "whole",
      "feature:distance",
      "rest",
      "interaction",
      "remainder",
    ]);
    expect(zero).toBe(1);
    const [whole, first, rest, together, left] = rows;
    expect(first?.bar.from).toBeCloseTo(rest?.bar.from ?? 0, 12);
    expect(rest?.bar.until).toBeCloseTo(together?.bar.until ?? 0, 12);
    expect(together?.bar.from).toBeCloseTo(left?.bar.until ?? 0, 12);
    expect(left?.bar.from).toBeCloseTo(whole?.bar.from ?? 1, 12);
    expect(first).toMatchObject({
      valueText: "−3.2",
      intervalText: "−3.7 to −2.7",
      note: "drifted, importance 2nd of 12",
      feature: "distance",
    });
    expect(rest).toMatchObject({
      label: "1 other feature",
      intervalText: "",
      isBeyondNoise: false,
    });
  });

  test("shows at most ten features, and sums up the others", () => {
    const features = Array.from({ length: 14 }, (_, i) => feature(`f${i}`, -0.003));
    const { rows } = prepareRootCause({ ...base, features });
    expect(rows.filter(({ kind }) => kind === "feature")).toHaveLength(10);
    expect(rows.find(({ kind }) => kind === "rest")).toMatchObject({
      label: "4 other features",
      note: "each within noise, or too small to be listed",
      valueText: "−1.2",
    });
  });

  test("there is none where nothing moved", () =>
    expect(prepareRootCause({ ...base, verdict: "no_move" })).toMatchObject({
      rows: [],
      segments: [],
    }));
});

test("segments say mix, behaviour and the one that adds most", () => {
  const { segments } = prepareRootCause({
    ...base,
    segments: [
      {
        key: "region",
        mix: part(0.002, false),
        behaviour: part(-0.043),
        values: [segment("eu", -0.00001, -0.04), segment("", 0.001, -0.003)],
        valueCount: 5,
      },
    ],
  });
  const [region] = segments;
  expect(plain(region?.headline ?? [])).toBe(
    "By region: +0.2 points because shares moved (within noise), −4.3 because segments behave otherwise (more than noise); most by eu, −4.0.",
  );
  expect(region?.restCount).toBe(3);
  expect(region?.rows[1]?.label).toBe("(no tag)");
  expect(plain([{ kind: "text", text: region?.rows[0]?.meanText ?? "" }])).toBe("90 % → 80 %");
  expect(region?.rows[0]?.mixText).toBe("0.00");
});
