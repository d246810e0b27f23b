import { describe, expect, test } from "vitest";
import type { NoiseModel } from "./expected-false-alerts.ts";
import { expectFalseAlerts } from "./expected-false-alerts.ts";
import { calmMemory, stepAlert } from "./step-alert.ts";

const verdict: NoiseModel = {
  threshold: { kind: "verdict" },
  falseDiscoveryRate: 0.01,
  window: "1d",
  cadence: "6h",
  seriesCount: 500,
  fireCount: 2,
  windowCount: 3,
  clearCount: 2,
};
/** mulberry32: the same numbers every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("false alerts that the settings promise", () => {
  test("of windows that overlap wholly are no fewer for needing two of them", () => {
    expect(expectFalseAlerts(verdict).perDay).toBeCloseTo(0.01, 12);
    expect(expectFalseAlerts({ ...verdict, fireCount: 1, windowCount: 1 }).perDay).toBeCloseTo(
      0.01,
      12,
    );
    expect(expectFalseAlerts(verdict).sentence).toContain("one false alert in 100 days");
  });

  test("of windows one after the other need the same series twice", () => {
    const { perDay } = expectFalseAlerts({ ...verdict, window: "1h", cadence: "1h" });
    const chance = 0.01 / 500;
    expect(perDay).toBeCloseTo(24 * 500 * chance * (1 - (1 - chance) ** 2), 15);
  });

  test("of a fixed threshold are not known", () => {
    const threshold = { kind: "fixed", direction: "above", fire: 1, clear: 1 } as const;
    expect(expectFalseAlerts({ ...verdict, threshold }).perDay).toBeNull();
  });

  test.each([
    { fireCount: 1, windowCount: 1 },
    { fireCount: 2, windowCount: 3 },
    { fireCount: 3, windowCount: 5 },
  ])(
    "of $fireCount of $windowCount are no fewer than a simulation makes, and not many more",
    (rule) => {
      const chance = 0.1;
      const random = seeded(20261128);
      const days = 4_000;
      let memory = calmMemory;
      let fired = 0;
      for (let i = 0; i < days * 24; i += 1) {
        const step = stepAlert(
          memory,
          {
            windowFrom: new Date(i * 3_600_000),
            windowUntil: new Date((i + 1) * 3_600_000),
            result: {
              kind: "value",
              value: 0,
              lower: null,
              upper: null,
              sampleCount: 1,
              judged: random() < chance ? "fire" : "clear",
              fireThreshold: null,
              clearThreshold: null,
              sentence: "",
            },
          },
          { ...rule, clearCount: 1 },
        );
        memory = step.memory;
        if (step.change?.kind === "fired") fired += 1;
      }
      const { perDay } = expectFalseAlerts({
        ...verdict,
        threshold: { kind: "learned", direction: "either", coverage: 1 - chance },
        window: "1h",
        cadence: "1h",
        seriesCount: 1,
        ...rule,
      });
      expect(perDay).toBeGreaterThanOrEqual((fired / days) * 0.98);
      expect(perDay).toBeLessThanOrEqual((fired / days) * 1.6);
    },
  );
});
