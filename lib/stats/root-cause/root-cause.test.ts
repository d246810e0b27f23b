import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BinnedColumn, BoostedTrees, TreeNode } from "#lib/stats/boosted-trees.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import { pickRows } from "#lib/stats/multivariate/joint-columns.ts";
import type { Moment } from "#lib/stats/performance/moments.ts";
import { NO_MOMENT } from "#lib/stats/performance/moments.ts";
import type { ChangePart } from "#lib/stats/root-cause/explain-change.ts";
import { computeWholeChange, explainChange } from "#lib/stats/root-cause/explain-change.ts";
import { isAnythingFound, judgeChange } from "#lib/stats/root-cause/judge-change.ts";
import { computePartialDependence } from "#lib/stats/root-cause/partial-dependence.ts";
import { restoreFeatures, restoreValues } from "#lib/stats/root-cause/restore-feature.ts";
import {
  computeSegmentContributions,
  groupBySegment,
} from "#lib/stats/root-cause/segment-contributions.ts";
import type { Surrogate } from "#lib/stats/root-cause/surrogate.ts";
import { fitSurrogate } from "#lib/stats/root-cause/surrogate.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";
import type { Tolerance } from "#lib/stats/testing/reference.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";
import {
  answerOf,
  learn,
  numeric,
  rowsOf,
  same,
  shift,
} from "#lib/stats/testing/taught-surrogate.ts";

/** The same arithmetic in another order. */
const exact: Tolerance = { rtol: 1e-10, atol: 1e-12 };

type Forest = {
  start: number;
  trees: TreeNode[];
  binCounts: number[];
  reference: number[][];
};

const binnedOf = ({ binCounts }: Forest, columns: number[][]): BinnedColumn[] =>
  columns.map((bins, i) => ({
    name: `x${i}`,
    bins: Uint8Array.from(bins),
    binCount: binCounts[i] ?? 0,
  }));

const treesOf = ({ start, trees, binCounts }: Forest): BoostedTrees => ({
  start,
  trees,
  loss: "squares",
  gains: binCounts.map(() => 1),
});

describe("partial dependence", () => {
  test("is scikit-learn's, by brute force over the rows", () => {
    const expected = readReference<Forest & { dependence: number[][] }>("partial-dependence");
    const found = computePartialDependence(
      treesOf(expected),
      binnedOf(expected, expected.reference),
    );
    expected.dependence.forEach((column, j) => {
      column.forEach((value, bin) => {
        expect(disagreement(found[j]?.[bin] ?? null, value, exact)).toBeUndefined();
      });
    });
  });

  test("of no rows is 0", () => {
    const trees = treesOf({ start: 1, trees: [], binCounts: [2], reference: [[]] });
    const column = { name: "x", bins: new Uint8Array(0), binCount: 2 };
    expect(computePartialDependence(trees, [column])).toEqual([[0, 0]]);
  });
});

describe("surrogate", () => {
  const expected = readReference<{
    columns: (number | null)[][];
    cases: {
      name: string;
      targets: number[];
      scikitLearnR2: number;
      lightGbmR2: number;
      importances: number[];
    }[];
  }>("surrogate");
  const columns = expected.columns.map((values, i) => numeric(`x${i}`, values));
  const firstRows = Array.from({ length: 300 }, (_, i) => i);

  test("is none of few rows, of a constant, or without columns", async () => {
    const values = Array.from({ length: 200 }, (_, i) => i);
    expect(await fitSurrogate([numeric("x", values.slice(0, 99))], values.slice(0, 99))).toBeNull();
    expect(
      await fitSurrogate(
        [numeric("x", values)],
        values.map(() => 7),
      ),
    ).toBeNull();
    expect(await fitSurrogate([], values)).toBeNull();
    expect(
      await fitSurrogate(
        [numeric("x", values)],
        values.map(() => Number.NaN),
      ),
    ).toBeNull();
  });

  test("leaves out rows without a target, and takes what is missing, infinite or all missing", async () => {
    const random = seededRandom(2);
    const x = Array.from({ length: 400 }, (_, i) => (i % 9 === 0 ? Number.NaN : random()));
    const y = x.map((value, i) => (i % 10 === 0 ? Number.NaN : value || 2));
    const found = await fitSurrogate(
      [
        numeric("x", x),
        numeric(
          "gone",
          x.map(() => null),
        ),
        numeric(
          "wild",
          x.map(() => Number.POSITIVE_INFINITY),
        ),
        { name: "name", kind: "categorical", values: x.map((_, i) => (i % 2 === 0 ? "a" : null)) },
      ],
      y,
    );
    expect(found?.rowCount).toBe(360);
    expect(found?.r2).toBeGreaterThan(0.95);
    expect(found?.features[0]?.bins.name).toBe("x");
  });

  test("comes back from JSON as it was, and the same from the same seed", async () => {
    const some = pickRows(columns, firstRows);
    const targets = expected.cases[0]?.targets.slice(0, firstRows.length) ?? [];
    const [a, b] = [await fitSurrogate(some, targets), await fitSurrogate(some, targets)];
    expect(a).toEqual(b);
    expect(JSON.parse(JSON.stringify(a))).toEqual(a);
  });
});

