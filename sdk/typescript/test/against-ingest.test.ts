import { describe, expect, onTestFinished, test } from "vitest";
import type { FeatureValue, Rejection } from "../src/index.ts";
import { Plumbline } from "../src/index.ts";

const url = process.env.PLUMBLINE_TEST_URL;
const apiKey = process.env.PLUMBLINE_TEST_KEY;

function start(options: { apiKey?: string } = {}) {
  const rejections: Rejection[] = [];
  const client = new Plumbline({
    url,
    apiKey,
    model: "sdk-typescript-test",
    version: "1",
    onError: () => {},
    onRejected: (rejection) => rejections.push(rejection),
    ...options,
  });
  onTestFinished(async () => void (await client.close()));
  return { client, rejections };
}

describe.skipIf(!url || !apiKey)(
  "against a running ingest (skipped unless PLUMBLINE_TEST_URL and PLUMBLINE_TEST_KEY name one)",
  () => {
    test("every field is accepted", async () => {
      const { client, rejections } = start();
      const predictionId = client.logPrediction({
        features: { distance: 728, origin: "ATL", isWeekend: false, note: null, odd: Number.NaN },
        prediction: "late",
        score: 0.81,
        probabilities: { late: 0.81, onTime: 0.19 },
        latencyMs: 12.5,
        tags: { region: "eu" },
        entityId: 42,
        featureTimestamps: { traffic: new Date() },
        explanations: { distance: 0.21 },
        embeddings: { text: new Float32Array([0.5, 0.25]) },
        groupId: "query-7",
        rank: 3,
        weight: 1,
        traceId: "trace",
      });
      client.logLabel({ predictionId, label: "on_time" });
      const offline = { distance: 728, origin: "ATL", note: null, odd: Number.NaN };
      client.logFeatures({ predictionId, features: offline, source: "trips", version: "1" });
      expect(await client.flush(30_000)).toBe(true);
      expect(rejections).toEqual([]);
      expect(client.stats).toMatchObject({ sent: 3, rejected: 0, dropped: 0 });
    });

    test("a change is accepted, and the same again is no other one", async () => {
      const { client, rejections } = start();
      const timestamp = "2026-01-01T00:00:00Z";
      const id = client.change({
        kind: "deployment",
        title: "1 to production",
        environment: "production",
        version: "1",
        source: "ci",
        url: "https://ci.example.com/1",
        details: { commit: "abc", canary: true, left: undefined },
        timestamp,
      });
      client.change({
        kind: "deployment",
        title: "1 to production",
        environment: "production",
        version: "1",
        id,
        timestamp,
      });
      expect(await client.flush(30_000)).toBe(true);
      expect(rejections).toEqual([]);
      expect(client.stats).toMatchObject({ sent: 2, rejected: 0, dropped: 0 });
    });

    test("numbers, booleans and strings are predictions and labels; many rows go at once", async () => {
      const { client, rejections } = start();
      for (const value of [3.5, true, "late"])
        client.logLabel({
          predictionId: client.logPrediction({ prediction: value }),
          label: value,
        });
      client.logBatch(Array.from({ length: 2_000 }, (_, x) => ({ features: { x, y: Infinity } })));
      expect(await client.flush(30_000)).toBe(true);
      expect(rejections).toEqual([]);
      expect(client.stats).toMatchObject({ sent: 2_006, rejected: 0, dropped: 0 });
    });

    test("a row that is not as agreed is rejected alone, and said", async () => {
      const { client, rejections } = start();
      const nested: unknown = { nested: 1 };
      client.logPrediction({ features: { x: 1 } });
      const bad = client.logPrediction({ features: { x: nested as FeatureValue } });
      expect(await client.flush(30_000)).toBe(true);
      expect(client.stats).toMatchObject({ sent: 1, rejected: 1 });
      expect(rejections.map((rejection) => rejection.predictionId)).toEqual([bad]);
    });

    test("a wrong key is refused, and the rows are counted", async () => {
      const { client } = start({ apiKey: "not-a-key" });
      client.logPrediction({ features: { x: 1 } });
      expect(await client.flush(30_000)).toBe(true);
      expect(client.stats.droppedByReason).toEqual({ http_401: 1 });
    });
  },
);
