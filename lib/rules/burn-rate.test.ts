import { describe, expect, test } from "vitest";
import type { WindowCount } from "./burn-rate.ts";
import {
  burnOf,
  deriveCountTier,
  deriveTiers,
  factorOf,
  judgeCount,
  judgeTiers,
  sayBurn,
  sayObjective,
  sayPace,
  timeToExhaustionMs,
  timeToFireMs,
} from "./burn-rate.ts";
import { dayMs, hourMs, minuteMs } from "./wall-clock.ts";

const tiersOf = (objective: number, days = 30, cadenceMs = minuteMs) =>
  deriveTiers({ objective, periodMs: days * dayMs, cadenceMs });
const usedOf = (...args: Parameters<typeof tiersOf>) =>
  tiersOf(...args).filter(({ refusal }) => refusal === null);
const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("the factor of a tier", () => {
  test.each([
    [30, [14.4, 6, 3, 1]],
    [28, [13.44, 5.6, 2.8, 0.9333]],
    [7, [3.36, 1.4, 0.7, 0.2333]],
  ])("over %i days is what the budget of its window says", (days, factors) => {
    const windows: [number, number][] = [
      [2, 1],
      [5, 6],
      [10, 24],
      [10, 72],
    ];
    const found = windows.map(([percent, hours]) =>
      factorOf(percent, days * dayMs, hours * hourMs),
    );
    for (const [i, factor] of found.entries()) expect(factor).toBeCloseTo(factors[i] ?? 0, 4);
  });

  test("is that of the workbook for 30 days, and a tier under 1 is refused: it would fire while the objective is kept", () => {
    expect(tiersOf(0.999).map(({ factor, refusal }) => [factor, refusal])).toEqual([
      [14.4, null],
      [6, null],
      [3, null],
      [1, null],
    ]);
    const [, , , slow] = tiersOf(0.999, 28);
    expect(plain(slow?.refusal ?? "")).toBe(
      "it would fire at 0.933 times the even pace, at which the objective is kept",
    );
  });
});

// An objective above 1 - 1 / factor, or the tier can never fire.
test.each([
  [30, "page_fast", 0.9306, 0.9305],
  [28, "page_fast", 0.9256, 0.9255],
  [30, "page_slow", 0.8334, 0.8333],
  [28, "page_slow", 0.8215, 0.8214],
  [30, "ticket_fast", 0.6667, 0.6666],
  [28, "ticket_fast", 0.6429, 0.6428],
])("over %i days %s is used at %f and refused at %f", (days, name, reachable, unreachable) => {
  const refusalAt = (objective: number) =>
    tiersOf(objective, days).find((tier) => tier.name === name)?.refusal;
  expect(refusalAt(reachable)).toBeNull();
  expect(refusalAt(unreachable)).toContain("it can never fire");
});

test("what can never fire is refused in words", () => {
  const [fast] = tiersOf(0.9);
  expect(plain(fast?.refusal ?? "")).toBe(
    "it can never fire: at an objective of 90 % even a total outage burns only 10 times the even pace, and it needs more than 14.4",
  );
  expect(sayObjective(0.999)).toBe("99.9\u202f%");
  expect(sayObjective(0.99999)).toBe("99.999\u202f%");
});

describe("windows that follow the cadence", () => {
  test.each([
    [15 * minuteMs, 45 * minuteMs, 9 * hourMs, [1.6, 4, 8]],
    [hourMs, 3 * hourMs, 36 * hourMs, [0.4, 1, 2]],
  ])("at %i ms", (cadenceMs, shortMs, longMs, factors) => {
    const [fast] = tiersOf(0.99, 30, cadenceMs);
    expect(fast).toMatchObject({ shortMs, longMs });
    for (const [i, percent] of [2, 5, 10].entries())
      expect(factorOf(percent, 30 * dayMs, longMs)).toBeCloseTo(factors[i] ?? 0, 10);
  });

  test("every hour: the fastest would fire too early, its twins fire once", () => {
    const named = tiersOf(0.9, 30, hourMs).map(({ name, factor, refusal }) => [
      name,
      factor,
      refusal === null ? "used" : plain(refusal).slice(0, 30),
    ]);
    expect(named).toEqual([
      ["page_fast", 0.4, "it would fire at 0.4 times the"],
      ["page_slow", 1, "used"],
      ["ticket_fast", 2, "an earlier tier has the same w"],
      ["ticket_slow", 1, "used"],
    ]);
  });

  test("once a day there is none: every long window exceeds the period", () => {
    const tiers = tiersOf(0.9, 30, dayMs);
    expect(usedOf(0.9, 30, dayMs)).toEqual([]);
    expect(plain(tiers[0]?.refusal ?? "")).toBe(
      "its long window of 36 d is longer than the period of 30 d",
    );
  });

  test("hold at least three evaluations in the short window and twelve short ones in the long", () => {
    for (const cadenceMs of [1_000, minuteMs, 5 * minuteMs, 20 * minuteMs, hourMs, 5 * hourMs])
      for (const { shortMs, longMs } of tiersOf(0.99, 90, cadenceMs)) {
        expect(shortMs).toBeGreaterThanOrEqual(3 * cadenceMs);
        expect(longMs).toBeGreaterThanOrEqual(12 * shortMs);
      }
  });
});

