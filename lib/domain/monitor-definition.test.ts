import { describe, expect, test } from "vitest";
import { monitorKinds } from "./monitor.ts";
import type { MonitorDefinition, MonitorQuestion } from "./monitor-definition.ts";
import {
  defaultQuestion,
  findContradictions,
  monitorDraftSchema,
  monitorStatistics,
} from "./monitor-definition.ts";

const drift = defaultQuestion("drift");
const placesOf = (change: Partial<MonitorDefinition>, rest: Partial<MonitorQuestion> = {}) =>
  findContradictions({ ...drift, ...rest, definition: { ...drift.definition, ...change } }).map(
    ({ path }) => path,
  );

test.each(monitorKinds)(
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

  test("an expression that is none, at its line and column", () => {
    const asked = defaultQuestion("expression");
    const problemOf = (expression: string | undefined) =>
      findContradictions({ ...asked, definition: { ...asked.definition, expression } }).map(
        ({ path, message }) => `${path} ${message}`,
      );
    expect(problemOf("rows() /\n  mean()")).toEqual([
      'definition.expression line 2, column 8: mean takes the name of a column, not ")"',
    ]);
    expect(problemOf(undefined)[0]).toContain("is needed");
    expect(placesOf({ expression: "rows()" })).toEqual(["definition.expression"]);
  });

  test.each<["fairness" | "estimated_performance", string | null]>([
    ["estimated_performance", "eu"],
    ["fairness", "eu"],
  ])("a segment that %s cannot be asked of", (kind, value) => {
    const asked = defaultQuestion(kind);
    const definition = { ...asked.definition, segment: { key: "region", value } };
    const [first] = findContradictions({ ...asked, definition });
    expect(first?.path).toContain("definition.segment");
    const short = { ...asked.definition, window: "5m", cadence: "5m" } as const;
    expect(findContradictions({ ...asked, definition: short })[0]?.path).toBe("definition.window");
  });
});