describe("explain change", () => {
  test("has scipy's differences, intervals and tests of what scikit-learn's dependence gives each row", () => {
    const expected = readReference<
      Forest & {
        window: number[][];
        referenceTargets: number[];
        windowTargets: number[];
        whole: ChangePart;
        features: ChangePart[];
        interaction: ChangePart;
        remainder: ChangePart;
      }
    >("explain-change");
    const dependence = computePartialDependence(
      treesOf(expected),
      binnedOf(expected, expected.reference),
    );
    // Whole numbers are cut at themselves from 1: bin 0 is for what is missing.
    const cutsOf = (j: number) =>
      Array.from({ length: (expected.binCounts[j] ?? 0) - 1 }, (_, i) => i + 1);
    const raise = (node: TreeNode): TreeNode =>
      node.kind === "leaf"
        ? node
        : { ...node, bin: node.bin + 1, left: raise(node.left), right: raise(node.right) };
    const surrogate: Surrogate = {
      rowCount: expected.reference[0]?.length ?? 0,
      targetMean: 0,
      targetVariance: 1,
      r2: 1,
      r2StandardError: 0,
      residualVariance: 0,
      columnCount: 4,
      features: expected.binCounts.map((_, j) => ({
        bins: { name: `x${j}`, kind: "numeric", cuts: cutsOf(j) },
        range: [0, (expected.binCounts[j] ?? 1) - 1],
        importance: 1,
        importanceStandardError: 0,
        dependence: [0, ...(dependence[j] ?? [])],
      })),
      trees: treesOf({ ...expected, trees: expected.trees.map(raise) }),
    };
    const sideOf = (columns: number[][], targets: number[]) => ({
      columns: columns.map((values, j) => numeric(`x${j}`, values)),
      targets: Float64Array.from(targets),
    });
    const [reference, window] = [
      sideOf(expected.reference, expected.referenceTargets),
      sideOf(expected.window, expected.windowTargets),
    ];
    const found = explainChange(surrogate, reference, window);
    const whole = computeWholeChange(reference.targets, window.targets);
    const agree = (part: ChangePart | null | undefined, wanted: ChangePart) => {
      for (const key of ["value", "low", "high", "pValue"] as const)
        expect(
          disagreement(part?.[key] ?? null, wanted[key], { rtol: 1e-8, atol: 1e-11 }),
        ).toBeUndefined();
    };
    agree(whole, expected.whole);
    expected.features.forEach((part, j) => {
      agree(found?.features[j], part);
    });
    agree(found?.interaction, expected.interaction);
    agree(found?.remainder, expected.remainder);
    expect(found?.features[3]).toMatchObject({ value: 0, pValue: 1, outsideShare: 0 });
  });

  test("of a side with fewer than two rows is none", () => {
    expect(computeWholeChange([1], [1, 2])).toBeNull();
    expect(computeWholeChange([], [])).toBeNull();
  });
});

