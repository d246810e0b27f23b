import type { Drift, FeatureDrift, FeatureDriftDetail } from "#lib/api/drift.ts";
import type { Verdict } from "#lib/domain/health.ts";
import { fixtureBuckets, fixtureId, fixtureRandom } from "./fixture-random.ts";

const hourMs = 3_600_000;

interface FeatureShape {
  name: string;
  subject?: "feature" | "prediction";
  type: FeatureDrift["type"];
  /** How far it is at the end of the window, in PSI. */
  psi: number;
  /** Where in the window it began to move, 0 to 1. */
  since: number;
  rows?: number;
}

const flightFeatures: readonly FeatureShape[] = [
  { name: "", subject: "prediction", type: "categorical", psi: 0.31, since: 0.55 },
  { name: "distance", type: "numeric", psi: 0.22, since: 0.6 },
  { name: "origin", type: "categorical", psi: 0.034, since: 0.3 },
  { name: "scheduled_hour", type: "numeric", psi: 0.012, since: 2 },
  { name: "is_weekend", type: "boolean", psi: 0.004, since: 2 },
  {
    name: "carrier_delay_rolling_mean_over_the_last_24_hours",
    type: "numeric",
    psi: 0.3,
    since: 0,
    rows: 38,
  },
];

export const manyFeatures = (count: number): FeatureShape[] => {
  const random = fixtureRandom(7);
  return Array.from({ length: count }, (_, index) => ({
    name: `feature_${String(index).padStart(4, "0")}`,
    type: "numeric" as const,
    psi: random() ** 6 * 0.8,
    since: random(),
    rows: random() < 0.05 ? 20 : 1_200,
  }));
};

function verdictOf(psi: number, rows: number): Verdict {
  if (rows < 100) return "cannot_say";
  return psi > 0.03 ? "drift" : "no_drift";
}

function fixtureTest(psi: number, rows: number, verdict: Verdict): FeatureDrift["tests"][number] {
  const value = Math.sqrt(psi);
  const isKnown = verdict !== "cannot_say";
  return {
    question: "values",
    outcome: verdict === "no_drift" ? "within_noise" : verdict,
    pValue: isKnown ? 1e-12 : null,
    adjustedPValue: isKnown ? 3e-11 : null,
    evidence: [],
    decidedBy: isKnown
      ? {
          statistic: "hellinger",
          value,
          nullExpectation: 0.006,
          lowerBound: value * 0.9,
          upperBound: value * 1.1,
          negligible: 0.0177,
        }
      : null,
    referenceCount: 503_221,
    windowCount: rows,
    rate: null,
  };
}

function toFeature(shape: FeatureShape): FeatureDrift {
  const rows = (shape.rows ?? 1_200) * 168;
  const verdict = verdictOf(shape.psi, shape.rows ?? 1_200);
  return {
    subject: shape.subject ?? "feature",
    feature: shape.name,
    type: shape.type,
    verdict,
    reason:
      verdict === "cannot_say"
        ? "38 rows, 100 needed"
        : `PSI ${shape.psi.toPrecision(2)} where noise gives 0.0006`,
    statistics: [
      {
        statistic: "psi",
        value: shape.psi,
        unit: "nat",
        lowerBound: shape.psi,
        upperBound: shape.psi,
        isExact: false,
        interval: null,
        smoothing: null,
        category: null,
        nullExpectation: 0.0006,
        bound: 0.0004,
        pValue: null,
        binCount: 10,
      },
      {
        statistic: "jensen_shannon",
        value: Math.sqrt(shape.psi / 8),
        unit: "bit",
        lowerBound: Math.sqrt(shape.psi / 8),
        upperBound: Math.sqrt(shape.psi / 8),
        isExact: false,
        interval: null,
        smoothing: null,
        category: null,
        nullExpectation: 0.011,
        bound: 0.002,
        pValue: null,
        binCount: 40,
      },
      ...(shape.type === "numeric"
        ? [
            {
              statistic: "kolmogorov_smirnov" as const,
              value: Math.sqrt(shape.psi) / 3,
              unit: "share" as const,
              lowerBound: Math.sqrt(shape.psi) / 3,
              upperBound: Math.sqrt(shape.psi) / 3,
              isExact: false,
              interval: null,
              smoothing: null,
              category: null,
              nullExpectation: 0.002,
              bound: 0.004,
              pValue: shape.psi > 0.02 ? 1e-12 : 0.24,
              binCount: null,
            },
          ]
        : []),
    ],
    decidedQuestion: "values",
    unavailable: [],
    tests: [fixtureTest(shape.psi, rows, verdict)],
    newCategories: [],
    vanishedCategories: [],
    adjustedPValue: shape.psi > 0.02 ? 3e-11 : 0.31,
    referenceCount: 503_221,
    windowCount: rows,
    referenceMissingShare: 0.0021,
    windowMissingShare: shape.name === "distance" ? 0.034 : 0.0019,
    isExact: false,
  };
}

