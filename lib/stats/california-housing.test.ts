import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  evidentlyHellinger,
  evidentlyHellingerCells,
  evidentlyJsDistance,
  evidentlyKl,
  evidentlyKsPValue,
  evidentlyNumericCells,
  evidentlyPsi,
  evidentlyWassersteinNormed,
} from "#lib/stats/compatibility/evidently.ts";
import {
  nannymlHellinger,
  nannymlJsDistance,
  nannymlKs,
  nannymlNumericCells,
  nannymlThreshold,
  nannymlWasserstein,
} from "#lib/stats/compatibility/nannyml.ts";
import { GOLDEN_SKIPPED, readGolden } from "#lib/stats/testing/golden.ts";
import { disagreement } from "#lib/stats/testing/reference.ts";

/** Real rows, month by month, against what NannyML and Evidently gave for them. */
type Chunk = Record<string, number | string | null> & { month: string; period: string };
type Golden = {
  all_chunks: { chunks: Chunk[] };
  thresholds: Record<string, { upper: number }>;
  evidently: { months: string[]; columns: Record<string, Record<string, (number | null)[]>> };
};

const golden = readGolden<Golden>("california-housing.json");
const folder = process.env.PLUMBLINE_DATA_DIR;
const DATA_SKIPPED = "PLUMBLINE_DATA_DIR is not set: the real rows were not compared";
const features = ["MedInc", "Latitude"];

type Rows = Record<string, number[]>;
/** The two features by month; "" holds all rows. */
const readRows = (name: string): Map<string, Rows> => {
  const text = readFileSync(join(folder ?? "", "california-housing", name), "utf8");
  if (text.trim() === "") throw new Error(`${name} in PLUMBLINE_DATA_DIR is empty`);
  const [head = "", ...lines] = text.trim().split("\n");
  const columns = head.split(",");
  const months = new Map<string, Rows>();
  for (const line of lines) {
    const cells = line.split(",");
    const month = cells[columns.indexOf("timestamp")]?.slice(0, 7) ?? "";
    for (const key of ["", month]) {
      const rows = months.get(key) ?? {};
      months.set(key, rows);
      for (const feature of features) {
        const values = rows[feature] ?? [];
        rows[feature] = values;
        values.push(Number(cells[columns.indexOf(feature)]));
      }
    }
  }
  return months;
};

type Statistic = (reference: number[], month: number[]) => number | null;
const nannyml: Record<string, Statistic> = {
  js: (x, y) => nannymlJsDistance(nannymlNumericCells(x, y)),
  ks: nannymlKs,
  wasserstein: nannymlWasserstein,
  hellinger: (x, y) => nannymlHellinger(nannymlNumericCells(x, y)),
};
const evidently: Record<string, Statistic> = {
  psi: (x, y) => evidentlyPsi(evidentlyNumericCells(x, y)),
  kl: (x, y) => evidentlyKl(evidentlyNumericCells(x, y)),
  js_distance: (x, y) => evidentlyJsDistance(evidentlyNumericCells(x, y)),
  wasserstein_normed: evidentlyWassersteinNormed,
  hellinger: (x, y) => evidentlyHellinger(evidentlyHellingerCells(x, y)),
  ks_p_value: evidentlyKsPValue,
};

const isReady = golden !== null && folder !== undefined && folder !== "";

describe.skipIf(!isReady)("California Housing", () => {
  const reference = isReady
    ? readRows("california_housing_reference.csv")
    : new Map<string, Rows>();
  const analysis = isReady ? readRows("california_housing_analysis.csv") : new Map<string, Rows>();
  const whole = (feature: string) => reference.get("")?.[feature] ?? [];
  const monthOf = (month: string, feature: string) =>
    (reference.get(month) ?? analysis.get(month))?.[feature] ?? [];

  test.each(features)("NannyML's statistics of all twenty months: %s", (feature) => {
    const chunks = golden?.all_chunks.chunks ?? [];
    expect(chunks).toHaveLength(20);
    for (const chunk of chunks) {
      for (const [name, compute] of Object.entries(nannyml)) {
        const expected = chunk[`${name}_${feature}`];
        if (typeof expected !== "number") throw new Error(`${name} of ${feature} is not golden`);
        const actual = compute(whole(feature), monthOf(chunk.month, feature));
        const tolerance = { rtol: 1e-6, atol: 2e-8 };
        expect([chunk.month, name, disagreement(actual, expected, tolerance)]).toEqual([
          chunk.month,
          name,
          undefined,
        ]);
      }
    }
  });

  test.each(features)("NannyML's thresholds, mean + 3 standard deviations: %s", (feature) => {
    const months = (golden?.all_chunks.chunks ?? []).filter((one) => one.period === "reference");
    expect(months).toHaveLength(8);
    for (const [name, compute] of Object.entries(nannyml)) {
      const values = months.map(({ month }) => compute(whole(feature), monthOf(month, feature)));
      const expected = golden?.thresholds[`${name}_${feature}`]?.upper;
      if (expected === undefined) throw new Error(`the threshold of ${name} is not golden`);
      // A threshold cannot lie beyond the largest value that its statistic can take.
      const bounded = name === "wasserstein" ? Number.POSITIVE_INFINITY : 1;
      const actual = Math.min(bounded, nannymlThreshold(values) ?? Number.NaN);
      expect([name, disagreement(actual, expected, { rtol: 1e-9 })]).toEqual([name, undefined]);
    }
  });

  test.each(features)("Evidently's functions on each month: %s", (feature) => {
    const { months = [], columns = {} } = golden?.evidently ?? {};
    expect(months).toHaveLength(12);
    for (const [name, values] of Object.entries(columns[feature] ?? {})) {
      const compute = evidently[name];
      if (compute === undefined) throw new Error(`no function answers ${name}`);
      values.forEach((expected, i) => {
        if (expected === null) return;
        const actual = compute(whole(feature), monthOf(months[i] ?? "", feature));
        const tolerance = name === "ks_p_value" ? { rtol: 1e-4 } : { rtol: 1e-6, atol: 2e-8 };
        expect([months[i], name, disagreement(actual, expected, tolerance)]).toEqual([
          months[i],
          name,
          undefined,
        ]);
      });
    }
  });
});

test("the real rows and their answers are there, when their folders are named", ({ skip }) => {
  if (golden === null) return skip(GOLDEN_SKIPPED);
  if (!isReady) return skip(DATA_SKIPPED);
  expect(golden.all_chunks.chunks.length).toBeGreaterThan(0);
});
