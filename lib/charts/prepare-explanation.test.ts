import { expect, test } from "vitest";
import type { DriftExplanation } from "#lib/api/drift.ts";
import { prepareExplanation } from "./prepare-explanation.ts";
import type { Sentence } from "./sentence.ts";
import { toPlainText } from "./sentence.ts";

const explained: DriftExplanation = {
  model: "eta",
  environment: "production",
  version: "1",
  segment: null,
  from: "2026-11-20T00:00:00Z",
  until: "2026-11-27T00:00:00Z",
  reference: null,
  subject: "feature",
  feature: "amount",
  type: "numeric",
  statistic: {
    statistic: "psi",
    unit: "nat",
    value: 0.3914,
    lowerBound: 0.3914,
    upperBound: 0.3914,
    isExact: true,
    nullExpectation: 0.005,
    interval: null,
    bound: 0,
    pValue: null,
    binCount: 3,
    smoothing: "none",
    category: null,
  },
  reason: "",
  referenceCount: 5_000,
  windowCount: 15_513,
  cells: [
    { from: null, until: 8.8761, name: null, referenceCount: 250, windowCount: 1_000 },
    { from: 8.8761, until: 8.8762, name: null, referenceCount: 4_750, windowCount: 0 },
    { from: 8.8762, until: null, name: null, referenceCount: 0, windowCount: 14_513 },
  ],
  exact: {
    state: "read",
    rowsMax: 100_000,
    referenceCount: 5_000,
    windowCount: 15_513,
    value: 0.3921,
    compatibility: [
      { profile: "evidently", statistic: "psi", value: 0.41, note: "bins by Sturges" },
    ],
  },
  sql: "SELECT 1",
  python: "print(1)",
};
const plain = (parts: Sentence) => toPlainText(parts).replaceAll("\u202f", " ");

test("a number is said with what it was counted from, and edges that lie close stay apart", () => {
  const model = prepareExplanation(explained);
  expect(plain(model.sentence)).toBe(
    "PSI is 0.391 nat: 15,513 values of the window against 5,000 of the reference, counted in 3 cells.",
  );
  expect(plain(model.exact)).toBe("From the raw rows, every one of both sides, it is 0.392.");
  expect(model.cells.map(({ label }) => label)).toEqual([
    "below 8.8761",
    "8.8761 to 8.8762",
    "8.8762 or more",
  ]);
  expect(model.cells[1]).toMatchObject({
    reference: "4,750",
    referenceShare: "95\u202f%",
    window: "0",
    windowShare: "0\u202f%",
  });
  expect(model.tools).toEqual([
    {
      key: "evidently psi",
      tool: "Evidently",
      statistic: "psi",
      value: "0.41",
      note: "bins by Sturges",
    },
  ]);
});

test.each([
  [{ state: "read", value: null }, "The raw rows were read, and have no value either."],
  [{ state: "too_many_rows" }, "The raw rows were not read: a side has more than 100,000."],
  [
    { state: "rows_expired", windowCount: 12, referenceCount: 5_000 },
    "The raw rows are not all there any more: 12 of the window and 5,000 of the reference are left.",
  ],
  [{ state: "no_rows" }, "There are no raw rows to compare."],
] satisfies [Partial<DriftExplanation["exact"]>, string][])(
  "%o is said as it is",
  (exact, expected) => {
    const model = prepareExplanation({ ...explained, exact: { ...explained.exact, ...exact } });
    expect(plain(model.exact)).toBe(expected);
  },
);

test("a number that is not there says why, and a name stands for its cell", () => {
  const model = prepareExplanation({
    ...explained,
    statistic: null,
    reason: "38 values in the window, 100 needed",
    cells: [{ from: null, until: null, name: "ATL", referenceCount: 0, windowCount: 0 }],
    referenceCount: 0,
  });
  expect(plain(model.sentence)).toBe("It has no value here: 38 values in the window, 100 needed.");
  expect(model.cells[0]).toMatchObject({ label: "ATL", referenceShare: "–" });
});
