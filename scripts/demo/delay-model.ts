import type { FlightFeatures } from "./flight.ts";

/** A logistic regression for "arrives 15 minutes late or more", on one-hot airports and hours and three numbers.
 *  Small on purpose: it is a model that someone could have shipped in 2001 and that the world then moved away from. */
export interface DelayModel {
  bias: number;
  hours: Float64Array;
  origins: Map<string, number>;
  destinations: Map<string, number>;
  weekend: number;
  distance: number;
  inbound: number;
  inboundMissing: number;
  threshold: number;
}

export interface TrainingRow {
  features: FlightFeatures;
  isLate: boolean;
}

const learningRateAtStart = 0.02;
const epochs = 3;
const l2 = 1e-6;
/** A prime that no month's number of flights is a multiple of, so every row is visited once an epoch. */
const stride = 7_368_787;

function scaleDistance(miles: number): number {
  return (miles - 730) / 570;
}

function scaleInbound(minutes: number): number {
  return Math.max(-2, Math.min(6, minutes / 15));
}

/** The probability that the flight is late, in (0, 1). An airport that was not seen in training adds nothing. */
export function scoreOf(model: DelayModel, features: FlightFeatures): number {
  const z =
    model.bias +
    (model.hours[features.departure_hour] ?? 0) +
    (model.origins.get(features.origin) ?? 0) +
    (model.destinations.get(features.destination) ?? 0) +
    (features.is_weekend ? model.weekend : 0) +
    model.distance * scaleDistance(features.distance) +
    (features.inbound_delay === null
      ? model.inboundMissing
      : model.inbound * scaleInbound(features.inbound_delay));
  return 1 / (1 + Math.exp(-z));
}

/** Stochastic gradient descent, striding through the rows so that no day has the last word: the same rows, in the same
 *  order, give the same model. */
export function trainDelayModel(rows: readonly TrainingRow[]): DelayModel {
  const model: DelayModel = {
    bias: -1.4,
    hours: new Float64Array(24),
    origins: new Map(),
    destinations: new Map(),
    weekend: 0,
    distance: 0,
    inbound: 0,
    inboundMissing: 0,
    threshold: 0.5,
  };
  const steps = rows.length * epochs;
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let index = 0; index < rows.length; index++) {
      const row = rows[(index * stride) % rows.length];
      if (row !== undefined) descend(model, row, learningRateAtStart * (1 - step / steps));
      step++;
    }
  }
  model.threshold = bestThreshold(model, rows);
  return model;
}

function descend(model: DelayModel, row: TrainingRow, rate: number): void {
  const { features } = row;
  const error = scoreOf(model, features) - (row.isLate ? 1 : 0);
  const move = (weight: number, input: number) => weight - rate * (error * input + l2 * weight);
  model.bias = move(model.bias, 1);
  model.hours[features.departure_hour] = move(model.hours[features.departure_hour] ?? 0, 1);
  model.origins.set(features.origin, move(model.origins.get(features.origin) ?? 0, 1));
  model.destinations.set(
    features.destination,
    move(model.destinations.get(features.destination) ?? 0, 1),
  );
  if (features.is_weekend) model.weekend = move(model.weekend, 1);
  model.distance = move(model.distance, scaleDistance(features.distance));
  if (features.inbound_delay === null) model.inboundMissing = move(model.inboundMissing, 1);
  else model.inbound = move(model.inbound, scaleInbound(features.inbound_delay));
}

/** The cut, to a hundredth, with the best F1 on the training rows. */
function bestThreshold(model: DelayModel, rows: readonly TrainingRow[]): number {
  const lateAt = new Float64Array(101);
  const allAt = new Float64Array(101);
  let lateCount = 0;
  for (const row of rows) {
    const bin = Math.floor(scoreOf(model, row.features) * 100);
    allAt[bin] = (allAt[bin] ?? 0) + 1;
    if (row.isLate) {
      lateAt[bin] = (lateAt[bin] ?? 0) + 1;
      lateCount++;
    }
  }
  let best = { f1: -1, threshold: 0.5 };
  let hits = 0;
  let called = 0;
  for (let bin = 100; bin >= 1; bin--) {
    hits += lateAt[bin] ?? 0;
    called += allAt[bin] ?? 0;
    const f1 = (2 * hits) / Math.max(1, called + lateCount);
    if (f1 > best.f1) best = { f1, threshold: bin / 100 };
  }
  return best.threshold;
}
