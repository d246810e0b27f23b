import { describe, expect, test } from "vitest";
import type { ColumnName } from "#lib/domain/expression.ts";
import { parseExpression } from "#lib/domain/expression.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import type { FeatureValue } from "#lib/stats/profile-counts.ts";
import type { ExpressionSide } from "./evaluate-expression.ts";
import { evaluateExpression } from "./evaluate-expression.ts";

function sideOf(rowCount: number, columns: Record<string, FeatureValue[]>): ExpressionSide {
  return {
    rowCount,
    profileOf: ({ subject, name }: ColumnName) => {
      const values = columns[subject === "feature" ? name : subject];
      return values === undefined ? null : featureProfileOf(values);
    },
  };
}

/** Figures by hand: x has mean 3, sum of squares about it 10; one missing, one not a number. */
const window = sideOf(8, {
  x: [1, 2, 3, 4, 5, null, Number.NaN, undefined],
  town: ["ATL", "ATL", "ORD", "ORD", "ORD", null, undefined, "SFO"],
  flag: [true, false, true, true, null, undefined, undefined, undefined],
  one: [7, null, null, null, null, null, null, null],
  empty: [null, null, null, null, null, null, null, null],
  latency: [10, 10, 10, 10, 10, 10, 10, 90],
});
const before = sideOf(4, { x: [1, 1, 1, 5], town: ["ATL", "ORD", "ORD", "ORD"] });

const ask = (text: string, reference: ExpressionSide | { reason: string } = before) => {
  const parsed = parseExpression(text);
  if (parsed.kind === "error") throw new Error(parsed.error.message);
  return evaluateExpression(parsed.root, window, reference);
};

describe("the figures are those of the rows", () => {
  test.each<[string, number]>([
    ["rows()", 8],
    ["count(x)", 6],
    ["mean(x)", 3],
    ["sum(x)", 15],
    ["min(x) + max(x)", 6],
    ["variance(x)", 2.5],
    ["std(x)", Math.sqrt(2.5)],
    ["median(x)", 3],
    ["quantile(x, 0)", 1],
    ["quantile(x, 1)", 5],
    ["missing_share(x)", 0.25],
    ["nan_share(x)", 0.125],
    ["missing_share(empty)", 1],
    ["missing_share(never_seen)", 1],
    ["count(never_seen)", 0],
    ["share(town, 'ORD')", 0.5],
    ["share(town, 'LAX')", 0],
    ["share(flag, 'true')", 0.75],
    ["mean(latency)", 20],
    ["mean(x) / reference(mean(x))", 1.5],
    ["share(town, 'ATL') - reference(share(town, 'ATL'))", 1 / 3 - 0.25],
    ["reference(mean(x) * rows())", 8],
    ["2 + 3 * -4", -10],
    ["abs(0 - 2) + sqrt(16) + ln(exp(1)) + log10(1000)", 10],
    ["least(2, 3) * greatest(4, 5)", 10],
    ["if(mean(x) > 2, 10, 20)", 10],
    ["if(mean(x) > 3, 10, 20)", 20],
    ["mean(x) >= 3", 1],
    ["mean(x) != 3", 0],
    ["not mean(x) == 3", 0],
    ["rows() > 5 and missing_share(x) > 0.5", 0],
    ["rows() > 5 or missing_share(x) > 0.5", 1],
  ])("%s", (text, value) => {
    const found = ask(text);
    expect(found.kind === "value" ? found.value : found.reason).toBeCloseTo(value, 12);
  });
});

describe("what cannot be told is told apart from every number", () => {
  test.each<[string, string, number]>([
    ["1 / (mean(x) - 3)", "divides by zero", 0],
    ["mean(empty)", "no row has a number of empty", 0],
    ["1 + mean(never_seen)", "no row has a number of never_seen", 4],
    ["std(one)", "two numbers of one", 0],
    ["median(town)", "no row has a number of town", 0],
    ["share(empty, 'a')", "no row has a value of empty", 0],
    ["sqrt(0 - 1)", "root of a negative", 0],
    ["ln(0)", "logarithm", 0],
    ["exp(1000)", "not finite", 0],
    ["1e300 * 1e300", "not finite", 0],
    ["mean(empty) > 3", "no row has a number", 0],
    ["not mean(empty) > 3", "no row has a number", 4],
    ["if(mean(empty) > 3, 1, 2)", "no row has a number", 3],
    ["rows() > 5 and mean(empty) > 3", "no row has a number", 15],
  ])("%s", (text, reason, at) => {
    const found = ask(text);
    expect(found).toMatchObject({ kind: "unknown", at });
    expect(found.kind === "unknown" ? found.reason : "").toContain(reason);
  });

  test("one side of and or or alone can settle it", () => {
    expect(ask("rows() < 5 and mean(empty) > 3")).toEqual({ kind: "value", value: 0 });
    expect(ask("mean(empty) > 3 or rows() > 5")).toEqual({ kind: "value", value: 1 });
    expect(ask("if(rows() > 5, 1, mean(empty))")).toEqual({ kind: "value", value: 1 });
  });

  test("without anything to compare with, what needs it is unknown and the rest is known", () => {
    const none = { reason: "no rows came in the days before" };
    expect(ask("mean(x) / reference(mean(x))", none)).toMatchObject({
      kind: "unknown",
      reason: none.reason,
    });
    expect(ask("mean(x)", none)).toEqual({ kind: "value", value: 3 });
  });
});
