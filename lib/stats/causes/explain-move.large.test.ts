import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { explainMove } from "#lib/stats/causes/explain-move.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import type { FlightRow } from "#lib/stats/testing/fault-data.ts";
import { flightColumns } from "#lib/stats/testing/fault-data.ts";
import type { DataSet } from "#lib/stats/testing/planted-faults.ts";
import {
  explainWindow,
  faultKinds,
  plantFault,
  windowsOf,
} from "#lib/stats/testing/planted-faults.ts";

const readFlights = (): DataSet => {
  const file = new URL(
    "../../../node_modules/vega-datasets/data/flights-20k.json",
    import.meta.url,
  );
  const flights = JSON.parse(readFileSync(file, "utf8")) as {
    date: string;
    delay: number;
    distance: number;
    origin: string;
    destination: string;
  }[];
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
};

describe("on the columns of 20,000 real flights", () => {
  const windows = windowsOf(readFlights(), [0, 14], [0, 14, 28]);
  const random = seededRandom(77);

  test("the cause that was planted is named first in at least 9 of 10", {
    timeout: 120_000,
  }, () => {
    const missed: string[] = [];
    let count = 0;
    for (const kind of faultKinds)
      for (const window of windows.filter(() => random() < 0.25)) {
        const planted = plantFault(kind, window, random);
        if (planted === null) continue;
        const moved = explainMove({
          kind: window.column.kind,
          baseline: featureProfileOf(window.values),
          window: featureProfileOf(planted.values),
        });
        if (moved.kind === "no_move") continue;
        count += 1;
        const explained = explainWindow(window, planted, { withHistory: true });
        const first = explained.kind === "causes" ? explained.causes[0] : undefined;
        if (first === undefined || !planted.isFound(first.fault))
          missed.push(
            `${kind} of ${window.column.name}, ${planted.note}: ${JSON.stringify(first?.fault)}`,
          );
      }
    expect(count).toBeGreaterThan(40);
    expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(count / 10);
  });

  test.each([true, false])(
    "windows as they were get no cause (with the time before: %s)",
    (withHistory) => {
      const named = windows.filter(
        (window) => explainWindow(window, null, { withHistory }).kind === "causes",
      );
      expect(named.length).toBeLessThanOrEqual(windows.length / 20);
    },
  );
});
