import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import { product } from "./product.ts";

/** A real-world-shaped fault in real flights: distances turn from miles into kilometres. */
const sliceMs = 300_000;
const rowsPerSlice = 200;
const goodSlices = 6;
const badSlices = 3;
const baselineRows = 4_000;
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
  /** When the unit changes: the beginning of the first of three bad slices of five minutes. */
  faultMs: number;
  /** The end of the last one, a moment ago. */
  endMs: number;
  /** Rows before the fault in miles, after it in kilometres. */
  log(): Promise<void>;
  /** The rows from a moment on as they should have been. */
  correctFrom(timeMs: number): Promise<void>;
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
    faultMs,
    endMs,
    log: () => logRows(rows.map((row) => toRow(row, row.timeMs < faultMs ? 1 : kilometresPerMile))),
    correctFrom: (timeMs) =>
      logRows(rows.filter((row) => row.timeMs >= timeMs).map((row) => toRow(row, 1))),
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

/** What a page of the console may do in its workspace, as the signed-in person. */
export async function callApi<T>(
  page: Page,
  method: string,
  path: string,
  body?: object,
): Promise<T> {
  const answer = await page.evaluate(
    async ([method, path, body]) => {
      const response = await fetch(path ?? "", {
        method: method ?? "GET",
        headers: { "content-type": "application/json" },
        ...(body === null || body === undefined ? {} : { body }),
      });
      return { status: response.status, text: await response.text() };
    },
    [
      method,
      `/api/v1/workspaces/${product.workspace()}${path}`,
      body === undefined ? null : JSON.stringify(body),
    ] as const,
  );
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.text === "" ? (undefined as T) : (JSON.parse(answer.text) as T);
}
