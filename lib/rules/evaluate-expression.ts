import type {
  ColumnName,
  ColumnStatistic,
  Comparison,
  ExpressionNode,
  ScalarFunction,
} from "#lib/domain/expression.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { quantilesOfHistogram } from "#lib/stats/histogram-quantiles.ts";
import { totalCountOf } from "#lib/stats/numeric-histogram.ts";

/** Rows of one stretch of time and the profiles of their columns; null: no row carried it. */
export interface ExpressionSide {
  rowCount: number;
  profileOf(column: ColumnName): FeatureProfile | null;
}

export type ExpressionValue =
  | { kind: "value"; value: number }
  /** What cannot be told is told apart from every number: nothing computed from it is known either. */
  | { kind: "unknown"; reason: string; at: number };

const known = (value: number): ExpressionValue => ({ kind: "value", value });
const unknown = (at: number, reason: string): ExpressionValue => ({ kind: "unknown", reason, at });

/** A number, or 1 where something holds and 0 where it does not. */
export function evaluateExpression(
  node: ExpressionNode,
  window: ExpressionSide,
  reference: ExpressionSide | { reason: string },
): ExpressionValue {
  const ask = (of: ExpressionNode) => evaluateExpression(of, window, reference);
  switch (node.kind) {
    case "number":
      return known(node.value);
    case "rows":
      return known(window.rowCount);
    case "statistic":
      return statisticOf(node.statistic, node.column, window, node.at);
    case "quantile":
      return quantileOf(node.column, node.share, window, node.at);
    case "share":
      return shareOf(node.column, node.value, window, node.at);
    case "negative":
      return chain([node.of], ask, ([value = 0]) => known(-value));
    case "arithmetic":
      return chain([node.left, node.right], ask, ([a = 0, b = 0]) => arithmetic(node, a, b));
    case "scalar":
      return chain(node.of, ask, (values) => scalarOf(node.name, values, node.at));
    case "compare":
      return chain([node.left, node.right], ask, ([a = 0, b = 0]) =>
        known(holds(node.operator, a, b) ? 1 : 0),
      );
    case "logic":
      return logicOf(node.operator, ask(node.left), ask(node.right));
    case "not":
      return chain([node.of], ask, ([value = 0]) => known(value === 0 ? 1 : 0));
    case "if": {
      const test = ask(node.test);
      if (test.kind === "unknown") return test;
      return ask(test.value === 0 ? node.no : node.yes);
    }
    case "reference":
      return "reason" in reference
        ? unknown(node.at, reference.reason)
        : evaluateExpression(node.of, reference, reference);
  }
}

function chain(
  nodes: readonly ExpressionNode[],
  ask: (node: ExpressionNode) => ExpressionValue,
  compute: (values: number[]) => ExpressionValue,
): ExpressionValue {
  const values: number[] = [];
  for (const node of nodes) {
    const found = ask(node);
    if (found.kind === "unknown") return found;
    values.push(found.value);
  }
  return compute(values);
}

/** One side alone can settle it, whatever the other would say. */
function logicOf(
  operator: "and" | "or",
  left: ExpressionValue,
  right: ExpressionValue,
): ExpressionValue {
  const settles = operator === "and" ? 0 : 1;
  for (const side of [left, right])
    if (side.kind === "value" && side.value === settles) return known(settles);
  if (left.kind === "unknown") return left;
  return right.kind === "unknown" ? right : known(1 - settles);
}

function arithmetic(
  { operator, at }: { operator: "+" | "-" | "*" | "/"; at: number },
  a: number,
  b: number,
): ExpressionValue {
  switch (operator) {
    case "+":
      return finite(a + b, at);
    case "-":
      return finite(a - b, at);
    case "*":
      return finite(a * b, at);
    case "/":
      return b === 0 ? unknown(at, "it divides by zero") : finite(a / b, at);
  }
}

const finite = (value: number, at: number): ExpressionValue =>
  Number.isFinite(value) ? known(value) : unknown(at, "the value is not finite");

