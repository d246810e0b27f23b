import { describe, expect, test } from "vitest";
import type { ParsedExpression } from "./expression.ts";
import { expressionLimits, parseExpression, typeOfExpression } from "./expression.ts";

const errorOf = (text: string) => {
  const parsed = parseExpression(text);
  if (parsed.kind === "parsed") throw new Error(`Expected "${text}" to be refused.`);
  return parsed.error;
};
const rootOf = (text: string) => {
  const parsed: ParsedExpression = parseExpression(text);
  if (parsed.kind === "error") throw new Error(parsed.error.message);
  return parsed.root;
};

describe("what is no expression is refused at its line and column, with what was expected", () => {
  test.each<[string, string, number, number, string]>([
    ["nothing", "", 1, 1, "expected an expression"],
    ["blanks", "  \n ", 1, 1, "expected an expression"],
    ["a bare column", "distance", 1, 1, "mean(distance)"],
    ["a bare column in backquotes", "1 + `trip time`", 1, 5, "mean(`trip time`)"],
    ["a bare text", "'a'", 1, 1, "share(column, 'text')"],
    ["an unknown function", "average(distance)", 1, 1, 'no function "average"'],
    ["an unknown function further on", "1 +\n  sin(2)", 2, 3, 'no function "sin"'],
    ["a missing operand", "1 +", 1, 4, "not the end"],
    ["two numbers in a row", "1 2", 1, 3, 'not "2"'],
    ["a doubled operator", "1 * / 2", 1, 5, 'not "/"'],
    ["an operator in front", "* 2", 1, 1, 'not "*"'],
    ["a plus in front", "+2", 1, 1, 'not "+"'],
    ["an open parenthesis", "(1 + 2", 1, 7, 'expected ")"'],
    ["a parenthesis too many", "(1 + 2))", 1, 8, 'not ")"'],
    ["empty parentheses", "()", 1, 2, 'not ")"'],
    ["a call that is not closed", "mean(distance", 1, 14, 'expected ")"'],
    ["a call without parentheses", "rows", 1, 5, 'expected "("'],
    ["rows of something", "rows(distance)", 1, 6, 'expected ")"'],
    ["a statistic of a number", "mean(3)", 1, 6, 'name of a column, not "3"'],
    ["a statistic of an expression", "mean(distance + 1)", 1, 15, 'expected ")"'],
    ["a statistic of nothing", "mean()", 1, 6, 'name of a column, not ")"'],
    ["a statistic of a text", "mean('distance')", 1, 6, "name of a column"],
    ["a statistic of a word of ours", "mean(and)", 1, 6, '"and" is no column'],
    ["two columns", "mean(a, b)", 1, 7, 'expected ")"'],
    ["a quantile without its share", "quantile(distance)", 1, 18, "a share from 0 to 1"],
    ["a quantile beyond 1", "quantile(distance, 95)", 1, 20, "a share from 0 to 1"],
    ["a negative quantile", "quantile(distance, -0.5)", 1, 20, "a share from 0 to 1"],
    ["a quantile of an expression", "quantile(distance, 1/2)", 1, 21, 'expected ")"'],
    ["a share without its value", "share(town)", 1, 11, "a value in quotes"],
    ["a share of a bare value", "share(town, ATL)", 1, 13, "a value in quotes"],
    ["a text that nothing closes", "share(town, 'ATL)", 1, 13, "nothing closes"],
    ["a column that nothing closes", "mean(`a", 1, 6, "nothing closes"],
    ["an empty column", "mean(``)", 1, 6, "a column's name"],
    ["a single =", "rows() = 3", 1, 8, "use == to compare"],
    ["a chain of comparisons", "1 < rows() < 3", 1, 12, 'join two with "and"'],
    ["a comparison in arithmetic", "(rows() > 3) + 1", 1, 2, "takes a number"],
    ["a comparison of a comparison", "(rows() > 3) == 1", 1, 2, "takes a number"],
    ["and over a number", "rows() and rows() > 3", 1, 1, "takes a comparison"],
    ["not over a number", "not rows()", 1, 5, "takes a comparison"],
    ["minus over a comparison", "-(rows() > 3)", 1, 3, "takes a number"],
    ["if without a comparison", "if(rows(), 1, 2)", 1, 4, "takes a comparison"],
    ["if without its other side", "if(rows() > 1, 1)", 1, 17, "what it is if not"],
    ["if with unlike sides", "if(rows() > 1, 1, rows() > 2)", 1, 19, "takes a number"],
    ["a function of one with two", "sqrt(1, 2)", 1, 7, 'expected ")"'],
    ["a function of two with one", "least(1)", 1, 8, "another number"],
    [
      "a reference of a reference",
      "reference(reference(rows()))",
      1,
      11,
      "reference of a reference",
    ],
    ["a number that is none", "1.2.3", 1, 1, '"1.2.3" is no number'],
    ["a number with letters", "12abc", 1, 1, '"12abc" is no number'],
    ["a number without end", "1e999", 1, 1, "too large"],
    ["a statement", "rows(); DROP TABLE monitors", 1, 7, '";" means nothing here'],
    ["a subquery", "(SELECT 1)", 1, 2, "mean(SELECT)"],
    ["a sign of another alphabet", "rows() × 2", 1, 8, '"×" means nothing here'],
    ["a picture", "rows() 🙂", 1, 8, '"🙂" means nothing here'],
    ["a nul", "rows()\u0000", 1, 7, "means nothing here"],
    ["a third line", "mean(a)\n+ mean(b)\n+ %", 3, 3, '"%" means nothing here'],
  ])("%s", (_what, text, line, column, message) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ line, column });
    expect(error.message).toContain(message);
  });

  test("nesting, length and columns are bounded", () => {
    const deep = (count: number) => `${"(".repeat(count)}1${")".repeat(count)}`;
    expect(parseExpression(deep(expressionLimits.depthMax - 1)).kind).toBe("parsed");
    expect(errorOf(deep(expressionLimits.depthMax)).message).toContain("nested more than");
    expect(errorOf(deep(450)).message).toContain("nested more than");
    expect(errorOf(`1${" ".repeat(expressionLimits.lengthMax)}`).message).toContain("characters");
    const columns = Array.from(
      { length: expressionLimits.columnsMax + 1 },
      (_, i) => `count(c${i})`,
    );
    expect(parseExpression(columns.slice(1).join("+")).kind).toBe("parsed");
    expect(errorOf(columns.join("+")).message).toContain("columns");
    expect(parseExpression(`${"-".repeat(900)}1`).kind).toBe("parsed");
    expect(parseExpression(`${"not ".repeat(200)}1 < 2`).kind).toBe("parsed");
  });
});

