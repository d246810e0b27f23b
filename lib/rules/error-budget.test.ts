import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { computeBudget } from "./error-budget.ts";

const none = {
  settledGood: 0,
  settledBad: 0,
  provisionalGood: 0,
  provisionalBad: 0,
  unmeasured: 0,
};

describe("an error budget", () => {
  test("has parts that are spent for certain, spent perhaps, and not known", () => {
    // 28 days of five minutes at 99 %: 80.64 may be bad.
    const budget = computeBudget(
      {
        settledGood: 6_000,
        settledBad: 20,
        provisionalGood: 30,
        provisionalBad: 10,
        unmeasured: 5,
      },
      { objective: 0.99, totalCount: 8_064 },
    );
    expect(budget.allowedCount).toBe(80.64);
    expect(budget.spentSettled).toBeCloseTo(20 / 80.64, 12);
    expect(budget.spentProvisional).toBeCloseTo(10 / 80.64, 12);
    expect(budget.spentIfUnmeasuredBad).toBeCloseTo(5 / 80.64, 12);
    expect(budget.remaining).toBeCloseTo(1 - 30 / 80.64, 12);
    expect(budget.remainingLeast).toBeCloseTo(1 - 65 / 80.64, 12);
    expect(budget.remainingMost).toBeCloseTo(1 - 20 / 80.64, 12);
    expect(budget.attained).toBeCloseTo(6_030 / 6_060, 12);
    expect(budget.health).toBe("healthy");
  });

  test("of which nothing was measured is unknown, and neither kept nor spent", () => {
    const nothing = computeBudget(
      { ...none, unmeasured: 100 },
      { objective: 0.99, totalCount: 8_064 },
    );
    expect(nothing).toMatchObject({ attained: null, health: "unknown", remaining: 1 });
    expect(nothing.remainingLeast).toBeLessThan(0);
    expect(computeBudget(none, { objective: 0.99, totalCount: 0 })).toMatchObject({
      health: "unknown",
      remaining: 1,
    });
  });

  test("is spent for certain only by what is settled", () => {
    const options = { objective: 0.9, totalCount: 100 };
    const health = (counts: Partial<typeof none>) =>
      computeBudget({ ...none, ...counts }, options).health;
    expect(health({ settledGood: 50, settledBad: 10 })).toBe("watch");
    expect(health({ settledGood: 50, settledBad: 11 })).toBe("breach");
    expect(health({ settledGood: 50, provisionalBad: 30 })).toBe("watch");
    expect(health({ settledGood: 50, settledBad: 7 })).toBe("healthy");
    expect(health({ settledGood: 50, settledBad: 8 })).toBe("watch");
  });
});

const count = fc.nat(10_000);
test("what is left lies between its bounds, and labels that come move it within them", () => {
  fc.assert(
    fc.property(
      fc.record({
        settledGood: count,
        settledBad: count,
        provisionalGood: count,
        provisionalBad: count,
        unmeasured: count,
      }),
      fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (counts, objective, share) => {
        const totalCount = Object.values(counts).reduce((sum, one) => sum + one, 0) + 1;
        const before = computeBudget(counts, { objective, totalCount });
        expect(before.remainingLeast).toBeLessThanOrEqual(before.remaining + 1e-9);
        expect(before.remaining).toBeLessThanOrEqual(before.remainingMost + 1e-9);
        const open = counts.provisionalGood + counts.provisionalBad + counts.unmeasured;
        const turnedBad = Math.round(open * share);
        const after = computeBudget(
          {
            ...none,
            settledGood: counts.settledGood + open - turnedBad,
            settledBad: counts.settledBad + turnedBad,
          },
          { objective, totalCount },
        );
        expect(after.remaining).toBeGreaterThanOrEqual(before.remainingLeast - 1e-9);
        expect(after.remaining).toBeLessThanOrEqual(before.remainingMost + 1e-9);
      },
    ),
  );
});
