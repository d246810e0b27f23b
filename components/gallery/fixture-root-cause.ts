import type { CausePart, FeaturePart, RootCause } from "#lib/api/root-cause.ts";

const part = (value: number, half: number): CausePart => ({
  value,
  low: value - half,
  high: value + half,
  pValue: 0,
  isBeyondNoise: Math.abs(value) > half,
});

const feature = (name: string, rank: number, value: number, half: number): FeaturePart => ({
  ...part(value, half),
  feature: name,
  kind: rank === 2 ? "restored" : "moved",
  importance: 0.5 / rank,
  importanceRank: rank,
  outsideShare: 0,
  drift: rank < 4 ? "drift" : "no_drift",
  driftReason: "",
});

/** A fall of accuracy that one faulty feature explains most of, with one segment that behaves otherwise. */
export function fixtureRootCause(overrides: Partial<RootCause> = {}): RootCause {
  return {
    model: "eta",
    environment: "production",
    segment: null,
    version: "2026.11.1",
    of: "performance",
    from: "2026-11-20T00:00:00.000Z",
    until: "2026-11-21T00:00:00.000Z",
    reference: {
      kind: "baseline",
      label: "baseline training (2026.11.1)",
      version: "2026.11.1",
      baselineId: null,
      from: null,
      until: null,
      rowCount: 500_000,
    },
    measure: "accuracy",
    className: "late",
    verdict: "explained",
    reason: "",
    sentence: "",
    change: {
      ...part(-0.041, 0.007),
      referenceMean: 0.842,
      windowMean: 0.801,
      referenceCount: 20_000,
      windowCount: 20_000,
    },
    referenceRowCount: 500_000,
    windowRowCount: 1_200_000,
    surrogate: {
      state: "used",
      reason: "",
      learnedFrom: "baseline",
      r2: 0.11,
      r2StandardError: 0.01,
      rowCount: 10_000,
      featureCount: 12,
      computedAt: "2026-11-20T00:00:00.000Z",
    },
    importance: { source: "surrogate", featureCount: 12 },
    features: [
      feature("distance", 2, -0.032, 0.005),
      feature("a_feature_with_a_name_that_is_longer_than_its_column_is_wide", 1, -0.008, 0.002),
      feature("departure_hour", 3, 0.004, 0.001),
      feature("is_weekend", 9, 0.001, 0.002),
      feature("origin", 5, -0.001, 0.002),
    ],
    interaction: part(-0.001, 0.003),
    remainder: part(-0.004, 0.006),
    segments: [
      {
        key: "region",
        mix: part(-0.003, 0.002),
        behaviour: part(-0.038, 0.007),
        valueCount: 24,
        values: ["eu", "us", ""].map((value, i) => ({
          value,
          referenceCount: 9_000 - 4_000 * i,
          windowCount: 11_000 - 5_000 * i,
          referenceShare: 0.45 - 0.2 * i,
          windowShare: 0.55 - 0.25 * i,
          referenceMean: 0.84,
          windowMean: i === 2 ? null : 0.77 + 0.06 * i,
          mix: part(-0.002 + 0.001 * i, 0.002),
          behaviour: part(-0.035 + 0.016 * i, 0.005),
          total: part(-0.037 + 0.0175 * i, 0.006),
        })),
      },
    ],
    untagged: [],
    ...overrides,
  };
}