function scalarOf(
  name: ScalarFunction,
  [a = 0, b = 0]: readonly number[],
  at: number,
): ExpressionValue {
  switch (name) {
    case "abs":
      return known(Math.abs(a));
    case "sqrt":
      return a < 0 ? unknown(at, "it takes the root of a negative number") : known(Math.sqrt(a));
    case "ln":
      return a <= 0
        ? unknown(at, "it takes the logarithm of no positive number")
        : known(Math.log(a));
    case "log10":
      return a <= 0
        ? unknown(at, "it takes the logarithm of no positive number")
        : known(Math.log10(a));
    case "exp":
      return finite(Math.exp(a), at);
    case "least":
      return known(Math.min(a, b));
    case "greatest":
      return known(Math.max(a, b));
  }
}

function holds(operator: Comparison, a: number, b: number): boolean {
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    case "==":
      return a === b;
    case "!=":
      return a !== b;
  }
}

function nameOf({ subject, name }: ColumnName): string {
  switch (subject) {
    case "feature":
      return name;
    case "prediction":
      return `prediction.${name}`;
    case "latency":
      return "latency";
  }
}

const valueCountOf = ({ rowCount, nullCount, absentCount }: FeatureProfile) =>
  rowCount - nullCount - absentCount;

function statisticOf(
  statistic: ColumnStatistic,
  column: ColumnName,
  { rowCount, profileOf }: ExpressionSide,
  at: number,
): ExpressionValue {
  const profile = profileOf(column);
  const lacks = (what: string) => unknown(at, `no row has ${what} of ${nameOf(column)}`);
  switch (statistic) {
    case "count":
      return known(profile === null ? 0 : valueCountOf(profile));
    case "missing_share":
      if (rowCount === 0) return unknown(at, "there are no rows");
      return known(profile === null ? 1 : 1 - valueCountOf(profile) / rowCount);
    case "nan_share": {
      if (rowCount === 0) return unknown(at, "there are no rows");
      if (profile === null) return known(0);
      const { nanCount, positiveInfinityCount, negativeInfinityCount } = profile;
      return known((nanCount + positiveInfinityCount + negativeInfinityCount) / rowCount);
    }
    case "median":
      return quantileOf(column, 0.5, { rowCount, profileOf }, at);
    case "mean":
    case "std":
    case "variance":
    case "min":
    case "max":
    case "sum":
      if (profile === null || profile.numericCount === 0) return lacks("a number");
      return momentOf(statistic, profile, () =>
        unknown(at, `it takes two numbers of ${nameOf(column)}, and there is one`),
      );
  }
}

function momentOf(
  statistic: "mean" | "std" | "variance" | "min" | "max" | "sum",
  { numericCount, mean, m2, minimum, maximum }: FeatureProfile,
  tooFew: () => ExpressionValue,
): ExpressionValue {
  const variance = m2 / (numericCount - 1);
  switch (statistic) {
    case "mean":
      return known(mean);
    case "sum":
      return known(mean * numericCount);
    case "min":
      return known(minimum ?? Number.NaN);
    case "max":
      return known(maximum ?? Number.NaN);
    case "variance":
      return numericCount < 2 ? tooFew() : known(variance);
    case "std":
      return numericCount < 2 ? tooFew() : known(Math.sqrt(variance));
  }
}

function quantileOf(
  column: ColumnName,
  share: number,
  { profileOf }: ExpressionSide,
  at: number,
): ExpressionValue {
  const profile = profileOf(column);
  const found =
    profile === null || totalCountOf(profile) === 0
      ? null
      : quantilesOfHistogram(profile, profile.minimum, [share]);
  const [value] = found ?? [];
  return value === undefined
    ? unknown(at, `no row has a number of ${nameOf(column)}`)
    : known(value);
}

/** Of the values that are there. */
function shareOf(
  column: ColumnName,
  value: string,
  { profileOf }: ExpressionSide,
  at: number,
): ExpressionValue {
  const profile = profileOf(column);
  const total = profile === null ? 0 : valueCountOf(profile);
  if (profile === null || total === 0)
    return unknown(at, `no row has a value of ${nameOf(column)}`);
  const place = profile.valueNames.indexOf(value);
  if (place === -1 && profile.otherCount > 0)
    return unknown(at, `${nameOf(column)} has too many values to know how many are "${value}"`);
  return known((profile.valueCounts[place] ?? 0) / total);
}
