import { describe, expect, test } from "vitest";
import type { FeatureSkew, FeatureSkewDetail, Skew } from "#lib/api/skew.ts";
import { prepareFeatureSkewAnswer, prepareSkewAnswer, sayNoRate } from "./prepare-skew-answer.ts";
import { prepareSkewSeries } from "./prepare-skew-series.ts";
import { toPlainText } from "./sentence.ts";

const rule = { pairsMin: 100, floor: 0.001, falseDiscoveryRate: 0.05 };
const rate = (value: number) => ({ value, lower: value * 0.9, upper: value * 1.1 });

const feature = (over: Partial<FeatureSkew> = {}): FeatureSkew => ({
  feature: "distance",
  type: "numeric",
  verdict: "skew",
  reason: "524 another value of 12,480 pairs",
  comparedCount: 12_480,
  differingCount: 524,
  matchCount: 11_956,
  mismatchCount: 524,
  typeMismatchCount: 0,
  offlineOnlyCount: 0,
  servedOnlyCount: 0,
  rate: rate(0.042),
  adjustedPValue: 0,
  firstDifferingAt: "2026-11-20T09:00:00.000Z",
  since: "2026-11-20T09:00:00.000Z",
  drift: null,
  tolerance: null,
  ...over,
});

const head = {
  model: "eta",
  environment: "production",
  version: "1",
  segment: null,
  from: "2026-11-20T00:00:00.000Z",
  until: "2026-11-21T00:00:00.000Z",
  hasOffline: true,
  predictionCount: 13_000,
  pairCount: 12_480,
  rule,
};

const skewOf = (features: FeatureSkew[], over: Partial<Skew> = {}): Skew => ({
  ...head,
  waitingShare: 0,
  baselineLabel: null,
  family: {
    size: features.length,
    skewCount: features.filter(({ verdict }) => verdict === "skew").length,
    noSkewCount: features.filter(({ verdict }) => verdict === "no_skew").length,
    cannotSayCount: features.filter(({ verdict }) => verdict === "cannot_say").length,
  },
  features,
  ...over,
});

const detailOf = (over: Partial<FeatureSkewDetail> = {}): FeatureSkewDetail => ({
  ...head,
  skew: feature(),
  onset: null,
  bucketMs: 3_600_000,
  series: [],
  confusion: [],
  confusionOtherCount: 0,
  differences: [],
  explanations: [
    {
      kind: "scale",
      text: "offline × 1.609 (miles to kilometres)",
      share: 0.98,
      explainedCount: 513,
      pairCount: 524,
    },
  ],
  sampleCount: 524,
  samples: [],
  ...over,
});

const same = (name: string) => feature({ feature: name, verdict: "no_skew", differingCount: 0 });
const blind = feature({
  feature: "tax",
  verdict: "cannot_say",
  reason: "it is offline and was never served",
});
const answer = (skew: Skew, worst: FeatureSkewDetail | null = null) => {
  const { health, headline, detail } = prepareSkewAnswer(
    skew,
    worst,
    "in the last 24 hours",
    "UTC",
  );
  return {
    health,
    headline: toPlainText(headline).replaceAll("\u202f", " "),
    detail: toPlainText(detail).replaceAll("\u202f", " "),
  };
};

