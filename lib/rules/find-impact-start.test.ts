import { describe, expect, test } from "vitest";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";
import { findImpactStart } from "./find-impact-start.ts";

const at = (hour: number) => new Date(Date.UTC(2026, 10, 20) + hour * 3_600_000);
const windows = (values: readonly (number | null)[]) =>
  values.map((value, hour) => ({ from: at(hour), until: at(hour + 1), value }));
const random = seededRandom(3);
const around = (level: number, count: number) =>
  Array.from({ length: count }, () => level + 0.01 * normalFrom(random));

describe("the impact began", () => {
  test("where the values shifted, though the alert came later", () => {
    const found = findImpactStart(windows([...around(0.1, 20), ...around(0.4, 6)]), at(24));
    expect(found.at).toEqual(at(20));
    expect(found.between).toEqual({ from: at(20), until: at(20) });
  });

  test("with an interval where the shift is hard to see", () => {
    const values = [...around(0, 20), ...around(0.02, 12), 0.03];
    const { between } = findImpactStart(windows(values), at(31));
    expect(between?.from.getTime()).toBeLessThanOrEqual(at(20).getTime());
    expect(between?.until.getTime()).toBeGreaterThanOrEqual(at(20).getTime());
    expect(between?.from).not.toEqual(between?.until);
  });

  test("also below windows without a value, which count for nothing", () => {
    const values = [...around(0.9, 10), null, null, ...around(0.5, 5)];
    expect(findImpactStart(windows(values), at(15)).at).toEqual(at(12));
  });
});

describe("the alert's own begin stands", () => {
  test.each<[string, (number | null)[]]>([
    ["without a history", []],
    ["with too short a one", [0.1, 0.1, 0.9]],
    ["when nothing but noise is there", around(0.1, 30)],
    ["when the only shift was away from what fired", [...around(0.4, 15), ...around(0.1, 15), 0.4]],
    ["when the shift came after the alert began", [...around(0.1, 20), ...around(0.4, 6)]],
  ])("%s", (_, values) => {
    const beganAt = at(5);
    expect(findImpactStart(windows(values), beganAt)).toEqual({ at: beganAt, between: null });
  });
});