test("a total outage at 99.9 % over 30 days fires the tiers after 0.86, 2.16, 4.32 and 4.32 minutes", () => {
  const [fast, slow, ticket, last] = tiersOf(0.999).map(
    (tier) => timeToFireMs(tier, 0.999, 1) / minuteMs,
  );
  expect(fast).toBeCloseTo(0.864, 6);
  expect(slow).toBeCloseTo(2.16, 6);
  expect(ticket).toBeCloseTo(4.32, 6);
  expect(last).toBeCloseTo(4.32, 6);
});

test("one failure of ten at night burns 100 times the even pace", () => {
  expect(burnOf(0.1, 0.999)).toBeCloseTo(100, 9);
});

/** Minutes of a service, newest last: how many of 1,000 events of each were bad, null where nobody knows. */
function counter(minutes: readonly (number | null)[], perMinute = 1_000) {
  return (windowMs: number): WindowCount => {
    const count = { goodCount: 0, badCount: 0, unmeasuredCount: 0 };
    for (const bad of minutes.slice(-Math.round(windowMs / minuteMs))) {
      if (bad === null) count.unmeasuredCount += perMinute;
      else {
        count.badCount += bad;
        count.goodCount += perMinute - bad;
      }
    }
    return count;
  };
}
const judge = (
  minutes: readonly (number | null)[],
  options: { badCountMin?: number; perMinute?: number } = {},
) =>
  judgeTiers(usedOf(0.999), counter(minutes, options.perMinute), {
    objective: 0.999,
    badCountMin: options.badCountMin ?? 1,
  });
const calm = Array.from({ length: 72 * 60 }, () => 0);
const verdictsOf = (found: ReturnType<typeof judge>) => found.map(({ verdict }) => verdict);

