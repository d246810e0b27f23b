import { describe, expect, test } from "vitest";
import type { CauseClass } from "#lib/domain/monitor.ts";
import { causeClasses } from "#lib/domain/monitor.ts";
import type { FailureBreadth } from "./compute-severity.ts";
import { breadthOf, computeSeverity, worstOf } from "./compute-severity.ts";

describe("the matrix", () => {
  test.each<[FailureBreadth, string[]]>([
    ["loss_for_all", ["sev1", "sev2", "sev3", "sev4"]],
    ["loss_for_some", ["sev2", "sev3", "sev3", "sev4"]],
    ["no_measured_loss", ["sev3", "sev4", "sev4", "sev5"]],
    ["unmeasured", ["sev3", "sev3", "sev4", "sev5"]],
  ])("%s, from critical to low", (breadth, expected) => {
    expect([1, 2, 3, 4].map((tier) => computeSeverity(tier, breadth))).toEqual(expected);
  });

  test("a tier out of range counts as the next one that there is", () => {
    expect([0, 9].map((tier) => computeSeverity(tier, "loss_for_all"))).toEqual(["sev1", "sev4"]);
  });
});

describe("breadth", () => {
  const cases: Record<CauseClass, [FailureBreadth, FailureBreadth]> = {
    data_drift: ["no_measured_loss", "no_measured_loss"],
    training_serving_skew: ["no_measured_loss", "no_measured_loss"],
    freshness: ["no_measured_loss", "no_measured_loss"],
    volume: ["loss_for_all", "loss_for_some"],
    data_quality: ["no_measured_loss", "no_measured_loss"],
    schema: ["no_measured_loss", "no_measured_loss"],
    performance: ["loss_for_all", "loss_for_some"],
    latency: ["no_measured_loss", "no_measured_loss"],
    fairness: ["loss_for_some", "loss_for_some"],
    slo: ["no_measured_loss", "no_measured_loss"],
    other: ["no_measured_loss", "no_measured_loss"],
  };
  test.each([...causeClasses])("%s, for all and for a segment", (causeClass) => {
    expect([false, true].map((isSegment) => breadthOf({ causeClass, isSegment }))).toEqual(
      cases[causeClass],
    );
  });

  test("a budget that burns fast is felt by some", () => {
    const slo = { causeClass: "slo" as const, isSegment: false, isFastBurn: true };
    expect(breadthOf(slo)).toBe("loss_for_some");
  });
});

test("the worst of some; none of none", () => {
  expect(worstOf(["sev4", "sev2", "sev5"])).toBe("sev2");
  expect(worstOf([])).toBeNull();
});
