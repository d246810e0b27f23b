import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CauseKind } from "#lib/stats/causes/cause.ts";
import { likenessOfShapes } from "#lib/stats/compare-shapes.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import type { ShiftShape } from "#lib/stats/shift-shape.ts";
import { shapeOfShift } from "#lib/stats/shift-shape.ts";
import type { FlightRow } from "#lib/stats/testing/fault-data.ts";
import { flightColumns } from "#lib/stats/testing/fault-data.ts";
import type { DataSet } from "#lib/stats/testing/planted-faults.ts";
import { plantFault, windowsOf } from "#lib/stats/testing/planted-faults.ts";

interface Flight {
  date: string;
  delay: number;
  distance: number;
  origin: string;
  destination: string;
}

function readFlights(): DataSet {
  const file = new URL("../../node_modules/vega-datasets/data/flights-20k.json", import.meta.url);
  const flights = JSON.parse(readFileSync(file, "utf8")) as Flight[];
  const rows = flights
    .map((one): FlightRow => {
      const ms = Date.parse(`${one.date.replaceAll("/", "-").replace(" ", "T")}:00Z`);
      return [ms, one.delay, one.distance, one.origin, one.destination];
    })
    .sort((a, b) => a[0] - b[0]);
  return {
    name: "flights",
    times: rows.map(([ms]) => ms),
    columns: flightColumns(rows),
    baselineDays: 28,
    windowDays: 7,
  };
}

/** Five kinds that real pipelines have, each planted in whatever columns can have it. */
const kinds = [
  "unit_change",
  "null_flood",
  "default_flood",
  "truncation",
  "relabelled",
] as const satisfies CauseKind[];

interface Case {
  kind: CauseKind;
  column: string;
  shape: ShiftShape;
}

const random = seededRandom(2_026);
const windows = windowsOf(readFlights(), [0, 14], [0, 14, 28]);
const cases: Case[] = kinds.flatMap((kind) =>
  windows.flatMap((window) => {
    const planted = plantFault(kind, window, random);
    if (planted === null) return [];
    const shape = shapeOfShift({
      kind: window.column.kind,
      reference: featureProfileOf(window.baseline),
      window: featureProfileOf(planted.values),
    });
    // What nobody would be paged for is no incident.
    const isVisible = shape.distance > 0.1 || shape.missingRise > 0.05 || shape.newShare > 0.05;
    return isVisible ? [{ kind, column: window.column.name, shape }] : [];
  }),
);

/** For each case the kind of the most alike one among those of other columns. */
function rateOf(strip: (shape: ShiftShape) => ShiftShape): { rate: number; missed: string[] } {
  const missed = cases.flatMap((one) => {
    const others = cases.filter(({ column }) => column !== one.column);
    const [best] = others.toSorted(
      (a, b) =>
        likenessOfShapes(strip(one.shape), strip(b.shape)) -
        likenessOfShapes(strip(one.shape), strip(a.shape)),
    );
    return best?.kind === one.kind
      ? []
      : [`${one.kind} of ${one.column} is like ${best?.kind} of ${best?.column}`];
  });
  return { rate: 1 - missed.length / cases.length, missed };
}

describe("a past move of the same kind", () => {
  test("comes first in at least 95 of 100, on columns that it was never seen on", {
    timeout: 120_000,
  }, ({ annotate }) => {
    for (const kind of kinds)
      expect(cases.filter((one) => one.kind === kind).length).toBeGreaterThanOrEqual(6);
    const { rate, missed } = rateOf((shape) => shape);
    void annotate(
      `${cases.length} planted faults of ${kinds.length} kinds: right kind first in ${(100 * rate).toFixed(1)} %`,
    );
    expect(rate, missed.join("\n")).toBeGreaterThanOrEqual(0.95);
  });

  test("is found by its figures alone, without a name, in at least 85 of 100", {
    timeout: 120_000,
  }, ({ annotate }) => {
    const { rate, missed } = rateOf((shape) => ({ ...shape, causes: [] }));
    void annotate(`without names: right kind first in ${(100 * rate).toFixed(1)} %`);
    expect(rate, missed.join("\n")).toBeGreaterThanOrEqual(0.85);
  });

  test("is like itself, and likeness goes both ways and stays within 0 and 1", () => {
    for (const a of cases)
      for (const b of cases) {
        const likeness = likenessOfShapes(a.shape, b.shape);
        expect(likeness).toBeGreaterThanOrEqual(0);
        expect(likeness).toBeLessThanOrEqual(1 + 1e-12);
        expect(likeness).toBeCloseTo(likenessOfShapes(b.shape, a.shape), 12);
        if (a === b) expect(likeness).toBeCloseTo(1, 12);
      }
  });
});