describe("a burn", () => {
  test("that a tenth of a second of outage does not explain fires both windows, and the fast tier silences the slow", () => {
    const found = judge([...calm, ...Array.from({ length: 60 }, () => 100)]);
    expect(verdictsOf(found)).toEqual(["fire", "fire", "fire", "fire"]);
    expect(found.map(({ inhibitedBy }) => inhibitedBy)).toEqual([
      null,
      "page_fast",
      "page_fast",
      "page_fast",
    ]);
  });

  test("at exactly the factor does not fire: more is asked for", () => {
    const found = judgeTiers(
      usedOf(0.9),
      () => ({ goodCount: 400, badCount: 600, unmeasuredCount: 0 }),
      { objective: 0.9, badCountMin: 1 },
    );
    // At 90 % the fast tier is refused; 60 % bad is 6 times the pace, the factor of the next.
    expect(found.map(({ tier, verdict }) => [tier.name, verdict])).toEqual([
      ["page_slow", "clear"],
      ["ticket_fast", "fire"],
      ["ticket_slow", "fire"],
    ]);
  });

  test("is over as soon as the short window is clean, though the long one is not: 5 min after, not an hour", () => {
    const outage = [...calm, ...Array.from({ length: 60 }, () => 100)];
    const after = (minutes: number) =>
      judge([...outage, ...Array.from({ length: minutes }, () => 0)])[0]?.verdict;
    expect([0, 1, 4, 5, 6].map(after)).toEqual(["fire", "fire", "fire", "clear", "clear"]);
  });

  test("of one failure is nobody's night, and nine of ten are somebody's however few came", () => {
    const oneOfTen = [...calm.map(() => 0), 1];
    expect(verdictsOf(judge(oneOfTen, { perMinute: 10, badCountMin: 5 }))).toEqual([
      "clear",
      "clear",
      "clear",
      "clear",
    ]);
    const nineOfTen = Array.from({ length: 72 * 60 }, () => 9);
    expect(verdictsOf(judge(nineOfTen, { perMinute: 10, badCountMin: 5 }))[0]).toBe("fire");
  });

  test("that nobody measured is unknown: it neither fires nor clears", () => {
    expect(verdictsOf(judge(calm.map(() => null)))).toEqual([
      "unknown",
      "unknown",
      "unknown",
      "unknown",
    ]);
    expect(verdictsOf(judge([]))).toEqual(["unknown", "unknown", "unknown", "unknown"]);
    const outage = Array.from({ length: 60 }, () => 100);
    // Four minutes of the short window are not known: they may be as bad as the rest.
    expect(judge([...calm, ...outage, 0, null, null, null, null])[0]?.verdict).toBe("unknown");
    // The fifth is enough to say that it goes on.
    expect(judge([...calm, ...outage, null, null, null, null])[0]?.verdict).toBe("fire");
  });

  test("stays clear where even all that is unknown could not fire it", () => {
    const found = judge([...calm, null]);
    expect(found.at(-1)?.verdict).toBe("clear");
  });

  test("is said in words, with both windows", () => {
    const [fast] = judge([...calm, ...Array.from({ length: 60 }, () => 16)]);
    if (fast === undefined) throw new Error("There is a fast tier.");
    expect(plain(sayBurn(fast, 0.13, 28 * dayMs))).toBe(
      "burns 16 times the even pace over 1 h and 16 times over 5 min, where 14.4 times fires; at this pace the 28 d budget is gone in 5 h 28 min",
    );
  });
});

describe("the pace", () => {
  test.each([
    [1, 1, 30 * dayMs],
    [1, 2, 15 * dayMs],
    [1, 10, 3 * dayMs],
    [1, 1_000, 43.2 * minuteMs],
  ])("of a whole budget of 30 days at %f times %f is gone in %f ms", (remaining, burn, goneMs) => {
    expect(timeToExhaustionMs(remaining, burn, 30 * dayMs)).toBeCloseTo(goneMs, 3);
  });

  test.each([
    [0.5, 56, "at this pace the 28 d budget is gone in 6 h"],
    [0.5, 0, "nothing burns the 28 d budget now"],
    [0, 3, "the 28 d budget is spent"],
    [-2, 0, "the 28 d budget is spent"],
    [1, 0.5, "at this pace the 28 d budget lasts"],
  ])("of %f at %f: %s", (remaining, burn, words) => {
    expect(plain(sayPace(remaining, burn, 28 * dayMs))).toBe(words);
  });
});

describe("the tier that counts", () => {
  const tier = deriveCountTier({
    objective: 0.9,
    periodMs: 28 * dayMs,
    totalCount: 28,
    badCountMin: 1,
  });
  test("fires at a quarter of the budget of a period, in a quarter of it", () => {
    // 2.8 days may be bad in 28; 0.7 of one, rounded up.
    expect(tier).toEqual({ windowMs: 7 * dayMs, badCountMin: 1 });
    expect(
      deriveCountTier({ objective: 0.95, periodMs: 28 * dayMs, totalCount: 2_000, badCountMin: 1 })
        .badCountMin,
    ).toBe(25);
    expect(
      deriveCountTier({ objective: 0.999, periodMs: 28 * dayMs, totalCount: 100, badCountMin: 3 })
        .badCountMin,
    ).toBe(3);
  });
  test.each([
    [{ goodCount: 6, badCount: 1, unmeasuredCount: 0 }, "fire"],
    [{ goodCount: 7, badCount: 0, unmeasuredCount: 0 }, "clear"],
    [{ goodCount: 6, badCount: 0, unmeasuredCount: 1 }, "unknown"],
    [{ goodCount: 0, badCount: 0, unmeasuredCount: 0 }, "unknown"],
  ])("%j: %s", (count, verdict) => {
    expect(judgeCount(tier, count)).toBe(verdict);
  });
});