describe("a planted change", () => {
  test("adds up: features, interaction and remainder are the whole change", async () => {
    const random = seededRandom(31);
    const { surrogate, reference } = await learn();
    for (const fault of [same, shift(3, 1), (row: number[]) => row.map((x) => 2 * x + 1)]) {
      const columns = rowsOf(random, 300, fault);
      const window = { columns, targets: answerOf(columns) };
      const found = explainChange(surrogate, reference, window);
      const sum =
        (found?.features ?? []).reduce((total, { value }) => total + value, 0) +
        (found?.interaction.value ?? 0) +
        (found?.remainder.value ?? 0);
      const whole = computeWholeChange(reference.targets, window.targets);
      expect(disagreement(sum, whole?.value ?? 0, { atol: 1e-9 })).toBeUndefined();
    }
  });

  test("beyond what was ever seen leaves a remainder, and says how much lies outside", async () => {
    const random = seededRandom(32);
    const { surrogate, reference } = await learn();
    const columns = rowsOf(random, 1_000, (row) => row.map((x, j) => (j === 0 ? 10 + x : x)));
    const found = explainChange(surrogate, reference, { columns, targets: answerOf(columns) });
    expect(found?.features.find(({ feature }) => feature === "x0")?.outsideShare).toBe(1);
    expect(found?.remainder.value).toBeGreaterThan(5);
  });
});

describe("no change", () => {
  test("half of the weight is the whole change's, and more features take nothing of it", () => {
    const many = new Array<number>(500).fill(0.9);
    expect(judgeChange({ whole: 0.02, features: many, segments: many }).whole).toBeCloseTo(0.04);
    expect(judgeChange({ whole: 0.05, features: [], segments: [] }).whole).toBeCloseTo(0.05);
    expect(isAnythingFound({ whole: 1, features: [], segments: [] })).toBe(false);
  });
});

const momentOf = (values: readonly number[]): Moment => {
  const mean = values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length);
  return {
    count: values.length,
    mean: values.length === 0 ? 0 : mean,
    m2: values.reduce((sum, x) => sum + (x - mean) ** 2, 0),
  };
};

