import { describe, expect, test } from "vitest";
import type { SegmentList, SegmentRow, WorstSegments } from "#lib/api/segment.ts";
import { describeSegment, nameModelSegment, nameSegmentValue } from "./name-segment.ts";
import { prepareSegmentsAnswer } from "./prepare-segments-answer.ts";
import { toPlainText } from "./sentence.ts";

const row = (value: string, overrides: Partial<SegmentRow> = {}): SegmentRow => ({
  value,
  rowCount: 1_200,
  share: 0.5,
  lastSeenAt: "2026-11-20T11:00:00.000Z",
  mix: {
    referenceRowCount: 1_000,
    referenceShare: 0.5,
    difference: 0,
    lower: -0.01,
    upper: 0.01,
    adjustedPValue: 1,
  },
  drift: { size: 3, foundCount: 0, cannotSayCount: 0 },
  quality: { size: 3, foundCount: 0, cannotSayCount: 0 },
  missingShare: 0,
  performance: null,
  ...overrides,
});

const listOf = (overrides: Partial<SegmentList> = {}): SegmentList => ({
  model: "eta",
  environment: "production",
  version: "1",
  from: "2026-11-13T12:00:00.000Z",
  until: "2026-11-20T12:00:00.000Z",
  segmentKey: "region",
  segmentKeys: ["region"],
  rowCount: 2_400,
  waitingShare: 0,
  reference: {
    kind: "baseline",
    label: "baseline training (1)",
    version: "1",
    baselineId: null,
    from: null,
    until: null,
    rowCount: 2_000,
  },
  referenceLack: null,
  task: "binary",
  metric: "accuracy",
  values: [row("eu"), row("us")],
  comparedCount: 2,
  falseDiscoveryRate: 0.05,
  ...overrides,
});

const worstOf = (overrides: Partial<WorstSegments> = {}): WorstSegments => ({
  model: "eta",
  environment: "production",
  version: "1",
  from: "2026-11-13T12:00:00.000Z",
  until: "2026-11-20T12:00:00.000Z",
  segmentKeys: ["region", "carrier"],
  state: "found",
  reason: null,
  loss: "error_rate",
  rowCount: 2_300,
  sampledShare: 1,
  meanLoss: 0.24,
  countMin: 50,
  candidateCount: 14,
  falseDiscoveryRate: 0.05,
  findingCount: 1,
  findings: [
    {
      conditions: [{ key: "carrier", value: "HA" }],
      rowCount: 412,
      loss: 0.38,
      lower: 0.33,
      upper: 0.43,
      restRowCount: 1_888,
      restLoss: 0.21,
      difference: 0.17,
      differenceLower: 0.12,
      differenceUpper: 0.22,
      pValue: 1e-9,
      adjustedPValue: 1e-8,
    },
  ],
  ...overrides,
});

const say = (list: SegmentList, worst: WorstSegments) => {
  const { health, headline, detail } = prepareSegmentsAnswer(list, worst, "in the last 7 days");
  return { health, headline: toPlainText(headline), detail: toPlainText(detail) };
};

describe("the answer of the segments page", () => {
  test("names the worst segment with its figures, and what was tested", () => {
    expect(say(listOf(), worstOf())).toEqual({
      health: "watch",
      headline: "Worst: carrier = HA, 38\u202f% wrong of 412, 21\u202f% elsewhere.",
      detail:
        "2,400 rows in the last 7 days in 2 values of region; drift in none, its mix as in baseline training (1). 14 segments of at least 50 labelled rows were tested, alone and in pairs, over 2,300 rows; at most 5\u202f% of the findings are expected to be chance.",
    });
  });

  test("names a pair, a mean error, and how many more there are", () => {
    const [first] = worstOf().findings;
    if (first === undefined) throw new Error("no finding");
    const conditions = [
      { key: "region", value: "" },
      { key: "carrier", value: "*other*" },
    ];
    const findings = [{ ...first, conditions, loss: 12.34, restLoss: 5.6 }];
    const worst = worstOf({ loss: "absolute_error", findings, findingCount: 3 });
    expect(say(listOf({ metric: "mae" }), worst).headline).toBe(
      "Worst: region not tagged and all other values of carrier, mean error 12.3 over 412 rows, 5.6 elsewhere (and 2 more).",
    );
  });

  test.each<[string, Partial<SegmentList>, Partial<WorstSegments>, string | null, string]>([
    [
      "nothing is declared",
      { segmentKey: null, segmentKeys: [], values: [] },
      { state: "cannot_say", reason: "no segment key is declared", findings: [] },
      null,
      "eta has no segments yet: no tag of its rows is declared.",
    ],
    [
      "nothing is worse",
      {},
      { state: "none", findings: [], findingCount: 0 },
      "healthy",
      "eta is in no segment worse than elsewhere by more than chance.",
    ],
    [
      "labels are missing",
      {},
      { state: "cannot_say", reason: "no labels have come for this window", findings: [] },
      "unknown",
      "Cannot say where eta is worst: no labels have come for this window.",
    ],
    [
      "half of the window is still being profiled",
      { waitingShare: 0.4 },
      {},
      "unknown",
      "Cannot say yet how the segments of eta differ: 40\u202f% of this window is still being profiled.",
    ],
  ])("says so where %s", (_, list, worst, health, headline) => {
    expect(say(listOf(list), worstOf(worst))).toMatchObject({ health, headline });
  });

  test("says where there is drift and that the mix moved, or why nothing can be compared", () => {
    const mix = { ...row("eu").mix, adjustedPValue: 0.001 } as SegmentRow["mix"];
    const drift = { size: 3, foundCount: 1, cannotSayCount: 0 };
    const moved = say(listOf({ values: [row("eu", { mix, drift }), row("us")] }), worstOf());
    expect(moved.detail).toContain(
      "drift in 1 of them, the mix of region moved against baseline training (1)",
    );
    const referenceLack = "the baseline training carries no tag region";
    const blind = say(listOf({ reference: null, referenceLack }), worstOf());
    expect(blind.detail).toContain(`; nothing to compare with, because ${referenceLack}.`);
  });
});

test("a segment has a name, also where its value has none", () => {
  expect(nameSegmentValue("eu")).toBe("eu");
  expect(describeSegment({ key: "region", value: "eu" })).toBe("region = eu");
  expect(toPlainText(nameModelSegment({ model: "eta", segment: null }))).toBe("eta");
  const segment = { key: "region", value: "" };
  expect(toPlainText(nameModelSegment({ model: "eta", segment }))).toBe("eta (region not tagged)");
});
