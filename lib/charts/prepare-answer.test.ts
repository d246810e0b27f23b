import { describe, expect, test } from "vitest";
import type { Drift } from "#lib/api/drift.ts";
import type { Fleet } from "#lib/api/fleet.ts";
import type { JobStatus } from "#lib/api/job.ts";
import type { Verdict } from "#lib/domain/health.ts";
import { prepareDriftAnswer } from "./prepare-drift-answer.ts";
import { prepareFleetAnswer } from "./prepare-fleet-answer.ts";
import { prepareOverviewAnswer } from "./prepare-overview-answer.ts";
import { prepareRejectionAnswer } from "./prepare-rejection-answer.ts";
import { prepareRowAnswer } from "./prepare-row-answer.ts";
import { prepareSystemAnswer } from "./prepare-system-answer.ts";
import type { Answer } from "./sentence.ts";
import { toPlainText } from "./sentence.ts";

const plain = (parts: Answer["headline"]) => toPlainText(parts).replaceAll("\u202f", " ");
const headline = (answer: Answer) => [answer.health, plain(answer.headline)];
const nowMs = Date.parse("2026-11-17T14:00:00Z");

const baseModel: Fleet["models"][number] = {
  id: "00000000-0000-4000-8000-000000000001",
  name: "eta",
  task: "binary",
  tier: 1,
  environment: "production",
  version: "1",
  versionCount: 1,
  health: "healthy",
  reasons: [],
  rowCount: 1_200_000,
  previousRowCount: 1_200_000,
  lastEventAt: "2026-11-17T13:59:00.000Z",
  featureCount: 5,
  driftCount: 0,
  cannotSayCount: 0,
  hasBaseline: true,
  incident: null,
  volume: [],
};
const fleetOf = (...models: Partial<Fleet["models"][number]>[]): Fleet => ({
  from: "2026-11-10T14:00:00.000Z",
  until: "2026-11-17T14:00:00.000Z",
  environments: ["production"],
  models: models.map((model) => ({ ...baseModel, ...model })),
});

describe("the fleet", () => {
  const answer = (...models: Partial<Fleet["models"][number]>[]) =>
    prepareFleetAnswer(fleetOf(...models), "in the last 7 days", "the 7 days before");

  const cases: [string, Partial<Fleet["models"][number]>[], [string, string]][] = [
    ["nothing was sent", [], ["unknown", "No model has sent a row yet."]],
    ["all is well", [{}, {}], ["healthy", "All 2 models are healthy."]],
    ["the one model is well", [{}], ["healthy", "The one model is healthy."]],
    [
      "a breach beside a watch",
      [{ name: "b", health: "watch" }, { name: "a", health: "breach" }, {}],
      ["breach", "2 of 3 models need you, first of all a."],
    ],
    [
      "one to watch",
      [{ name: "b", health: "watch" }, {}],
      ["watch", "1 of 2 models needs you: b."],
    ],
    [
      "some cannot be judged",
      [{}, { health: "unknown" }],
      ["healthy", "1 of 2 models is healthy, and none needs you."],
    ],
    [
      "nothing can be judged",
      [{ health: "unknown", reasons: ["no baseline"] }],
      ["unknown", "The one model cannot be judged yet: no baseline."],
    ],
    [
      "none of many can be judged",
      [{ health: "unknown" }, { health: "unknown" }],
      ["unknown", "None of 2 models can be judged yet."],
    ],
  ];
  test.each(cases)("%s", (_name, models, expected) =>
    expect(headline(answer(...models))).toEqual(expected),
  );

  test("the second line says why, how much came, against what, and who is left out", () =>
    expect(
      plain(
        answer(
          { health: "breach", reasons: ["prediction drifts: PSI 0.31 (noise 0.02)"] },
          { name: "new", health: "unknown", rowCount: 38, previousRowCount: 0 },
        ).detail,
      ),
    ).toBe(
      "Prediction drifts: PSI 0.31 (noise 0.02). 1.2 M rows in the last 7 days (no change against the 7 days before); 1 cannot be judged: new.",
    ));
});

