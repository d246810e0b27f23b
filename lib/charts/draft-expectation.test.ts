import { describe, expect, test } from "vitest";
import type { Draft } from "./draft-expectation.ts";
import { draftOf, readDraft, sayDeclared, sayPreview } from "./draft-expectation.ts";

const empty: Draft = {
  minimum: "",
  maximum: "",
  absolute: "",
  relative: "",
  values: "",
  isRequired: false,
};

describe("a typed expectation", () => {
  test.each([
    ["nothing is learned", empty, "numeric", {}],
    [
      "numbers",
      { ...empty, minimum: "0", maximum: " 1.5 " },
      "numeric",
      { minimum: 0, maximum: 1.5 },
    ],
    ["no bound", { ...empty, minimum: "none" }, "numeric", { minimum: null }],
    [
      "values, each once",
      { ...empty, values: "a\n b \n\na" },
      "categorical",
      { allowedValues: ["a", "b"] },
    ],
    ["any value", { ...empty, values: "*" }, "categorical", { allowedValues: null }],
    [
      "tolerances",
      { ...empty, absolute: "0.5", relative: "0.7" },
      "numeric",
      { skewTolerance: { absolute: 0.5, relative: 0.007 } },
    ],
    [
      "a tolerance of nothing",
      { ...empty, relative: "0" },
      "numeric",
      { skewTolerance: { relative: 0 } },
    ],
    ["no tolerance of names", { ...empty, values: "a" }, "boolean", { allowedValues: ["a"] }],
    ["required", { ...empty, isRequired: true }, "text", { isRequired: true }],
  ] as const)("reads %s, and is typed the same again", (_name, draft, type, declared) => {
    const read = readDraft(draft, type);
    expect(read).toEqual({ declared, errors: {} });
    expect(readDraft(draftOf(read.declared ?? {}), type).declared).toEqual(declared);
  });

  test("says what it cannot read", () => {
    expect(readDraft({ ...empty, minimum: "ten" }, "numeric")).toEqual({
      declared: null,
      errors: { minimum: '"ten" is no number.' },
    });
    expect(readDraft({ ...empty, minimum: "5", maximum: "1" }, "numeric").errors.maximum).toBe(
      "must not be below the minimum",
    );
  });

  test("refuses a tolerance that is none", () => {
    expect(readDraft({ ...empty, absolute: "-1" }, "numeric").errors.absolute).toBeDefined();
    expect(readDraft({ ...empty, absolute: "Infinity" }, "numeric").errors.absolute).toBeDefined();
    expect(readDraft({ ...empty, relative: "101" }, "numeric").errors.relative).toBeDefined();
    expect(readDraft({ ...empty, relative: "x" }, "numeric").declared).toBeNull();
  });

  test("is said in words", () => {
    expect(sayDeclared(null)).toBe("learned from the baseline");
    expect(sayDeclared({ maximum: 300, isRequired: true })).toBe("learned to 300, required");
    expect(sayDeclared({ allowedValues: ["a", "b"] })).toBe("2 values");
    expect(sayDeclared({ minimum: 0, skewTolerance: { absolute: 0.5 } })).toBe(
      "0 to learned, skew is a difference of more than 0.5",
    );
    expect(sayDeclared({ skewTolerance: { absolute: 0.5, relative: 0.01 } })).toBe(
      "skew is a difference of more than 0.5 and more than 1\u202f%",
    );
    expect(sayDeclared({ skewTolerance: { relative: 0 } })).toBe("skew is any difference");
  });
});

test("a preview names how many rows break it, and between which bounds", () => {
  const preview = {
    from: "2026-11-20T10:00:00Z",
    until: "2026-11-21T10:00:00Z",
    rowCount: 1_000,
    skew: null,
  };
  expect(sayPreview({ ...preview, violations: [] })).toContain("None of 1,000 rows");
  const violations = [
    { check: "above_range" as const, least: 10, most: 20 },
    { check: "null" as const, least: 0, most: 0 },
  ];
  expect(sayPreview({ ...preview, violations })).toBe(
    "Of 1,000 rows of the last 24 h it would find 10 to 20 rows above range (2\u202f%).",
  );
  expect(sayPreview({ ...preview, rowCount: 0, violations })).toContain("nothing to try it on");
  const skew = { comparedCount: 400, differingCount: 100, wouldDifferCount: 4, sampledShare: 1 };
  expect(sayPreview({ ...preview, violations: [], skew })).toBe(
    "None of 1,000 rows of the last 24 h would break it. Of 400 pairs with the offline store, 4 would differ (1\u202f%); now 100 do.",
  );
  expect(
    sayPreview({ ...preview, violations: [], skew: { ...skew, wouldDifferCount: 100 } }),
  ).toContain("Of 400 pairs with the offline store, 100 differ, as now.");
});
