import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findClassPair, viewAsBinary } from "#lib/stats/performance/binary-view.ts";
import { judgeProfile } from "#lib/stats/performance/judge.ts";
import { computeLabelDelay, isMature } from "#lib/stats/performance/label-delay.ts";
import type { NamedCell, PerformanceProfile } from "#lib/stats/performance/profile.ts";
import {
  coarsenPerformance,
  fromStoredPerformance,
  mergePerformance,
  NO_PERFORMANCE,
  readAsTask,
  toStoredPerformance,
} from "#lib/stats/performance/profile.ts";
import { exactCell } from "#lib/stats/performance/score-cells.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";

type Row = { score: number; decision: string; label: string };

const profileOf = (rows: readonly Row[]): PerformanceProfile => {
  const cells = rows.map(
    ({ score, decision, label }): NamedCell => ({
      ...exactCell(score, null, null, 1),
      className: "",
      decision,
      label,
    }),
  );
  const labelledCount = rows.filter(({ label }) => label !== "").length;
  const pairs = rows.map(({ decision, label }) => ({ decision, label, count: 1 }));
  return { ...NO_PERFORMANCE, rowCount: rows.length, labelledCount, pairs, cells };
};

describe("which class is positive", () => {
  const names = (rows: Row[]) => findClassPair(profileOf(rows))?.positive ?? null;

  test.each([
    ["the conventional one", [{ score: 0.1, decision: "1", label: "0" }], "1"],
    ["the conventional one of a lone name", [{ score: 0.1, decision: "false", label: "" }], "true"],
    [
      "the one that is decided at higher scores",
      [
        { score: 0.2, decision: "on_time", label: "late" },
        { score: 0.9, decision: "late", label: "on_time" },
      ],
      "late",
    ],
    [
      "the one that turns out at higher scores, without decisions",
      [
        { score: 0.2, decision: "", label: "ok" },
        { score: 0.9, decision: "", label: "fraud" },
      ],
      "fraud",
    ],
    ["nobody knows of a lone name", [{ score: 0.1, decision: "late", label: "" }], null],
    ["nobody knows of no rows", [], null],
    [
      "nobody knows where scores are equal",
      [
        { score: 0.5, decision: "a", label: "" },
        { score: 0.5, decision: "b", label: "" },
      ],
      null,
    ],
  ])("%s", (_name, rows, positive) => {
    expect(names(rows)).toBe(positive);
  });

  test("rows of a third class are left out and counted; scores alone are decided at one half", () => {
    const rows = [
      { score: 0.9, decision: "1", label: "1" },
      { score: 0.2, decision: "0", label: "maybe" },
    ];
    const view = viewAsBinary(profileOf(rows), { positive: "1", negative: "0" });
    expect(view).toMatchObject({ leftOutCount: 1, decisionSource: "model" });
    expect(view.confusion.truePositive).toBe(1);
    const byScore = viewAsBinary(
      profileOf([
        { score: 0.5, decision: "", label: "1" },
        { score: 0.49, decision: "", label: "1" },
      ]),
      { positive: "1", negative: "0" },
    );
    expect(byScore).toMatchObject({
      decisionSource: "score",
      confusion: { truePositive: 1, falseNegative: 1 },
    });
  });

  test("unknown leaves accuracy and nothing else", () => {
    const rows = [
      { score: 0.5, decision: "a", label: "a" },
      { score: 0.5, decision: "b", label: "a" },
    ];
    const { metrics } = judgeProfile(profileOf(rows), "binary", null);
    expect(metrics.accuracy).toMatchObject({ value: 0.5 });
    expect(metrics.precision).toEqual({ kind: "undefined", reason: "positive_class_unknown" });
    expect(judgeProfile(profileOf(rows), null, null).metrics).toEqual({});
  });
});

describe("profiles", () => {
  const row = fc.record({
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    decision: fc.constantFrom("", "0", "1"),
    label: fc.constantFrom("", "0", "1"),
  });
  const classes = { positive: "1", negative: "0" };

  test("merged in any order, stored and read, give what the rows give together", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), fc.nat(59), (rows, at) => {
        const whole = judgeProfile(profileOf(rows), "binary", classes);
        const parts = [rows.slice(at), rows.slice(0, at)].map(profileOf);
        const stored = fromStoredPerformance(toStoredPerformance(mergePerformance(parts)));
        const merged = judgeProfile(stored, "binary", classes);
        expect(stored.rowCount).toBe(rows.length);
        for (const [name, metric] of Object.entries(whole.metrics)) {
          const other = merged.metrics[name];
          expect([name, other?.kind]).toEqual([name, metric.kind]);
          if (metric.kind === "value" && other?.kind === "value")
            expect(other.value).toBeCloseTo(metric.value, 9);
        }
      }),
    );
  });

  test("on a coarser grid keep their means, and their rank metrics nearly", () => {
    const random = seededRandom(7);
    const rows = Array.from({ length: 4_000 }, () => {
      const score = random();
      return { score, decision: score > 0.5 ? "1" : "0", label: random() < score ? "1" : "0" };
    });
    const exact = judgeProfile(profileOf(rows), "binary", classes).metrics;
    const coarse = judgeProfile(coarsenPerformance(profileOf(rows), 7), "binary", classes).metrics;
    const of = (metrics: typeof exact, name: string) => {
      const metric = metrics[name];
      return metric?.kind === "value" ? metric.value : Number.NaN;
    };
    for (const name of ["accuracy", "brier", "log_loss"])
      expect(of(coarse, name)).toBeCloseTo(of(exact, name), 9);
    expect(of(coarse, "roc_auc")).toBeCloseTo(of(exact, "roc_auc"), 3);
  });

  test("made for another task count their rows, and between tasks of classes their pairs", () => {
    const profile = profileOf([{ score: 0.5, decision: "1", label: "0" }]);
    expect(readAsTask(profile, "binary", "binary")).toBe(profile);
    expect(readAsTask(profile, "binary", "multiclass")).toMatchObject({
      rowCount: 1,
      pairs: [{ decision: "1", label: "0", count: 1 }],
      cells: [],
    });
    expect(readAsTask(profile, "binary", "regression")).toMatchObject({ rowCount: 1, pairs: [] });
    expect(mergePerformance([])).toBe(NO_PERFORMANCE);
  });
});

describe("label delay", () => {
  const hour = 3_600_000;
  const now = 100 * hour;

  test("is that of windows old enough to have their slow labels", () => {
    const delay = computeLabelDelay(
      [
        {
          untilMs: hour,
          delays: new Map([
            [hour, 100],
            [10 * hour, 100],
          ]),
        },
        { untilMs: 99 * hour, delays: new Map([[60_000, 5_000]]) },
      ],
      now,
    );
    expect(delay?.isSettled).toBe(true);
    expect(delay?.p95Ms).toBeGreaterThanOrEqual(10 * hour);
    expect(delay?.p95Ms).toBeLessThan(12 * hour);
    expect(isMature(80 * hour, delay, now)).toBe(true);
    expect(isMature(95 * hour, delay, now)).toBe(false);
  });

  test("is not known without labels, and then nothing is mature", () => {
    expect(computeLabelDelay([], now)).toBeNull();
    expect(computeLabelDelay([{ untilMs: 0, delays: new Map() }], now)).toBeNull();
    expect(isMature(0, null, now)).toBe(false);
  });
});
