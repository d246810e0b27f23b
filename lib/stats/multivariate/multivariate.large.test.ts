import { describe, expect, test } from "vitest";
import {
  computeDomainAuc,
  domainRowsOf,
  testDomain,
} from "#lib/stats/multivariate/domain-classifier.ts";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";
import { readReference } from "#lib/stats/testing/reference.ts";

const numeric = (name: string, values: readonly (number | null)[]): JointColumn => ({
  name,
  kind: "numeric",
  values,
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

  test.each(cases)(
    "tells $name as well as LightGBM and scikit-learn do",
    { timeout: 120_000 },
    (one) => {
      const rows = domainRowsOf(columnsOf(one.baseline), columnsOf(one.window));
      if (rows === null) throw new Error("there are rows");
      const foldings = [1, 2, 3].map((seed) => computeDomainAuc(rows, seededRandom(seed)).auc);
      const auc = foldings.reduce((sum, x) => sum + x, 0) / foldings.length;
      // Other folds and other bins; the mean of three foldings.
      expect(Math.abs(auc - one.lightgbm)).toBeLessThanOrEqual(0.02);
      expect(Math.abs(auc - one.sklearn)).toBeLessThanOrEqual(0.02);
    },
  );

  test("finds a broken correlation that no single column shows, and names its columns", {
    timeout: 120_000,
  }, async () => {
    const broken = cases.find((one) => one.name === "a broken correlation");
    const rows = domainRowsOf(columnsOf(broken?.baseline ?? []), columnsOf(broken?.window ?? []));
    if (rows === null) throw new Error("there are rows");
    const found = await testDomain(rows, seededRandom(1), { permutationCount: 19, treeCount: 20 });
    expect(found.auc).toBeGreaterThan(0.65);
    expect(found.pValue).toBe(1 / 20);
    expect(
      found.contributions
        .slice(0, 2)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["x0", "x1"]);
  });

  test("with no drift alarms in at most 3 of 20 runs at 5 %", { timeout: 120_000 }, async () => {
    let alarms = 0;
    for (let run = 0; run < 20; run += 1) {
      const random = seededRandom(100 + run);
      const side = (count: number) =>
        [0, 1, 2].map((i) =>
          numeric(
            `x${i}`,
            Array.from({ length: count }, () => normalFrom(random)),
          ),
        );
      const rows = domainRowsOf(side(120), side(120));
      if (rows === null) throw new Error("there are rows");
      const { pValue } = await testDomain(rows, random, { permutationCount: 19, treeCount: 8 });
      if (pValue <= 0.05) alarms += 1;
    }
    // 98 % of the time at most 3 of 20 at a rate of 5 %.
    expect(alarms).toBeLessThanOrEqual(3);
  });
});
