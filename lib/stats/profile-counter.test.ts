import fc from "fast-check";
import { expect, test } from "vitest";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { numberRunOf } from "#lib/stats/number-run.ts";
import { ProfileCounter } from "#lib/stats/profile-counter.ts";
import type { FeatureValue } from "#lib/stats/profile-counts.ts";

function countOf(values: readonly FeatureValue[]): ProfileCounter {
  const counter = new ProfileCounter();
  for (const value of values) {
    if (value === null) counter.addNulls(1);
    else if (typeof value === "number")
      counter.addNumbers(numberRunOf(Float64Array.of(value)), 0, 1);
    else if (typeof value === "string") counter.addString(value, 1);
    else if (typeof value === "boolean") counter.addBoolean(value, 1);
  }
  return counter;
}

test("a counter makes the profile that the values at once would make", () => {
  const value = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom<FeatureValue[]>(
      "a",
      "b",
      "é",
      "true",
      true,
      false,
      null,
      undefined,
      Number.NaN,
      Infinity,
    ),
  );
  fc.assert(
    fc.property(fc.array(value), (values) => {
      const { mean, m2, ...exact } = featureProfileOf(values);
      const found = countOf(values).result(values.length, 10_000);
      expect(found).toMatchObject(exact);
      expect(found.mean).toBeCloseTo(mean, 12);
      expect(found.m2).toBeCloseTo(m2, 10);
    }),
  );
});

test("a name is one, whether it came by itself or by its place in one list or another", () => {
  const lists = [["a", "b", "c"], Array.from({ length: 200 }, (_, i) => `c${i}`).concat("c", "a")];
  const call = fc.record({ list: fc.constantFrom(null, 0, 1), place: fc.nat({ max: 201 }) });
  fc.assert(
    fc.property(fc.array(call), (calls) => {
      const counter = new ProfileCounter();
      const names = calls.map(({ list, place }, i) => {
        const own = lists[list ?? 0] ?? [];
        const at = place % own.length;
        const name = own[at] ?? "";
        if (list === null) counter.addString(name, 1 + i);
        else counter.addListed(own, at, 1 + i);
        return Array.from({ length: 1 + i }, () => name);
      });
      const { mean: _, m2: __, ...exact } = featureProfileOf(names.flat());
      expect(counter.result(names.flat().length, 10_000)).toMatchObject(exact);
    }),
  );
});

test("names that were given up are a sum, and how many there were is a bound", () => {
  const counter = countOf(["a", "a", "b", "b", "d"]);
  counter.addListed(["c", "a"], 0, 1);
  counter.addListed(["c", "a"], 1, 1);
  counter.dropRareNames(2);
  expect(counter.nameCount).toBe(2);
  counter.addString("a", 1);
  expect(counter.result(8, 10)).toMatchObject({
    stringCount: 8,
    valueNames: ["a", "b"],
    valueCounts: [4, 2],
    otherCount: 2,
    distinctCount: 4,
  });
});