describe("segments", () => {
  const { cases } = readReference<{
    cases: {
      name: string;
      before: number[][];
      after: number[][];
      change: number;
      mix: number[];
      behaviour: number[];
      standardErrors: number[] | null;
    }[];
  }>("segment-contributions");

  test.each(cases)("$name: the parts are the exact fractions, their errors numpy's", (given) => {
    const found = computeSegmentContributions(
      given.before.map((rows, i) => ({
        segment: String(i),
        reference: momentOf(rows),
        window: momentOf(given.after[i] ?? []),
      })),
    );
    const agree = (value: number | undefined, wanted: number, tolerance = exact) =>
      expect(disagreement(value ?? null, wanted, tolerance)).toBeUndefined();
    agree(found?.change, given.change);
    const size = given.before.length;
    // Central differences of a smooth function, step 1e-6.
    const numerical = { rtol: 1e-5, atol: 1e-8 };
    found?.segments.forEach(({ mix, behaviour, total }, i) => {
      agree(mix.value, given.mix[i] ?? 0);
      agree(behaviour.value, given.behaviour[i] ?? 0);
      const errors = given.standardErrors;
      if (errors === null) return;
      agree(mix.standardError, errors[i] ?? 0, numerical);
      agree(behaviour.standardError, errors[size + i] ?? 0, numerical);
      agree(total.standardError, errors[2 * size + i] ?? 0, numerical);
    });
    if (given.standardErrors !== null) {
      agree(found?.mix.standardError, given.standardErrors[3 * size] ?? 0, numerical);
      agree(found?.behaviour.standardError, given.standardErrors[3 * size + 1] ?? 0, numerical);
    }
  });

  test("Simpson's paradox: every segment is right more often, the whole less: the mix", () => {
    const [simpson] = cases;
    const found = computeSegmentContributions(
      (simpson?.before ?? []).map((rows, i) => ({
        segment: String(i),
        reference: momentOf(rows),
        window: momentOf(simpson?.after[i] ?? []),
      })),
    );
    expect(found?.change).toBeLessThan(0);
    expect(found?.behaviour.low).toBeGreaterThan(0);
    expect(found?.mix.high).toBeLessThan(found?.change ?? 0);
    expect(found?.segments.every(({ behaviour }) => behaviour.value > 0)).toBe(true);
  });

  test("always add up to the change, and back again with the sign turned", () => {
    const side = fc.record({
      count: fc.integer({ min: 0, max: 1_000 }),
      mean: fc.double({ min: -100, max: 100, noNaN: true }),
      m2: fc.double({ min: 0, max: 1_000, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.record({ reference: side, window: side }), { maxLength: 12 }),
        (rows) => {
          const given = rows.map((row, i) => ({ segment: String(i), ...row }));
          const found = computeSegmentContributions(given);
          if (found === null) return;
          const sum = found.segments.reduce(
            (total, { mix, behaviour }) => total + mix.value + behaviour.value,
            0,
          );
          expect(disagreement(sum, found.change, { atol: 1e-8 })).toBeUndefined();
          const back = computeSegmentContributions(
            given.map(({ segment, reference, window }) => ({
              segment,
              reference: window,
              window: reference,
            })),
          );
          found.segments.forEach(({ mix, behaviour }, i) => {
            const turned = back?.segments[i];
            expect(
              disagreement(turned?.mix.value ?? null, -mix.value, { atol: 1e-9 }),
            ).toBeUndefined();
            expect(
              disagreement(turned?.behaviour.value ?? null, -behaviour.value, { atol: 1e-9 }),
            ).toBeUndefined();
          });
        },
      ),
    );
  });

  test("of one, of none, of a side without rows", () => {
    const one = { count: 10, mean: 0.5, m2: 2.5 };
    const alone = computeSegmentContributions([
      { segment: "a", reference: one, window: { ...one, mean: 0.7 } },
    ]);
    expect(alone?.mix.value).toBe(0);
    expect(alone?.behaviour.value).toBeCloseTo(0.2);
    expect(computeSegmentContributions([])).toBeNull();
    expect(
      computeSegmentContributions([{ segment: "a", reference: one, window: NO_MOMENT }]),
    ).toBeNull();
    const still = { count: 10, mean: 1, m2: 0 };
    expect(
      computeSegmentContributions([{ segment: "a", reference: still, window: still }])?.segments[0]
        ?.total,
    ).toMatchObject({ value: 0, standardError: 0, pValue: 1 });
  });

  test("rare ones are one, and so is what is beyond the limit", () => {
    const sideOf = (segments: string[]) => ({ segments, targets: segments.map(() => 1) });
    const groups = groupBySegment(
      sideOf(["a", "a", "b", "b", "c", "d"]),
      sideOf(["a", "a", "b", "b", "b", "d", "d"]),
      { rest: "*", rowCountMin: 2, segmentsMax: 2 },
    );
    expect(
      groups.map(({ segment, reference, window }) => [segment, reference.count, window.count]),
    ).toEqual([
      ["b", 2, 3],
      ["a", 2, 2],
      ["*", 2, 2],
    ]);
  });
});

describe("a restored feature", () => {
  test.each(
    readReference<{
      cases: { name: string; before: number[]; after: number[]; restored: number[] }[];
    }>("restore-feature").cases,
  )("$name: has numpy's values at its ranks", ({ before, after, restored }) =>
    expect(restoreValues(before, after)).toEqual(restored),
  );

  test("of nothing is none, and what is missing stays missing", () => {
    expect(restoreValues([], [1])).toBeNull();
    expect(restoreValues([1], [null])).toBeNull();
    expect(restoreValues([1, 2], [null, 5])).toEqual([null, 2]);
  });

  test("wins back what a changed unit cost, and nothing where the world moved", async () => {
    const random = seededRandom(50);
    const { surrogate, reference } = await learn();
    const honest = rowsOf(random, 1_000, shift(0, 0.8));
    const labels = answerOf(honest);
    const rightness = (answer: number, row: number) => -Math.abs(answer - (labels[row] ?? 0));
    const [world] = restoreFeatures(surrogate, ["x0"], reference.columns, honest, rightness);
    expect(world?.part.high).toBeLessThan(0);
    const plain = rowsOf(random, 1_000, same);
    const truth = answerOf(plain);
    const faulty = plain.map(
      (column): JointColumn =>
        column.name === "x0" && column.kind === "numeric"
          ? { ...column, values: column.values.map((x) => (x ?? 0) * 3 + 1) }
          : column,
    );
    const right = (answer: number, row: number) => -Math.abs(answer - (truth[row] ?? 0));
    const [fault] = restoreFeatures(surrogate, ["x0"], reference.columns, faulty, right);
    expect(fault?.part.low).toBeGreaterThan(1);
    expect(restoreFeatures(surrogate, ["x9"], reference.columns, faulty, right)).toEqual([]);
  });
});
