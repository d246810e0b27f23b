import { describe, expect, test } from "vitest";
import type { MonitorDefinition, MonitorQuestion } from "./monitor-definition.ts";
import {
  defaultQuestion,
  findContradictions,
  monitorDraftSchema,
  monitorStatistics,
  watchedKinds,
} from "./monitor-definition.ts";

const drift = defaultQuestion("drift");
const placesOf = (change: Partial<MonitorDefinition>, rest: Partial<MonitorQuestion> = {}) =>
  findContradictions({ ...drift, ...rest, definition: { ...drift.definition, ...change } }).map(
    ({ path }) => path,
  );

test.each(watchedKinds)(
  "the default of %s is a question that can be asked, and is stored as it is",
  (kind) => {
    const question = defaultQuestion(kind);
    expect(findContradictions(question)).toEqual([]);
    expect(monitorDraftSchema.parse({ ...question, name: "a" })).toMatchObject(question);
    expect(question.definition.statistic).toBe(monitorStatistics[kind][0]);
  },
);

describe("a question that cannot be meant is refused at its place", () => {
  test.each<[string, Partial<MonitorDefinition>, string]>([
    ["a window shorter than its cadence", { window: "1h", cadence: "6h" }, "definition.window"],
    [
      "a statistic of another kind",
      {
        statistic: "missing_share",
        threshold: { kind: "fixed", direction: "above", fire: 1, clear: 1 },
      },
      "definition.statistic",
    ],
    ["a target that the kind does not have", { target: { kind: "model" } }, "definition.target"],
    ["a feature without its name", { target: { kind: "feature" } }, "definition.target.feature"],
    [
      "a name beside another target",
      { target: { kind: "features", feature: "x" } },
      "definition.target.feature",
    ],
    [
      "a number for a verdict",
      { threshold: { kind: "fixed", direction: "above", fire: 1, clear: 0 } },
      "definition.threshold",
    ],
    ["a verdict for a number", { statistic: "psi" }, "definition.threshold"],
    [
      "a clear threshold beyond that of firing",
      { statistic: "psi", threshold: { kind: "fixed", direction: "above", fire: 0.1, clear: 0.2 } },
      "definition.threshold.clear",
    ],
    [
      "learning from five minutes",
      {
        statistic: "psi",
        window: "5m",
        cadence: "5m",
        threshold: { kind: "learned", direction: "above", coverage: 0.99 },
      },
      "definition.window",
    ],
    ["no rows at all", { sampleMin: 0 }, "definition.sampleMin"],
  ])("%s", (_name, change, place) => {
    expect(placesOf(change)).toEqual([place]);
  });

  test("more windows to fire than are looked at", () => {
    expect(placesOf({}, { fireCount: 4, windowCount: 3 })).toEqual(["fireCount"]);
  });

  test("a kind that cannot be watched yet", () => {
    expect(placesOf({}, { kind: "expression" })).toEqual(["kind"]);
  });
});