describe("an expression is read as it is written elsewhere", () => {
  const shape = (text: string): unknown => {
    const strip = (node: ReturnType<typeof rootOf>): unknown => {
      switch (node.kind) {
        case "number":
          return node.value;
        case "arithmetic":
        case "compare":
        case "logic":
          return [strip(node.left), node.operator, strip(node.right)];
        case "negative":
          return ["-", strip(node.of)];
        case "not":
          return ["not", strip(node.of)];
        default:
          return node.kind;
      }
    };
    return strip(rootOf(text));
  };
  test.each<[string, unknown]>([
    ["1 + 2 * 3", [1, "+", [2, "*", 3]]],
    ["(1 + 2) * 3", [[1, "+", 2], "*", 3]],
    ["8 - 3 - 2", [[8, "-", 3], "-", 2]],
    ["8 / 4 / 2", [[8, "/", 4], "/", 2]],
    ["-2 * 3", [["-", 2], "*", 3]],
    ["2 - -3", [2, "-", ["-", 3]]],
    ["--2", 2],
    ["1 < 2 and 2 < 3 or 3 < 4", [[[1, "<", 2], "and", [2, "<", 3]], "or", [3, "<", 4]]],
    ["not 1 < 2 and 2 < 3", [["not", [1, "<", 2]], "and", [2, "<", 3]]],
    [".5 + 1.5e3", [0.5, "+", 1500]],
  ])("%s", (text, tree) => {
    expect(shape(text)).toEqual(tree);
  });

  test("columns are named once; backquotes make a feature of any name", () => {
    const parsed = parseExpression(
      'mean(prediction) - mean(`prediction`) + share(`trip time`, "it\'s") / mean(prediction)',
    );
    expect(parsed).toMatchObject({
      kind: "parsed",
      usesReference: false,
      columns: [
        { subject: "prediction", name: "value" },
        { subject: "feature", name: "prediction" },
        { subject: "feature", name: "trip time" },
      ],
    });
    expect(parseExpression("rows() / reference(rows())")).toMatchObject({ usesReference: true });
  });

  test("what it comes to is known before it is asked", () => {
    expect(typeOfExpression(rootOf("rows()"))).toBe("number");
    expect(typeOfExpression(rootOf("rows() > 1 or not rows() < 3"))).toBe("truth");
    expect(typeOfExpression(rootOf("if(rows() > 1, reference(rows()), 2)"))).toBe("number");
  });
});
