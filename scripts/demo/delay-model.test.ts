import { expect, test } from "vitest";
import type { TrainingRow } from "./delay-model.ts";
import { scoreOf, trainDelayModel } from "./delay-model.ts";
import type { FlightFeatures } from "./flight.ts";

const features = (over: Partial<FlightFeatures>): FlightFeatures => ({
  distance: 700,
  origin: "AAA",
  destination: "BBB",
  departure_hour: 12,
  is_weekend: false,
  inbound_delay: 0,
  ...over,
});

/** Late in one of ten with no delay inbound, in six of ten with half an hour. */
const rows: TrainingRow[] = Array.from({ length: 20_000 }, (_, index) => {
  const isDelayed = index % 2 === 0;
  const draw = (index * 7) % 10;
  return {
    features: features({ inbound_delay: isDelayed ? 30 : 0 }),
    isLate: draw < (isDelayed ? 6 : 1),
  };
});

test("the score is the rate at which such flights were late", () => {
  const model = trainDelayModel(rows);
  const rate = (inbound: number) => {
    const chosen = rows.filter((row) => row.features.inbound_delay === inbound);
    return chosen.filter((row) => row.isLate).length / chosen.length;
  };
  expect(scoreOf(model, features({ inbound_delay: 0 }))).toBeCloseTo(rate(0), 1);
  expect(scoreOf(model, features({ inbound_delay: 30 }))).toBeCloseTo(rate(30), 1);
});

test("an airport that was not seen in training, and a missing number, still get a probability", () => {
  const model = trainDelayModel(rows);
  const score = scoreOf(model, features({ origin: "ZZZ", inbound_delay: null }));
  expect(score).toBeGreaterThan(0);
  expect(score).toBeLessThan(1);
});

test("training twice gives the same model", () => {
  expect(trainDelayModel(rows)).toEqual(trainDelayModel(rows));
});
