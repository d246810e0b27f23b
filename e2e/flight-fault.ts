import { readFileSync } from "node:fs";
import { expect } from "@playwright/test";
import { product } from "./product.ts";

/** A real-world-shaped fault in real flights: distances turn from miles into kilometres. */
const sliceMs = 300_000;
const rowsPerSlice = 200;
const goodSlices = 6;
const badSlices = 3;
const baselineRows = 4_000;
/** Rows may be ahead by ten minutes. */
const aheadMs = 540_000;
const aheadStepMs = 1_500;
const kilometresPerMile = 1.609344;

interface Flight {
  delay: number;
  distance: number;
  origin: string;
}

interface PlantedRow {
  flight: Flight;
  timeMs: number;
  id: string;
}

export interface FlightFault {
  model: string;
  version: string;
  /** Rows before the fault in miles, and in kilometres in the three slices of five minutes that have ended last. */
  log(): Promise<void>;
  /** The wrong rows once more, as they should have been. */
  correct(): Promise<void>;
  /** Whole rows from this slice on, as far ahead as they are taken. */
  logAhead(): Promise<void>;
  /** A file of flights from before. */
  baseline: string;
}

const answerOf = ({ delay }: Flight) => (delay >= 15 ? "late" : "on_time");

export function planFlightFault(model: string): FlightFault {
  const version = "1";
  const flights: Flight[] = JSON.parse(
    readFileSync("node_modules/vega-datasets/data/flights-20k.json", "utf8"),
  );
  const endMs = Math.floor(Date.now() / sliceMs) * sliceMs;
  const startMs = endMs - (goodSlices + badSlices) * sliceMs;
  const faultMs = endMs - badSlices * sliceMs;
  const rows: PlantedRow[] = flights
    .slice(baselineRows, baselineRows + (goodSlices + badSlices) * rowsPerSlice)
    .map((flight, i) => ({
      flight,
      timeMs: startMs + Math.floor((i * sliceMs) / rowsPerSlice),
      id: `flight-${i}`,
    }));
  const toRow = ({ flight, timeMs, id }: PlantedRow, factor: number) => ({
    model,
    version,
    prediction_id: id,
    timestamp: new Date(timeMs).toISOString(),
    features: { distance: flight.distance * factor, origin: flight.origin },
    prediction: answerOf(flight),
  });
  return {
    model,
    version,
    log: () => logRows(rows.map((row) => toRow(row, row.timeMs < faultMs ? 1 : kilometresPerMile))),
    correct: () => logRows(rows.filter((row) => row.timeMs >= faultMs).map((row) => toRow(row, 1))),
    logAhead() {
      const nowMs = Date.now();
      const fromMs = Math.floor(nowMs / sliceMs) * sliceMs;
      const count = Math.floor((nowMs + aheadMs - fromMs) / aheadStepMs);
      return logRows(
        flights
          .slice(baselineRows, baselineRows + count)
          .map((flight, i) =>
            toRow({ flight, timeMs: fromMs + i * aheadStepMs, id: `flight-ahead-${i}` }, 1),
          ),
      );
    },
    baseline: [
      "distance,origin,answer",
      ...flights
        .slice(0, baselineRows)
        .map((flight) => `${flight.distance},${flight.origin},${answerOf(flight)}`),
    ].join("\n"),
  };
}

async function logRows(rows: object[]): Promise<void> {
  const answer = await fetch(`${product.url()}/v1/predictions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${product.apiKey()}`,
      "content-type": "application/x-ndjson",
    },
    body: rows.map((row) => JSON.stringify(row)).join("\n"),
  });
  expect(await answer.json()).toMatchObject({ accepted: rows.length, rejected: [] });
}
