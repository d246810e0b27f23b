import { wireLimits } from "#lib/domain/limits.ts";

/** A row as it is sent, which is all that the store is held to. */
export interface CrashPrediction {
  model: string;
  version: string;
  prediction_id: string;
  timestamp: number;
  features: {
    amount: number;
    debt: number;
    items: number;
    city: string;
    is_weekend: boolean;
    note?: string | null;
  };
  prediction: number | { label: string; score: number };
  latency_ms: number;
}

export interface CrashLabel {
  model: string;
  prediction_id: string;
  label: number | string;
  label_timestamp: number;
}

export interface CrashOffline {
  model: string;
  prediction_id: string;
  timestamp: number;
  source: string;
  features: CrashPrediction["features"];
}

export const crashModels = { regression: "crash-regression", classes: "crash-classes" } as const;

const cities = ["Atlanta", "Boston", "Chicago", "Denver", "El Paso"];
const fiveMinutesMs = 300_000;
const recentBuckets = 288;
const dayMs = 86_400_000;
/** So that it lies in another partition, and has no five-minute profiles. */
const longAgoMs = 33 * dayMs;

const pick = <T>(list: readonly T[], random: () => number): T =>
  list[Math.floor(random() * list.length)] as T;

/** In the bucket of that turn among those before `untilMs`, one in twenty a month earlier. */
export function crashTime(untilMs: number, turn: number, random: () => number): number {
  const last = Math.floor(untilMs / fiveMinutesMs) * fiveMinutesMs;
  const start = last - fiveMinutesMs * (recentBuckets - (turn % recentBuckets));
  const monthMs = random() < 0.05 ? longAgoMs : 0;
  return start - monthMs + Math.floor(random() * fiveMinutesMs);
}

export function crashPrediction(
  id: { model: string; prediction_id: string; timestamp: number },
  random: () => number,
): CrashPrediction {
  const note = pick([undefined, null, "checked"], random);
  const label = pick(["late", "on_time"], random);
  return {
    ...id,
    version: id.prediction_id.endsWith("7") ? "2" : "1",
    features: {
      amount: random() * 1_000,
      debt: -random() * 1e-3,
      items: Math.floor(random() * 10),
      city: pick(cities, random),
      is_weekend: random() < 0.3,
      ...(note === undefined ? {} : { note }),
    },
    prediction: id.model === crashModels.regression ? random() * 50 : { label, score: random() },
    latency_ms: random() * 30,
  };
}

export function crashLabel(of: CrashPrediction, random: () => number): CrashLabel {
  const { model, prediction_id, timestamp } = of;
  const label =
    model === crashModels.regression ? random() * 50 : pick(["late", "on_time"], random);
  return { model, prediction_id, label, label_timestamp: timestamp + 1_000 };
}

/** What the offline store says of a prediction: now and then something else than was served. */
export function crashOffline(of: CrashPrediction, random: () => number): CrashOffline {
  const { model, prediction_id, timestamp } = of;
  const amount = random() < 0.1 ? of.features.amount * 1.609 : of.features.amount;
  const features = { ...of.features, amount, city: pick(cities, random) };
  return { model, prediction_id, timestamp, source: "crash", features };
}

export function encodeBody(
  rows: readonly (CrashPrediction | CrashLabel | CrashOffline)[],
  type: "json" | "ndjson",
): { body: string; contentType: string } {
  if (rows.length > wireLimits.rowsPerBodyMax) throw new Error("Too many rows for one body.");
  return type === "json"
    ? { body: JSON.stringify(rows), contentType: "application/json" }
    : {
        body: rows.map((row) => JSON.stringify(row)).join("\n"),
        contentType: "application/x-ndjson",
      };
}
