import { describe, expect, test } from "vitest";
import type { Causes } from "#lib/api/cause.ts";
import type { CauseFault } from "#lib/stats/causes/cause.ts";
import { describeCause, describeQuality } from "./describe-cause.ts";
import { prepareCauseAnswer } from "./prepare-cause-answer.ts";
import { prepareJointAnswer } from "./prepare-joint-answer.ts";
import { toPlainText } from "./sentence.ts";

const plain = (text: string) => text.replaceAll("\u202f", " ");

test.each<[string, CauseFault]>([
  ["looks multiplied by 100", { kind: "unit_change", factor: 100, offset: 0, name: null }],
  [
    "looks divided by 60, as from seconds to minutes",
    { kind: "unit_change", factor: 1 / 60, offset: 0, name: "seconds to minutes" },
  ],
  [
    "looks converted from °C to °F",
    { kind: "unit_change", factor: 1.8, offset: 32, name: "°C to °F" },
  ],
  ["looks lowered by 12.5", { kind: "offset", offset: -12.5 }],
  ["looks as if its sign were flipped", { kind: "sign_flip" }],
  ["looks cut off above 200", { kind: "truncation", form: "ceiling", at: 200, share: 0.1 }],
  [
    "looks rounded down to steps of 10",
    { kind: "truncation", form: "rounding", step: 10, mode: "down" },
  ],
  ["looks cut to its first 3 characters", { kind: "truncation", form: "length", length: 3 }],
  [
    "is (empty) in 40 % of its values (0 % before), as if a default stood in for the rest",
    { kind: "default_flood", value: "", share: 0.4, baselineShare: 0 },
  ],
  [
    "is missing in 25 % of the rows (0 % in the reference)",
    { kind: "null_flood", what: "missing", share: 0.25, baselineShare: 0 },
  ],
  [
    "counts rows twice: 60 % of the rows repeat an earlier one (0 % before)",
    { kind: "duplicate_replay", share: 0.6, expectedShare: 0 },
  ],
  [
    "looks shifted by 5.5 h earlier, as by another time zone",
    { kind: "time_zone_shift", hours: -5.5 },
  ],
  [
    "looks written in lower case: “ATL” is now “atl”, and 3 more",
    { kind: "relabelled", rule: "lower_case", pairs: [["ATL", "atl"]], pairCount: 4 },
  ],
])("%s", (text, fault) => {
  expect(plain(describeCause(fault))).toBe(text);
});

test("a share of the distance is said where there is a distance", () => {
  expect(plain(describeQuality({ fault: { kind: "sign_flip" }, quality: 0.98 }))).toBe(
    "undoing it removes 98 % of the distance",
  );
  expect(
    describeQuality({
      fault: { kind: "null_flood", what: "missing", share: 1, baselineShare: 0 },
      quality: 1,
    }),
  ).toBe("");
});

describe("the answer beside a feature", () => {
  const answer: Causes = {
    model: "eta",
    environment: "production",
    version: "1",
    segment: null,
    subject: "feature",
    feature: "amount",
    from: "2026-11-20T00:00:00.000Z",
    until: "2026-11-21T00:00:00.000Z",
    reference: null,
    verdict: "causes",
    sentence: "",
    causes: [
      {
        kind: "unit_change",
        phrase: "looks multiplied by 100",
        quality: 0.98,
        parameters: {},
        pairs: [],
        residual: { distance: 0.01, nullExpectation: 0.02, isWithinNoise: true },
      },
    ],
    since: {
      at: "2026-11-20T14:05:00.000Z",
      earliest: "2026-11-20T14:00:00.000Z",
      latest: "2026-11-20T14:10:00.000Z",
    },
    rowCount: 900,
    referenceCount: 3_000,
  };
  const read = (one: Causes) => {
    const prepared = prepareCauseAnswer(one, "UTC");
    return prepared === null ? null : plain(toPlainText(prepared.headline));
  };

  test("says what, since when, and what undoing it removes", () => {
    expect(read(answer)).toMatch(
      /^amount looks multiplied by 100 since .*14:05.*; undoing it removes 98 % of the distance\.$/,
    );
  });
  test("says that nothing simple explains it, and nothing where nothing moved", () => {
    const none = { ...answer, causes: [], since: null };
    expect(read({ ...none, verdict: "no_simple_cause" })).toBe(
      "No simple fault explains how amount moved.",
    );
    expect(read({ ...none, verdict: "no_move" })).toBeNull();
    expect(read({ ...none, verdict: "cannot_say" })).toBeNull();
  });
});

describe("the line of all features together", () => {
  const scope = { model: "eta", environment: "production", version: "1" };
  test("before the first evaluation is unknown, never healthy", () => {
    expect(prepareJointAnswer({ ...scope, newest: null }, "UTC").health).toBe("unknown");
  });
  test("names the columns by which the rows are told apart", () => {
    const answer = prepareJointAnswer(
      {
        ...scope,
        newest: {
          from: "2026-11-19T00:00:00.000Z",
          until: "2026-11-20T00:00:00.000Z",
          computedAt: "2026-11-20T01:00:00.000Z",
          result: {
            verdict: "drift",
            reason: "",
            baselineRowCount: 5_000,
            windowRowCount: 400,
            columnCount: 3,
            domain: {
              auc: 0.713,
              pValue: 0.01,
              permutationCount: 99,
              rowCount: 2_400,
              contributions: [
                { feature: "left", share: 0.6 },
                { feature: "right", share: 0.4 },
              ],
            },
            reconstruction: null,
            embeddings: [],
          },
        },
      },
      "UTC",
    );
    expect(answer.health).toBe("watch");
    expect(plain(toPlainText(answer.headline))).toBe(
      "All features together drift: a classifier tells the day’s rows from the baseline’s with AUC 0.713, mostly by left and right.",
    );
  });
});
