import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { momentsOf } from "#lib/stats/moments.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";
import { say, segmentsOf } from "./testing/segments-of.ts";
import type { SegmentLosses } from "./worst-segments.ts";
import { findWorstSegments, takeOut } from "./worst-segments.ts";

type Study = {
  kind: "rate" | "mean";
  countMin: number;
  total: { count: number; mean: number; m2: number };
  segments: (SegmentLosses & {
    restMean: number;
    difference: [number, number];
    own: [number, number];
    pValue: number;
    adjustedPValue: number;
  })[];
};
const { studies } = readReference<{ studies: Study[] }>("worst-segments");

describe.each(studies)("$kind of a loss", ({ kind, countMin, total, segments }) => {
  // At this rate everything that was tested is a finding; without nesting each is answered.
  const every = { kind, countMin, falseDiscoveryRate: 1 };

  test("has the tests, the intervals and the adjusted p-values of scipy and statsmodels", () => {
    const failures: string[] = [];
    for (const depth of [1, 2]) {
      const own = segments.filter(({ conditions }) => conditions.length === depth);
      const { findings, candidateCount } = findWorstSegments(total, own, every);
      expect(candidateCount).toBe(own.length);
      expect(findings).toHaveLength(own.length);
      for (const finding of findings) {
        const there = own.find((one) => say(one.conditions) === say(finding.conditions));
        if (there === undefined) throw new Error("an unknown finding");
        // The sums are the rows' own to the last bits; tails are summed term by term on both sides.
        const checks: [number | null, number][] = [
          [finding.pValue, there.pValue],
          [finding.restLoss, there.restMean],
          [finding.differenceInterval.low, there.difference[0]],
          [finding.differenceInterval.high, there.difference[1]],
          [finding.lossInterval?.low ?? null, there.own[0]],
          [finding.lossInterval?.high ?? null, there.own[1]],
        ];
        for (const [actual, expected] of checks) {
          const wrong = disagreement(actual, expected, { rtol: 1e-9, atol: 1e-10 });
          if (wrong !== undefined) failures.push(`${say(finding.conditions)}: ${wrong}`);
        }
      }
    }
    expect(failures).toEqual([]);
  });

  test("finds what was planted, each named once: the larger of nested ones, unless it is bad by the smaller alone", () => {
    const found = findWorstSegments(total, segments, { kind, countMin });
    expect(found.candidateCount).toBe(segments.length);
    for (const finding of found.findings) {
      const there = segments.find((one) => say(one.conditions) === say(finding.conditions));
      expect(
        disagreement(finding.adjustedPValue, there?.adjustedPValue ?? -1, { rtol: 1e-9 }),
      ).toBeUndefined();
    }
    expect(found.findings.map(({ conditions }) => say(conditions))).toEqual(
      kind === "rate" ? ["carrier=HA", "hour=3 & region=asia"] : ["carrier=DL & region=us"],
    );
  });
});

describe("whatever the rows", () => {
  const rowsArb = fc.array(
    fc.record({
      tags: fc.record({
        a: fc.constantFrom("x", "y"),
        b: fc.constantFrom("p", "q", "r"),
      }),
      loss: fc.integer({ min: 0, max: 1 }),
    }),
    { minLength: 1, maxLength: 120 },
  );

  test("the order of the candidates changes nothing", () => {
    fc.assert(
      fc.property(rowsArb, (rows) => {
        const { total, segments } = segmentsOf(rows);
        const options = { kind: "rate" as const, countMin: 5, falseDiscoveryRate: 0.5 };
        const one = findWorstSegments(total, segments, options);
        const other = findWorstSegments(total, segments.toReversed(), options);
        expect(other).toEqual(one);
      }),
    );
  });

  test("what is found is worse than the rest, and p-values lie between 0 and 1", () => {
    fc.assert(
      fc.property(rowsArb, (rows) => {
        const { total, segments } = segmentsOf(rows);
        const options = { countMin: 5, falseDiscoveryRate: 0.2 };
        for (const kind of ["rate", "mean"] as const)
          for (const one of findWorstSegments(total, segments, { ...options, kind }).findings) {
            expect(one.difference).toBeGreaterThan(0);
            expect(one.pValue).toBeGreaterThanOrEqual(0);
            expect(one.adjustedPValue).toBeGreaterThanOrEqual(one.pValue);
            expect(one.adjustedPValue).toBeLessThanOrEqual(1);
          }
      }),
    );
  });

  test("a part and what is left of the whole are the whole", () => {
    const losses = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2 });
    fc.assert(
      fc.property(losses, losses, (part, rest) => {
        const left = takeOut(momentsOf([...part, ...rest]), momentsOf(part));
        const expected = momentsOf(rest);
        expect(left.count).toBe(expected.count);
        expect(left.mean).toBeCloseTo(expected.mean, 3);
      }),
    );
  });
});

describe("degenerate input", () => {
  const none = { count: 0, mean: 0, m2: 0 };
  const a = (value: string) => [{ key: "a", value }];

  test.each([
    ["no rows", none, []],
    ["one row", { count: 1, mean: 1, m2: 0 }, [{ conditions: a("x"), count: 1, mean: 1, m2: 0 }]],
    [
      "all rows in one segment",
      { count: 500, mean: 0.5, m2: 125 },
      [{ conditions: a("x"), count: 500, mean: 0.5, m2: 125 }],
    ],
  ])("%s: nothing is tested, and nothing found", (_, total, segments) => {
    for (const kind of ["rate", "mean"] as const)
      expect(findWorstSegments(total, segments, { kind })).toMatchObject({
        findings: [],
        candidateCount: 0,
      });
  });

  test("the same loss everywhere is no finding", () => {
    const total = { count: 400, mean: 1, m2: 0 };
    const segments = ["x", "y"].map((value) => ({
      conditions: a(value),
      count: 200,
      mean: 1,
      m2: 0,
    }));
    for (const kind of ["rate", "mean"] as const)
      expect(findWorstSegments(total, segments, { kind }).findings).toEqual([]);
  });

  test("losses that overflow can't be tested, and the others can", () => {
    const total = { count: 400, mean: 1e200, m2: Number.POSITIVE_INFINITY };
    const segments = [
      { conditions: a("x"), count: 200, mean: 1e200, m2: Number.POSITIVE_INFINITY },
    ];
    const found = findWorstSegments(total, segments, { kind: "mean" });
    expect(found).toEqual({ findings: [], candidateCount: 0, tooSmallCount: 0 });
  });

  test("two conditions that hold for the very rows of one of them are one candidate", () => {
    const total = { count: 400, mean: 0.25, m2: 75 };
    const one = { count: 200, mean: 0.4, m2: 48 };
    const segments = [
      { conditions: a("x"), ...one },
      { conditions: [...a("x"), { key: "b", value: "p" }], ...one },
    ];
    const found = findWorstSegments(total, segments, { kind: "rate" });
    expect(found.candidateCount).toBe(1);
    expect(found.findings.map(({ conditions }) => say(conditions))).toEqual(["a=x"]);
  });
});