export interface DriftFixture {
  shapes?: readonly FeatureShape[];
  bucketCount?: number;
  /** Buckets without rows, as [from, until) of the index. */
  gap?: [number, number];
}

export function fixtureDrift({
  shapes = flightFeatures,
  bucketCount = 56,
  gap = [20, 23],
}: DriftFixture = {}): Drift {
  const random = fixtureRandom(3);
  const features = shapes.map(toFeature);
  const count = (verdict: Verdict) => features.filter((each) => each.verdict === verdict).length;
  const bucketMs = 3 * hourMs;
  const buckets = fixtureBuckets(bucketCount, bucketMs);
  return {
    model: "eta",
    environment: "production",
    version: "2026.11.1",
    segment: null,
    referenceLack: null,
    from: buckets[0] ?? "2026-11-10T14:00:00.000Z",
    until: "2026-11-17T14:00:00.000Z",
    reference: {
      kind: "baseline",
      label: "baseline training (2026.11.1)",
      version: "1",
      baselineId: fixtureId(9),
      from: null,
      until: null,
      rowCount: 503_221,
    },
    statistic: "psi",
    windowRowCount: 1_213_400,
    labels: null,
    waitingShare: 0,
    family: {
      size: features.length,
      testCount: 9,
      driftCount: count("drift"),
      noDriftCount: count("no_drift"),
      cannotSayCount: count("cannot_say"),
      falseDiscoveryRate: 0.05,
    },
    features,
    bucketMs,
    buckets,
    heat: shapes.map((shape) => ({
      subject: shape.subject ?? "feature",
      feature: shape.name,
      cells: buckets.map((_, index) => {
        if (index >= gap[0] && index < gap[1])
          return {
            value: null,
            nullExpectation: null,
            verdict: "cannot_say" as const,
            rowCount: 0,
          };
        const rows = Math.round((shape.rows ?? 1_200) * (0.3 + random()));
        const noise = 9 / rows;
        const value =
          (index / bucketCount >= shape.since ? shape.psi : Math.min(shape.psi, 0.01)) *
            (0.7 + 0.6 * random()) +
          noise * random() * 2;
        return {
          value,
          nullExpectation: noise,
          verdict: rows < 60 ? ("cannot_say" as const) : verdictOf(value - noise * 2, 1_000),
          rowCount: rows,
        };
      }),
    })),
  };
}

function summary(shift: number) {
  return {
    rowCount: 1_213_400,
    valueCount: 1_172_144,
    missingCount: 41_256,
    nonFiniteCount: 0,
    violationCount: 0,
    distinctCount: null,
    mean: 728.4 + shift,
    standardDeviation: 541.2,
    minimum: 11,
    maximum: 4_962,
    quantiles: [190, 340, 580, 930, 1_850].map((each) => each + shift),
  };
}

