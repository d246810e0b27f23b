import { describe, expect, test } from "vitest";
import type { SloDetail } from "#lib/api/slo.ts";
import { prepareBudgetBar, sayRemaining } from "./prepare-budget-bar.ts";
import { prepareSloChart } from "./prepare-slo-chart.ts";

const point = (hour: number, counts: Partial<SloDetail["points"][number]>) => ({
  from: `2026-11-04T${String(hour).padStart(2, "0")}:00:00.000Z`,
  until: `2026-11-04T${String(hour + 1).padStart(2, "0")}:00:00.000Z`,
  settledGood: 0,
  settledBad: 0,
  provisionalGood: 0,
  provisionalBad: 0,
  unmeasured: 0,
  ...counts,
});
const budget: SloDetail["budget"] = {
  from: "2026-11-04T00:00:00.000Z",
  until: "2026-11-05T00:00:00.000Z",
  allowedCount: 10,
  totalCount: 100,
  settledGood: 20,
  settledBad: 2,
  provisionalGood: 1,
  provisionalBad: 1,
  unmeasured: 2,
  spentSettled: 0.2,
  spentProvisional: 0.1,
  spentIfUnmeasuredBad: 0.2,
  remaining: 0.7,
  remainingLeast: 0.4,
  remainingMost: 0.8,
  attained: 0.9,
  health: "healthy",
};

describe("a budget over time", () => {
  const chart = prepareSloChart(
    {
      budget,
      points: [
        point(0, { settledGood: 10, settledBad: 2 }),
        point(1, {}),
        point(2, { settledGood: 10, provisionalGood: 1, provisionalBad: 1 }),
        point(3, { unmeasured: 2 }),
      ],
    },
    "UTC",
  );

  test("runs from what is spent for certain to what may be, with a gap where nothing was measured", () => {
    expect(chart.points.map(({ values, band }) => [values.left, band])).toEqual(
      [
        [0.8, null],
        [null, null],
        [0.7, [0.6, 0.8]],
        [null, [0.4, 0.8]],
      ].map(([left, band]) => [
        left === null ? null : expect.closeTo(Number(left), 9),
        Array.isArray(band) ? band.map((share) => expect.closeTo(share, 9)) : null,
      ]),
    );
  });

  test("hatches what is open, and says what is left", () => {
    expect(chart.gaps).toHaveLength(1);
    expect(new Date(chart.gaps[0]?.fromMs ?? 0).toISOString()).toBe("2026-11-04T02:00:00.000Z");
    expect(chart.sentence).toBe(
      "Of the budget 70\u202f% is left, from 100\u202f% at its beginning.",
    );
  });
});

test("a bar's parts are all of the budget, and all of it is hatched when nothing was measured", () => {
  const { parts } = prepareBudgetBar(budget);
  expect(parts.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100, 9);
  expect(prepareBudgetBar({ ...budget, attained: null }).parts).toEqual([
    { id: "unmeasured", percent: 100 },
  ]);
});

test.each([
  [0.874, "87\u202f%"],
  [0, "0\u202f%"],
  [-0.4, "\u221240\u202f%"],
  [-20.4, "spent 21.4 times"],
])("%f left reads %s", (remaining, words) => {
  expect(sayRemaining(remaining)).toBe(words);
});