const verdicts: Verdict[] = ["no_drift", "drift", "drift"];
function driftOf(overrides: Partial<Drift> = {}): Drift {
  return {
    model: "eta",
    environment: "production",
    version: "1",
    segment: null,
    referenceLack: null,
    from: "2026-11-17T11:00:00.000Z",
    until: "2026-11-17T14:00:00.000Z",
    reference: {
      kind: "baseline",
      label: "baseline training (1)",
      version: "1",
      baselineId: null,
      from: null,
      until: null,
      rowCount: 500_000,
    },
    statistic: "psi",
    windowRowCount: 1_200_000,
    labels: null,
    waitingShare: 0,
    family: {
      size: 5,
      testCount: 9,
      driftCount: 1,
      noDriftCount: 3,
      cannotSayCount: 1,
      falseDiscoveryRate: 0.05,
    },
    features: [
      {
        subject: "feature",
        feature: "distance",
        type: "numeric",
        verdict: "drift",
        reason: "PSI 0.21 where noise gives 0.01",
        statistics: [
          {
            statistic: "psi",
            value: 0.21,
            unit: "nat",
            lowerBound: 0.21,
            upperBound: 0.21,
            isExact: false,
            interval: null,
            smoothing: null,
            category: null,
            nullExpectation: 0.01,
            bound: 0,
            pValue: null,
            binCount: 10,
          },
        ],
        decidedQuestion: "values",
        unavailable: [],
        tests: [],
        newCategories: [],
        vanishedCategories: [],
        adjustedPValue: null,
        referenceCount: 1,
        windowCount: 1,
        referenceMissingShare: null,
        windowMissingShare: null,
        isExact: true,
      },
    ],
    bucketMs: 3_600_000,
    buckets: ["2026-11-17T11:00:00.000Z", "2026-11-17T12:00:00.000Z", "2026-11-17T13:00:00.000Z"],
    heat: [
      {
        subject: "feature",
        feature: "distance",
        cells: verdicts.map((verdict) => ({
          value: 0.2,
          nullExpectation: 0.01,
          verdict,
          rowCount: 400,
        })),
      },
    ],
    ...overrides,
  };
}

describe("drift", () => {
  const answer = (overrides: Partial<Drift> = {}) =>
    prepareDriftAnswer(driftOf(overrides), "in the last 7 days", "UTC");

  test("what drifts, of how many, since when, in the reader's zone", () =>
    expect(headline(answer())).toEqual([
      "watch",
      "eta drifts on 1 of 5 features and outputs, since Tue 17 Nov 12:00 UTC.",
    ]));

  test("a prediction that drifts is a breach, as on the fleet", () => {
    const [feature] = driftOf().features;
    const features = feature === undefined ? [] : [{ ...feature, subject: "prediction" as const }];
    expect(answer({ features }).health).toBe("breach");
  });

  test("the second line names the worst, both sample sizes, what is unjudged and what chance explains", () =>
    expect(plain(answer().detail)).toBe(
      "Most of all distance (PSI 0.21). 1.2 M rows in the last 7 days against 500 k of baseline training (1); 1 cannot be judged; at most 5 % of these findings are expected to be chance.",
    ));

  test.each([
    [
      "no baseline is unknown, never healthy",
      { reference: null },
      "Cannot say whether eta drifts: it has no baseline to compare with.",
    ],
    [
      "no rows is unknown, never healthy",
      { windowRowCount: 0 },
      "Cannot say whether eta drifts: no rows came in the last 7 days.",
    ],
    [
      "rows that came and are not profiled are not said to be none, however short their time",
      { windowRowCount: 0, waitingShare: 0.02 },
      "Cannot say yet whether eta drifts: 2 % of this window is still being profiled.",
    ],
    [
      "a window that is still being profiled is unknown, whatever its first rows say",
      { waitingShare: 0.43 },
      "Cannot say yet whether eta drifts: 43 % of this window is still being profiled.",
    ],
    [
      "nothing that can be said is unknown, never healthy",
      {
        family: {
          size: 1,
          testCount: 9,
          driftCount: 0,
          noDriftCount: 0,
          cannotSayCount: 1,
          falseDiscoveryRate: 0.05,
        },
        features: [],
      },
      "Cannot say whether eta drifts: too few rows.",
    ],
  ] as const)("%s", (_name, overrides, text) =>
    expect(headline(answer(overrides as Partial<Drift>))).toEqual(["unknown", text]),
  );

  test("no drift says over how many", () =>
    expect(
      headline(
        answer({
          family: {
            size: 5,
            testCount: 9,
            driftCount: 0,
            noDriftCount: 4,
            cannotSayCount: 1,
            falseDiscoveryRate: 0.05,
          },
        }),
      ),
    ).toEqual(["healthy", "eta shows no drift on 4 of 5 features and outputs."]));
});

