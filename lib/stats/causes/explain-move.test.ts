import { describe, expect, test } from "vitest";
import { explainMove } from "#lib/stats/causes/explain-move.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import type { FeatureValue } from "#lib/stats/profile-counts.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import { normalFrom } from "#lib/stats/testing/random.ts";

const explain = (baseline: readonly FeatureValue[], window: readonly FeatureValue[]) =>
  explainMove({
    kind: baseline.some((value) => typeof value === "string") ? "categorical" : "numeric",
    baseline: featureProfileOf(baseline),
    window: featureProfileOf(window),
  });

describe("a plain case of each kind", () => {
  const random = seededRandom(2);
  const amounts = Array.from(
    { length: 3_000 },
    () => Math.round(10_000 * Math.exp(normalFrom(random))) / 100,
  );
  const [baseline, window] = [amounts.slice(0, 2_000), amounts.slice(2_000)];
  const faultOf = (values: readonly FeatureValue[]) => {
    const explained = explain(baseline, values);
    return explained.kind === "causes" ? explained.causes[0] : explained;
  };

  test("a factor, with nearly all of the distance gone", () => {
    const cause = faultOf(window.map((x) => x * 100));
    expect(cause).toMatchObject({ fault: { kind: "unit_change", factor: 100, offset: 0 } });
    expect((cause as { quality: number }).quality).toBeGreaterThan(0.99);
    expect(cause).toMatchObject({ residual: { isWithinNoise: true } });
  });
  test("a flipped sign", () =>
    expect(faultOf(window.map((x) => 0 - x))).toMatchObject({ fault: { kind: "sign_flip" } }));
  test("a ceiling", () =>
    expect(faultOf(window.map((x) => Math.min(x, 200)))).toMatchObject({
      fault: { kind: "truncation", form: "ceiling", at: 200 },
    }));
  test("lost decimals", () =>
    expect(faultOf(window.map((x) => Math.floor(x / 100) * 100))).toMatchObject({
      fault: { kind: "truncation", form: "rounding", step: 100, mode: "down" },
    }));
  test("a foreign default", () =>
    expect(faultOf(window.map((x, i) => (i % 4 === 0 ? -1 : x)))).toMatchObject({
      fault: { kind: "default_flood", value: -1 },
    }));
  test("nulls", () =>
    expect(faultOf(window.map((x, i) => (i % 4 === 0 ? null : x)))).toMatchObject({
      fault: { kind: "null_flood", what: "missing", share: 0.25, baselineShare: 0 },
    }));
  test("a genuine change of shape has no simple cause", () =>
    expect(faultOf(window.map((x) => x ** 1.3 + 40))).toEqual({ kind: "no_simple_cause" }));
  test("the same again has not moved", () => expect(faultOf(window)).toEqual({ kind: "no_move" }));
});

test.each([
  ["no rows", [], []],
  ["one row", [1], [2]],
])("%s: cannot say", (_name, baseline, window) => {
  expect(explain(baseline, window).kind).toBe("cannot_say");
});

test("constant, all missing, NaN and infinite columns are answered", () => {
  const many = <T>(value: T) => new Array<T>(200).fill(value);
  expect(explain(many(3), many(3))).toEqual({ kind: "no_move" });
  expect(explain(many(3), many(null))).toMatchObject({
    causes: [{ fault: { kind: "null_flood", share: 1 } }],
  });
  expect(explain(many(3), many(Number.NaN))).toMatchObject({
    causes: [{ fault: { kind: "null_flood", what: "non_finite" } }],
  });
  expect(explain(many(3), many(Number.POSITIVE_INFINITY)).kind).toBe("causes");
  expect(["causes", "no_simple_cause"]).toContain(explain(many(3), many(4)).kind);
});
