import { describe, expect, test } from "vitest";
import type { ComparedMetric, VersionComparison, VersionList } from "#lib/api/version.ts";
import { prepareDifferenceAxis, prepareDifferenceDistribution } from "./prepare-comparison.ts";
import { prepareShareline } from "./prepare-shareline.ts";
import { prepareVersionAnswer } from "./prepare-version-answer.ts";
import { sayDifference } from "./say-difference.ts";
import { toPlainText } from "./sentence.ts";

const version = (name: string, rowCount: number): VersionList["versions"][number] => ({
  version: name,
  firstSeenAt: null,
  lastSeenAt: null,
  rowCount,
  share: rowCount / 300,
  shares: [],
  hasBaseline: false,
  detail: null,
});
const list: VersionList = {
  model: "credit",
  environment: "production",
  from: "2026-11-20T00:00:00Z",
  until: "2026-11-21T00:00:00Z",
  task: "binary",
  rowCount: 300,
  bucketMs: 3_600_000,
  buckets: [],
  versions: [version("1", 200), version("2", 100)],
  silentCount: 0,
  isWaiting: false,
  detailedMax: 12,
};
const accuracy: ComparedMetric = {
  metric: "accuracy",
  isHigherBetter: true,
  test: "mcnemar",
  champion: 0.75,
  challenger: 0.9,
  difference: 0.15,
  lower: 0.09,
  upper: 0.21,
  pValue: 0.001,
  exactPValue: 0.002,
  adjustedPValue: 0.005,
  verdict: "better",
  championCount: 812,
  challengerCount: 812,
};
const logLoss: ComparedMetric = {
  ...accuracy,
  metric: "log_loss",
  isHigherBetter: false,
  champion: 0.5,
  challenger: 0.4,
  difference: -0.1,
  lower: -0.15,
  upper: -0.05,
};
const comparison: VersionComparison = {
  model: "credit",
  environment: "production",
  from: list.from,
  until: list.until,
  task: "binary",
  champion: "1",
  challenger: "2",
  championRowCount: 200,
  challengerRowCount: 100,
  kind: "matched",
  versions: ["1", "2"],
  candidates: [],
  candidateSampleOf: 1,
  pairs: { count: 1_000, labelledCount: 812, isSampled: false },
  agreement: { count: 1_000, agreedCount: 730, share: 0.73, lower: 0.7, upper: 0.76, kappa: 0.4 },
  differences: null,
  metrics: [accuracy, logLoss],
  lacking: [],
  verdict: {
    kind: "better",
    labelledCount: 812,
    labelledCountMin: 30,
    betterBy: ["accuracy"],
    worseBy: [],
    tradedUp: [],
    tradedDown: ["specificity"],
  },
};
const answer = (change: Partial<VersionComparison> = {}, of = list) =>
  prepareVersionAnswer(of, { ...comparison, ...change }, "in the last 24 h");
const headline = (change: Partial<VersionComparison> = {}, of = list) =>
  toPlainText(answer(change, of).headline);
const verdict = (kind: VersionComparison["verdict"]["kind"], labelledCount = 812) => ({
  verdict: { ...comparison.verdict, kind, labelledCount, worseBy: ["log_loss"] },
});

