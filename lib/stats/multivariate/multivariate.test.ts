import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { computeDomainAuc, domainRowsOf } from "#lib/stats/multivariate/domain-classifier.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import {
  bandOf,
  fitReconstruction,
  reconstructionErrorOf,
} from "#lib/stats/multivariate/reconstruction-error.ts";
import { eigenOfSymmetric } from "#lib/stats/multivariate/symmetric-eigen.ts";
import { GOLDEN_SKIPPED, readGolden } from "#lib/stats/testing/golden.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

const numeric = (name: string, values: readonly (number | null)[]): JointColumn => ({
  name,
  kind: "numeric",
  values,
});

describe("eigen-decomposition", () => {
  test("has numpy's values and vectors", () => {
    const { cases } = readReference<{
      cases: { matrix: number[][]; values: number[]; vectors: number[][] }[];
    }>("symmetric-eigen");
    for (const { matrix, values, vectors } of cases) {
      const found = eigenOfSymmetric(matrix);
      const scale = Math.max(...values.map(Math.abs));
      values.forEach((value, i) => {
        expect(
          disagreement(found.values[i] ?? null, value, { atol: 1e-12 * scale }),
        ).toBeUndefined();
        vectors[i]?.forEach((x, j) => {
          // A vector is as exact as the gap to its neighbours is wide.
          expect(disagreement(found.vectors[i]?.[j] ?? null, x, { atol: 1e-9 })).toBeUndefined();
        });
      });
    }
  });

  test("refuses what is not square or not finite, and takes nothing", () => {
    expect(() => eigenOfSymmetric([[1, 2]])).toThrow("square and finite");
    expect(() => eigenOfSymmetric([[Number.NaN]])).toThrow("square and finite");
    expect(eigenOfSymmetric([])).toEqual({ values: [], vectors: [] });
  });
});

describe("reconstruction error", () => {
  test("is scikit-learn's, with missing values, categories and an unseen one", () => {
    const expected = readReference<{
      baseline: JointColumn[];
      componentCount: number;
      baselineValue: number;
      windows: { columns: JointColumn[]; value: number; standardError: number }[];
    }>("reconstruction-error");
    const fitted = fitReconstruction(expected.baseline);
    if (fitted === null) throw new Error("there is a baseline");
    expect(fitted.components.length).toBe(expected.componentCount);
    // Two eigen-decompositions of one matrix.
    const rtol = 1e-9;
    const own = reconstructionErrorOf(fitted, expected.baseline);
    expect(disagreement(own?.value ?? null, expected.baselineValue, { rtol })).toBeUndefined();
    for (const { columns, value, standardError } of expected.windows) {
      const found = reconstructionErrorOf(fitted, columns);
      expect(disagreement(found?.value ?? null, value, { rtol })).toBeUndefined();
      expect(disagreement(found?.standardError ?? null, standardError, { rtol })).toBeUndefined();
    }
  });

  const folder = process.env.PLUMBLINE_DATA_DIR;
  const golden = readGolden<{
    monthly: { month: string; pca_reconstruction_error: number }[];
    thresholds: { pca_reconstruction_error: { lower: number; upper: number } };
  }>("california-housing.json");
  const isThere = golden !== null && folder !== undefined && folder !== "";
  test.skipIf(!isThere)(
    isThere ? "is NannyML's on the months of California Housing" : GOLDEN_SKIPPED,
    () => {
      const names = [
        "MedInc",
        "HouseAge",
        "AveRooms",
        "AveBedrms",
        "Population",
        "AveOccup",
        "Latitude",
        "Longitude",
      ];
      const read = (part: string) => {
        const file = join(folder ?? "", `california-housing/california_housing_${part}.csv`);
        const [head = "", ...lines] = readFileSync(file, "utf8").trim().split("\n");
        const places = head.trim().split(",");
        const rows = lines.map((line) => line.trim().split(","));
        const month = (row: string[]) => (row[places.indexOf("timestamp")] ?? "").slice(0, 7);
        const columnsOf = (some: string[][]) =>
          names.map((name) =>
            numeric(
              name,
              some.map((row) => Number(row[places.indexOf(name)])),
            ),
          );
        return { all: columnsOf(rows), months: Map.groupBy(rows, month), columnsOf };
      };
      const reference = read("reference");
      const analysis = read("analysis");
      const fitted = fitReconstruction(reference.all);
      if (fitted === null) throw new Error("there are rows");
      for (const { month, pca_reconstruction_error: expected } of golden?.monthly ?? []) {
        const found = reconstructionErrorOf(
          fitted,
          analysis.columnsOf(analysis.months.get(month) ?? []),
        );
        expect(disagreement(found?.value ?? null, expected, { rtol: 1e-5 }), month).toBeUndefined();
      }
      const chunks = [...reference.months.values()].flatMap((rows) => {
        const one = reconstructionErrorOf(fitted, reference.columnsOf(rows));
        return one === null ? [] : [one.value];
      });
      const band = bandOf(chunks);
      const bounds = golden?.thresholds.pca_reconstruction_error;
      expect(disagreement(band?.lower ?? null, bounds?.lower ?? 0, { rtol: 1e-5 })).toBeUndefined();
      expect(disagreement(band?.upper ?? null, bounds?.upper ?? 0, { rtol: 1e-5 })).toBeUndefined();
    },
  );

  test("has no answer for one column, no baseline or an empty window, and none but 0 for constants", () => {
    expect(fitReconstruction([numeric("a", [1, 2])])).toBeNull();
    expect(fitReconstruction([numeric("a", []), numeric("b", [])])).toBeNull();
    const constant = fitReconstruction([numeric("a", [1, 1]), numeric("b", [2, 2])]);
    if (constant === null) throw new Error("there are rows");
    expect(reconstructionErrorOf(constant, [numeric("a", []), numeric("b", [])])).toBeNull();
    expect(reconstructionErrorOf(constant, [numeric("a", [1]), numeric("b", [2])])?.value).toBe(0);
    expect(bandOf([])).toBeNull();
  });
});

describe("domain classifier", () => {
  const { cases } = readReference<{
    cases: {
      name: string;
      baseline: number[][];
      window: number[][];
      lightgbm: number;
      sklearn: number;
    }[];
  }>("domain-classifier");
  const columnsOf = (rows: number[][]) => rows.map((values, i) => numeric(`x${i}`, values));

  test("rows that are all the same give 0.5, and the same seed the same answer", () => {
    const same = domainRowsOf(
      [numeric("a", new Array<number>(50).fill(1))],
      [numeric("a", new Array<number>(50).fill(1))],
    );
    expect(same === null ? null : computeDomainAuc(same, seededRandom(1)).auc).toBe(0.5);
    const [one] = cases;
    const rows = domainRowsOf(columnsOf(one?.baseline ?? []), columnsOf(one?.window ?? []));
    if (rows === null) throw new Error("there are rows");
    expect(computeDomainAuc(rows, seededRandom(5))).toEqual(
      computeDomainAuc(rows, seededRandom(5)),
    );
  });

  test("too few rows have no answer; a column that the window lacks is missing there", () => {
    expect(domainRowsOf([numeric("a", [1, 2])], [numeric("a", [1, 2])])).toBeNull();
    expect(domainRowsOf([], [])).toBeNull();
    const rows = domainRowsOf(
      [
        numeric(
          "a",
          Array.from({ length: 60 }, (_, i) => i),
        ),
      ],
      [{ name: "b", kind: "categorical", values: new Array<string>(60).fill("x") }],
    );
    expect(rows === null ? 0 : computeDomainAuc(rows, seededRandom(1)).auc).toBe(1);
  });
});