export function fixtureNumericDetail(): FeatureDriftDetail {
  const drift = fixtureDrift();
  const density = (x: number, middle: number) =>
    Math.exp(-((Math.log(x + 60) - Math.log(middle)) ** 2) / 0.7);
  const edges = Array.from({ length: 41 }, (_, index) => index * 75);
  const raw = edges.slice(0, -1).map((from) => ({
    from,
    before: density(from + 37, 560),
    now: density(from + 37, 720) + (from > 2_200 && from < 2_700 ? 0.1 : 0),
  }));
  const sum = (pick: (bin: (typeof raw)[number]) => number) =>
    raw.reduce((total, bin) => total + pick(bin), 0);
  const [before, now] = [sum((bin) => bin.before), sum((bin) => bin.now)];
  return {
    model: "eta",
    environment: "production",
    version: "2026.11.1",
    segment: null,
    referenceLack: null,
    from: drift.from,
    until: drift.until,
    reference: drift.reference,
    drift: drift.features[1] ?? null,
    bins: [
      ...raw.map((bin) => ({
        label: `${bin.from} to ${bin.from + 75}`,
        kind: "range" as const,
        from: bin.from,
        until: bin.from + 75,
        referenceCount: Math.round((bin.before / before) * 502_000),
        windowCount: Math.round((bin.now / now) * 1_172_000),
        referenceShare: (bin.before / before) * 0.998,
        windowShare: (bin.now / now) * 0.966,
      })),
      {
        label: "missing",
        kind: "missing" as const,
        from: null,
        until: null,
        referenceCount: 1_056,
        windowCount: 41_256,
        referenceShare: 0.0021,
        windowShare: 0.034,
      },
    ],
    referenceSide: { ...summary(0), rowCount: 503_221, valueCount: 502_165, missingCount: 1_056 },
    windowSide: summary(112),
    bucketMs: drift.bucketMs,
    series: (drift.heat[1]?.cells ?? []).map((cell, index) => ({
      from: drift.buckets[index] ?? drift.from,
      ...cell,
    })),
  };
}

export function fixtureCategoricalDetail(valueCount = 9): FeatureDriftDetail {
  const drift = fixtureDrift();
  const random = fixtureRandom(11);
  const airports = [
    "ATL",
    "ORD",
    "DFW",
    "LAX",
    "PHX",
    "DEN",
    "IAH",
    "SFO",
    "LAS",
    "MSP",
    "STL",
    "DTW",
    "CLT",
    "BOS",
    "PHL",
    "SEA",
  ];
  const values = Array.from({ length: valueCount }, (_, index) => ({
    label: airports[index] ?? `airport_${index}`,
    before: index === 5 ? 0 : 1 / (index + 2),
    now: (1 / (index + 2)) * (0.7 + 0.6 * random()),
  }));
  const before = values.reduce((sum, each) => sum + each.before, 0);
  const now = values.reduce((sum, each) => sum + each.now, 0);
  return {
    ...fixtureNumericDetail(),
    drift: drift.features[2] ?? null,
    bins: [
      ...values.map((each) => ({
        label: each.label,
        kind: each.before === 0 ? ("new" as const) : ("value" as const),
        from: null,
        until: null,
        referenceCount: Math.round((each.before / before) * 503_000),
        windowCount: Math.round((each.now / now) * 1_213_000),
        referenceShare: each.before / before,
        windowShare: (each.now / now) * 0.98,
      })),
      {
        label: "missing",
        kind: "missing" as const,
        from: null,
        until: null,
        referenceCount: 0,
        windowCount: 24_268,
        referenceShare: 0,
        windowShare: 0.02,
      },
    ],
    windowSide: {
      ...summary(0),
      distinctCount: valueCount,
      mean: null,
      standardDeviation: null,
      minimum: null,
      maximum: null,
      quantiles: null,
    },
    referenceSide: {
      ...summary(0),
      distinctCount: valueCount - 1,
      mean: null,
      standardDeviation: null,
      minimum: null,
      maximum: null,
      quantiles: null,
    },
  };
}