describe("the overview", () => {
  const answer = (row: Fleet["models"][number] | null, overrides: Partial<Drift> = {}) =>
    prepareOverviewAnswer({
      model: "eta",
      row,
      drift: driftOf(overrides),
      rangeText: "in the last 7 days",
      beforeText: "the 7 days before",
      zone: "UTC",
      nowMs,
    });

  test("it says what the fleet says, with the drift's own words", () =>
    expect(headline(answer({ ...baseModel, health: "breach" }))[1]).toContain(
      "eta drifts on 1 of 5",
    ));
  test("a model that sent nothing is unknown", () =>
    expect(headline(answer(null))).toEqual(["unknown", "eta sent no rows in the last 7 days."]));
  test("but not one whose rows are still being profiled", () => {
    const none = { windowRowCount: 0, waitingShare: 0.6 };
    const said = [
      "unknown",
      expect.stringContaining("60 % of this window is still being profiled"),
    ];
    expect(headline(answer(null, none))).toEqual(said);
    expect(headline(answer({ ...baseModel, health: "unknown" }, none))).toEqual(said);
  });
  test("the second line says how much came and how fresh it is", () =>
    expect(plain(answer(baseModel).detail)).toBe(
      "1.2 M rows in the last 7 days, no change against the 7 days before; the newest 1 min ago.",
    ));
});

describe("the system", () => {
  const statusOf = (ageMs: number | null, count: number): JobStatus => ({
    dirtyBuckets: {
      count: ageMs === null ? 0 : count,
      oldestMarkedAt: ageMs === null ? null : new Date(nowMs - ageMs).toISOString(),
    },
    runs: [],
  });
  test.each([
    [null, 0, "healthy", "Every row that was stored is in its profile."],
    [14_000, 900, "healthy", "900 buckets wait to be profiled, the oldest for 14 s."],
    [120_000, 2, "healthy", "2 buckets wait to be profiled, the oldest for 2 min."],
    [120_000, 900, "watch", "900 buckets wait to be profiled, the oldest for 2 min."],
    [7_200_000, 2, "breach", "2 buckets wait to be profiled, the oldest for 2 h."],
  ])("after %s ms, %s waiting buckets are %s", (ageMs, count, health, text) =>
    expect(headline(prepareSystemAnswer(statusOf(ageMs, count), nowMs))).toEqual([health, text]),
  );
});

test("refused rows are counted by their reason", () =>
  expect(
    plain(
      prepareRejectionAnswer(
        {
          counts: [
            { code: "too_old", rowCount: 1_100 },
            { code: "wrong_type", rowCount: 103 },
          ],
          rejections: [],
        },
        "in the last 7 days",
        undefined,
      ).headline,
    ),
  ).toBe("At least 1,203 rows were refused in the last 7 days, most as too_old (1,100)."));

test("a search that finds nothing says what was searched, and where", () =>
  expect(
    plain(
      prepareRowAnswer(
        {
          model: "eta",
          segment: { key: "region", value: "eu" },
          predictionId: "p1",
          entityId: undefined,
          rangeText: "in the last 7 days",
        },
        0,
        false,
      ).headline,
    ),
  ).toBe("No row of eta (region = eu) with id p1 in the last 7 days."));
