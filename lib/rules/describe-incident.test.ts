import { describe, expect, test } from "vitest";
import type { AnswerAlert } from "./describe-incident.ts";
import { answerOf, targetOf, titleOf } from "./describe-incident.ts";

const subject = {
  modelName: "eta",
  environment: "production",
  segmentKey: "",
  segmentValue: "",
  causeClass: "data_drift" as const,
};
const alert = (column: string, overrides: Partial<AnswerAlert> = {}): AnswerAlert => ({
  subject: "feature",
  column,
  version: "7",
  segmentKey: "",
  segmentValue: "",
  state: "firing",
  sentence: `PSI of ${column} is 0.3`,
  ...overrides,
});

test("a title names model, cause, environment and segment", () => {
  expect(titleOf(subject)).toBe("eta: data drift in production");
  const segment = { ...subject, segmentKey: "region", segmentValue: "eu" };
  expect(titleOf(segment)).toBe("eta: data drift in production, region eu");
  expect(titleOf({ ...subject, modelName: null, environment: "" })).toBe("No model: data drift");
});

test("a target names what it is narrowed to, and nothing else", () => {
  expect(targetOf(alert("distance"))).toBe("feature distance, version 7");
  expect(targetOf(alert("", { subject: "model", version: "" }))).toBe("the whole model");
  expect(
    targetOf(alert("value", { subject: "prediction", segmentKey: "region", segmentValue: "eu" })),
  ).toBe("prediction value, region eu, version 7");
});

describe("the answer", () => {
  test.each<[string, AnswerAlert[], string]>([
    ["of one", [alert("a")], "eta in production: data drift on a. PSI of a is 0.3."],
    [
      "of many names three",
      ["a", "b", "c", "d", "e"].map((column) => alert(column)),
      "eta in production: data drift on a, b, c and 2 more. PSI of a is 0.3.",
    ],
    [
      "names what fires, and not what has cleared",
      [alert("a", { state: "resolved" }), alert("b")],
      "eta in production: data drift on b. PSI of b is 0.3.",
    ],
    [
      "of what is over says so",
      [alert("a", { state: "resolved", sentence: "PSI is 0.3." })],
      "eta in production: data drift on a (over). PSI is 0.3.",
    ],
    [
      "of a whole model",
      [alert("", { subject: "model" })],
      "eta in production: data drift. PSI of  is 0.3.",
    ],
    ["of nothing", [], "eta in production: data drift."],
  ])("%s", (_, alerts, expected) => {
    expect(answerOf(subject, alerts)).toBe(expected);
  });
});
