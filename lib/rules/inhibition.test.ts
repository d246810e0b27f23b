import { describe, expect, test } from "vitest";
import type { CausalAlert } from "./inhibition.ts";
import { explains, findCause, graceMsOf } from "./inhibition.ts";

const minuteMs = 60_000;
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 12) + minute * minuteMs);

const alert = (overrides: Partial<CausalAlert>): CausalAlert => ({
  alertId: "an alert",
  modelId: "eta",
  environment: "production",
  causeClass: "data_drift",
  subject: "model",
  column: "",
  segmentKey: "",
  segmentValue: "",
  beganAt: at(0),
  endedAt: null,
  windowMs: 60 * minuteMs,
  ...overrides,
});
const cause = (overrides: Partial<CausalAlert> = {}) =>
  alert({ alertId: "cause", causeClass: "freshness", ...overrides });
const effect = (overrides: Partial<CausalAlert> = {}) =>
  alert({ alertId: "effect", beganAt: at(10), ...overrides });

const about = (column: string) => ({ subject: "feature" as const, column });

describe("explains", () => {
  test.each<[string, Partial<CausalAlert>, Partial<CausalAlert>, boolean]>([
    ["late data explains drift", {}, {}, true],
    ["a schema change explains drift", { causeClass: "schema" }, {}, true],
    [
      "bad values explain worse predictions",
      { causeClass: "data_quality" },
      { causeClass: "performance" },
      true,
    ],
    ["and skew", { causeClass: "data_quality" }, { causeClass: "training_serving_skew" }, true],
    ["drift explains nothing", { causeClass: "data_drift" }, { causeClass: "performance" }, false],
    ["late data does not explain bad values", {}, { causeClass: "data_quality" }, false],
    ["nor low volume", {}, { causeClass: "volume" }, false],
    ["not of another model", {}, { modelId: "fraud" }, false],
    ["not of another environment", {}, { environment: "staging" }, false],
    ["a bad feature explains its own drift", about("distance"), about("distance"), true],
    ["but not that of another", about("distance"), about("origin"), false],
    [
      "and what the model makes of it",
      about("distance"),
      { subject: "prediction", column: "value" },
      true,
    ],
    ["what is wrong with all rows explains each feature", {}, about("distance"), true],
    ["and each segment", {}, { segmentKey: "region", segmentValue: "eu" }, true],
    [
      "a segment explains itself",
      { segmentKey: "region", segmentValue: "eu" },
      { segmentKey: "region", segmentValue: "eu" },
      true,
    ],
    [
      "but not another one",
      { segmentKey: "region", segmentValue: "eu" },
      { segmentKey: "region", segmentValue: "us" },
      false,
    ],
    ["nor everybody", { segmentKey: "region", segmentValue: "eu" }, {}, false],
    ["what began two hours before it, since windows differ", {}, { beganAt: at(-120) }, true],
    ["not what began before that", {}, { beganAt: at(-121) }, false],
    [
      "longer where windows are longer",
      { windowMs: 1_440 * minuteMs },
      { beganAt: at(-1_440) },
      true,
    ],
    ["what begins in the time of grace after it", { endedAt: at(60) }, { beganAt: at(180) }, true],
    ["not what begins later", { endedAt: at(60) }, { beganAt: at(181) }, false],
  ])("%s", (_, one, other, expected) => {
    expect(explains(cause(one), effect(other))).toBe(expected);
  });

  test("no alert explains itself", () => {
    const one = cause();
    expect(explains(one, { ...one, causeClass: "data_drift" })).toBe(false);
  });
});

test("the cause that began first explains; none where none does", () => {
  const first = cause({ alertId: "first", beganAt: at(-30) });
  const second = cause({ alertId: "second", beganAt: at(-10) });
  expect(findCause(effect(), [second, first])?.alertId).toBe("first");
  expect(findCause(effect(), [effect({ alertId: "other" })])).toBeNull();
});

test("grace is an hour, or two windows", () => {
  expect(graceMsOf({ windowMs: 5 * minuteMs })).toBe(60 * minuteMs);
  expect(graceMsOf({ windowMs: 360 * minuteMs })).toBe(720 * minuteMs);
});