describe("the answer of the skew page", () => {
  test("names the worst feature, how much of it differs, since when and what explains it", () => {
    expect(answer(skewOf([feature(), same("city"), blind]), detailOf())).toEqual({
      health: "watch",
      headline:
        "distance differs from the offline store in 4.2 % of 12.5 k matched predictions, since Fri 20 Nov 09:00 UTC: served looks like offline × 1.609 (miles to kilometres).",
      detail:
        "12.5 k of 13 k predictions in the last 24 hours have offline features; 1 of 3 features are skewed; 1 cannot be judged. Skew is a mismatch rate above 0.1 %; at most 5 % of findings are expected to be chance.",
    });
  });

  test("leaves out what is not known yet, belongs to another feature, or explains too little", () => {
    const plain =
      "distance differs from the offline store in 4.2 % of 12.5 k matched predictions, since Fri 20 Nov 09:00 UTC.";
    const weak = detailOf().explanations.map((one) => ({ ...one, share: 0.6 }));
    for (const detail of [null, detailOf({ skew: same("city") }), detailOf({ explanations: weak })])
      expect(answer(skewOf([feature()]), detail).headline).toBe(plain);
    expect(
      answer(skewOf([feature({ since: null }), feature({ feature: "city" })])).detail,
    ).toContain("So are city.");
  });

  test.each<[string, Skew, string, string]>([
    [
      "no offline features ever",
      skewOf([], { hasOffline: false }),
      "unknown",
      "no offline features have come",
    ],
    [
      "no pairs",
      skewOf([], { pairCount: 0 }),
      "unknown",
      "no prediction in the last 24 hours has offline features",
    ],
    [
      "no pairs yet in a window that is still compared, however little of it",
      skewOf([], { pairCount: 0, waitingShare: 0.02 }),
      "unknown",
      "2 % of this window is still being compared",
    ],
    [
      "a window that is still compared",
      skewOf([feature()], { waitingShare: 0.5 }),
      "unknown",
      "50 % of this window is still being compared",
    ],
    [
      "nothing skewed",
      skewOf([same("a"), same("b")]),
      "healthy",
      "eta is served what the offline store holds: no skew on 2 of 2 features",
    ],
    [
      "nothing that can be judged",
      skewOf([blind]),
      "unknown",
      "it is offline and was never served",
    ],
  ])("of %s is honest", (_name, skew, health, words) => {
    const found = answer(skew);
    expect(found.health).toBe(health);
    expect(found.headline).toContain(words);
  });
});

describe("the answer of one feature", () => {
  const say = (detail: FeatureSkewDetail) => {
    const found = prepareFeatureSkewAnswer(detail, "distance", "UTC");
    return `${found.health}: ${toPlainText(found.headline)}`.replaceAll("\u202f", " ");
  };
  test.each<[string, FeatureSkewDetail, string]>([
    ["skew", detailOf(), "watch: distance differs"],
    [
      "no skew",
      detailOf({ skew: same("distance") }),
      "healthy: distance is served as the offline store has it",
    ],
    [
      "cannot say",
      detailOf({ skew: blind }),
      "unknown: Cannot say whether distance is skewed: it is offline and was never served",
    ],
    [
      "nothing known",
      detailOf({ skew: null }),
      "unknown: Cannot say whether distance is skewed: neither side has it",
    ],
  ])("%s", (_name, detail, words) => {
    expect(say(detail)).toContain(words);
  });
});

test.each<[string, Partial<FeatureSkew>, string]>([
  ["only served", { servedOnlyCount: 12_480 }, "not offline"],
  ["only offline", { offlineOnlyCount: 12_480 }, "not served"],
  ["hardly compared", { comparedCount: 3 }, "too few pairs"],
  ["never compared", { comparedCount: 0 }, "too few pairs"],
])("in place of the rate of a feature that is %s", (_name, over, words) => {
  expect(sayNoRate(feature(over))).toBe(words);
});

describe("differing pairs over time", () => {
  test("an hour without pairs is a gap, one with few is hollow, and the interval is the band", () => {
    const from = (hour: number) => `2026-11-20T0${hour}:00:00.000Z`;
    const model = prepareSkewSeries(
      detailOf({
        series: [
          { from: from(0), comparedCount: 200, differingCount: 20, rate: rate(0.1) },
          { from: from(1), comparedCount: 0, differingCount: 0, rate: null },
          { from: from(2), comparedCount: 10, differingCount: 5, rate: rate(0.5) },
        ],
      }),
      "UTC",
    );
    expect(model.points.map(({ values, isSmall }) => [values.rate, isSmall])).toEqual([
      [0.1, false],
      [null, true],
      [0.5, true],
    ]);
    expect(model.points[0]?.band).toEqual([0.09000000000000001, 0.11000000000000001]);
    expect(model.gaps).toEqual([
      { fromMs: Date.parse(from(1)), untilMs: Date.parse(from(2)), label: "no pairs" },
    ]);
    expect(model.sentence).toContain("pairs were compared in 2 of 3");
    expect(prepareSkewSeries(detailOf(), "UTC").isEmpty).toBe(true);
  });
});
