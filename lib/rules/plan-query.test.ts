import { describe, expect, test } from "vitest";
import { planPoints, planQueryWindow } from "./plan-query.ts";

const time = (clock: string) => new Date(`2027-03-10T${clock}Z`);
const now = time("12:07:30");
const hour = () => 3_600_000;
const minutes = () => 300_000;
const evidence = { from: time("09:00:00"), until: time("10:00:00") };
const known = { evidence, impactStartedAt: time("08:32:00"), now, grainOf: minutes };

describe("a window", () => {
  test("is the one that fired", () => {
    expect(planQueryWindow({ kind: "evidence" }, known)).toEqual({
      fromTime: time("09:00:00"),
      untilTime: time("10:00:00"),
      notes: [],
    });
  });

  test("since the impact began takes its first bucket whole, and leaves out the one that fills", () => {
    expect(planQueryWindow({ kind: "impact" }, known)).toMatchObject({
      fromTime: time("08:30:00"),
      untilTime: time("12:05:00"),
    });
    expect(planQueryWindow({ kind: "impact" }, { ...known, grainOf: hour })).toMatchObject({
      fromTime: time("08:00:00"),
      untilTime: time("12:00:00"),
    });
  });

  test("says what stood in for what is not known", () => {
    const unknown = { ...known, evidence: null, impactStartedAt: null };
    const dayBefore = new Date(time("12:05:00").getTime() - 86_400_000);
    for (const kind of ["evidence", "impact"] as const) {
      const found = planQueryWindow({ kind }, unknown);
      expect(found).toMatchObject({ fromTime: dayBefore, untilTime: time("12:05:00") });
      expect(found.notes).toHaveLength(1);
    }
  });

  test("that has no full bucket yet is the one before, and says so", () => {
    const justNow = { ...known, impactStartedAt: time("12:06:00") };
    expect(planQueryWindow({ kind: "impact" }, justNow)).toMatchObject({
      fromTime: time("12:00:00"),
      untilTime: time("12:05:00"),
      notes: ["the window has no full bucket yet: the one before was asked"],
    });
    expect(
      planQueryWindow({ kind: "impact" }, { ...known, impactStartedAt: time("13:00:00") }),
    ).toMatchObject({ untilTime: time("12:05:00") });
  });
});

describe("the points", () => {
  const points = (from: Date, until: Date, pointsMax = 48) =>
    planPoints({ fromTime: from, untilTime: until }, { grainMs: 300_000, pointsMax });

  test("end with the window, follow each other, and show at least a day", () => {
    const found = points(time("09:00:00"), time("10:00:00"));
    expect(found).toHaveLength(48);
    expect(found.at(-1)?.untilTime).toEqual(time("10:00:00"));
    expect(found[0]?.fromTime).toEqual(new Date("2027-03-09T10:00:00Z"));
    for (const [i, { fromTime }] of found.entries())
      if (i > 0) expect(fromTime).toEqual(found[i - 1]?.untilTime);
  });

  test("are no more than are allowed, however long the window is", () => {
    const month = points(new Date("2027-02-07T00:00:00Z"), new Date("2027-03-10T00:00:00Z"), 12);
    expect(month.length).toBeLessThanOrEqual(12);
  });
});