describe("the answer", () => {
  test("names the better one, by what, how sure, on how many", () => {
    expect(headline()).toBe(
      "2 is better than 1: accuracy 0.9 against 0.75, +15 points (+9 to +21), on 812 labelled of the 1,000 requests that both answered.",
    );
    expect(toPlainText(answer().detail)).toContain(
      "decide the same in 73\u202f% (70\u202f% to 76\u202f%) of 1,000",
    );
  });

  test.each([
    ["worse", /^2 is worse than 1: log loss 0.4 against 0.5/],
    ["mixed", /by one measure and worse by another: accuracy .* but log loss/],
    [
      "cannot_tell",
      /^Cannot tell whether 2 is better than 1 at n = 812: accuracy .*within noise\.$/,
    ],
    ["no_labels", /^Cannot tell .* no labels have come for the requests that both answered\.$/],
    ["not_for_task", /^Cannot tell/],
  ] as const)("%s", (kind, pattern) => {
    expect(headline(verdict(kind))).toMatch(pattern);
  });

  test("rankings are counted by their groups", () => {
    const ndcg = { ...accuracy, metric: "ndcg@10", test: "paired_t" as const };
    const ranked = { task: "ranking" as const, metrics: [ndcg] };
    expect(
      headline({ ...ranked, verdict: { ...comparison.verdict, betterBy: ["ndcg@10"] } }),
    ).toMatch(
      /^2 is better than 1: NDCG@10 .* on 812 labelled of the 1,000 groups that both ranked\.$/,
    );
    expect(headline({ ...ranked, ...verdict("no_labels") })).toMatch(
      /for the groups that both ranked/,
    );
    expect(headline({ ...ranked, ...verdict("too_few_labels", 1) })).toMatch(
      /1 labelled group, 30/,
    );
  });

  test("few labels are counted beside what is needed", () => {
    expect(headline(verdict("too_few_labels", 12))).toMatch(/12 labelled rows, 30 needed/);
    expect(answer(verdict("too_few_labels", 12)).health).toBe("unknown");
  });

  test("what is not matched is said to be unlike", () => {
    const { detail } = answer({ kind: "unmatched", agreement: null, pairs: null });
    expect(toPlainText(detail)).toContain("They share no prediction_id");
  });

  test("one version, or none, has nothing beside it", () => {
    const none = { champion: null, challenger: null, kind: "none" as const };
    expect(headline(none, { ...list, versions: [version("1", 300)] })).toMatch(/by 1 alone/);
    const nothing = { ...list, versions: [], rowCount: 0 };
    expect(headline(none, nothing)).toMatch(/^No version/);
    expect(headline(none, { ...nothing, isWaiting: true })).toMatch(/^Cannot say yet which/);
  });
});

test("metrics of unlike units share an axis on which right is better", () => {
  const { reach, strokes } = prepareDifferenceAxis(comparison);
  expect(reach).toBeCloseTo(0.3, 12);
  expect(strokes.get("log_loss")?.at).toBeCloseTo(0.5 + 0.2 / 0.3 / 2, 12);
  expect(strokes.get("accuracy")?.from).toBeCloseTo(0.5 + 0.12 / 0.3 / 2, 12);
  const zero = { ...comparison, metrics: [{ ...accuracy, champion: 0 }] };
  expect(prepareDifferenceAxis(zero)).toMatchObject({ reach: 0 });
});

test("differences of requests are drawn as shares of all of them, what lies beyond beside", () => {
  const model = prepareDifferenceDistribution({
    ...comparison,
    differences: {
      subject: "score",
      count: 10,
      sameCount: 2,
      mean: { value: 0.1, lower: 0, upper: 0.2, pValue: 0.04 },
      quantiles: [-0.5, 0, 0, 0.5, 1],
      bins: [
        { from: -1, until: 0, count: 4 },
        { from: 0, until: 1, count: 5 },
      ],
      belowCount: 0,
      aboveCount: 1,
    },
  });
  expect(model?.steps.map(({ from, until }) => [from, until])).toEqual([
    [0, 0.5],
    [0.5, 1],
  ]);
  expect(model?.edges.map(({ label }) => label)).toEqual(["above"]);
  expect(model?.sentence).toContain("20\u202f% are exactly the same");
  expect(prepareDifferenceDistribution(comparison)).toBeNull();
});

test("a share that is not known is a gap", () => {
  expect(prepareShareline([null, 0.5, 0.25])).toEqual({
    bars: [null, { height: 0.5 }, { height: 0.25 }],
    sentence: "Its share of rows goes from 50\u202f% to 25\u202f%, at most 50\u202f%.",
  });
  expect(prepareShareline([null]).sentence).toContain("not known");
});

test("shares differ by points, everything else by numbers", () => {
  expect(sayDifference("accuracy", 0.015, 0.004, 0.026)).toBe("+1.5 points (+0.4 to +2.6)");
  expect(sayDifference("brier", -0.0213, null, null)).toBe("\u22120.0213");
  expect(sayDifference("mae", 0, -1, 1)).toBe("0 (\u22121 to +1)");
});
