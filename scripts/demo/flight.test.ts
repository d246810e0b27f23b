import { expect, test } from "vitest";
import type { Flight, FlightEvent } from "./flight.ts";
import { FlightReplay, flightId, landedMs } from "./flight.ts";

const noon = Date.UTC(2001, 1, 1, 12);
const minuteMs = 60_000;
const flight = (over: Partial<Flight>): Flight => ({
  departedMs: noon,
  delayMinutes: 0,
  distanceMiles: 225,
  origin: "AAA",
  destination: "BBB",
  ...over,
});

test("a flight of 225 miles on time lands after an hour", () => {
  expect(landedMs(flight({})) - noon).toBe(60 * minuteMs);
});

test("a prediction knows only the flights that have landed at its origin in the two hours before", () => {
  const replay = new FlightReplay(0);
  const events: FlightEvent[] = [];
  const flights = [
    flight({ delayMinutes: 20 }),
    flight({ departedMs: noon + 10 * minuteMs, delayMinutes: 40 }),
    flight({ departedMs: noon + 85 * minuteMs, origin: "BBB", destination: "CCC" }),
    flight({ departedMs: noon + 120 * minuteMs, origin: "BBB", destination: "CCC" }),
    flight({ departedMs: noon + 400 * minuteMs, origin: "BBB", destination: "CCC" }),
  ];
  for (const [index, each] of flights.entries()) events.push(...replay.depart(each, index));
  const inbound = events.flatMap((event) =>
    event.kind === "prediction" ? [event.features.inbound_delay] : [],
  );
  expect(inbound).toEqual([null, null, 20, 30, null]);
});

test("labels come in order of landing, between the predictions, and none before its flight has landed", () => {
  const replay = new FlightReplay(0);
  const events: FlightEvent[] = [];
  const flights = [
    flight({ distanceMiles: 900 }),
    flight({ departedMs: noon + minuteMs }),
    flight({ departedMs: noon + 70 * minuteMs, delayMinutes: 15 }),
  ];
  for (const [index, each] of flights.entries()) events.push(...replay.depart(each, index));
  events.push(...replay.landUntil(noon + 1_000 * minuteMs));
  expect(events.map((event) => event.kind)).toEqual([
    "prediction",
    "prediction",
    "label",
    "prediction",
    "label",
    "label",
  ]);
  const times = events.map((event) => event.timeMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(events.at(-1)).toMatchObject({ id: flightId(noon, 0), isLate: false });
  expect(events.at(-2)).not.toMatchObject({ id: flightId(noon, 0) });
});

test("a flight's id is a UUID that repeats itself when the demo is loaded again", () => {
  expect(flightId(noon, 7)).toBe(flightId(noon, 7));
  expect(flightId(noon, 7)).not.toBe(flightId(noon, 8));
  expect(flightId(noon, 3_000_000)).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});
