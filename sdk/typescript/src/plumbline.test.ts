import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import type { OfflineRow, PredictionRow } from "../../../lib/domain/wire.ts";
import type { PlumblineOptions } from "./options.ts";
import { Plumbline } from "./plumbline.ts";
import type { Prediction } from "./rows.ts";
import type { Rejection, Trouble } from "./stats.ts";
import { hang, largerThan, reject, reset, startStub, status } from "./testing/stub-server.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(
  behaviours: Parameters<typeof startStub>[0] = [],
  options: PlumblineOptions = {},
  always?: Parameters<typeof startStub>[1],
) {
  const stub = await startStub(behaviours, always);
  const troubles: Trouble[] = [];
  const client = new Plumbline({
    apiKey: "key",
    url: stub.url,
    model: "eta",
    version: "1",
    onError: (trouble) => troubles.push(trouble),
    ...options,
  });
  cleanups.push(
    () => stub.close(),
    () => client.close(0),
  );
  return { stub, client, troubles };
}

test("a change says what of what and when, under the wire's names", async () => {
  const { stub, client } = await start();
  const id = client.change({
    kind: "retrain",
    title: "weekly",
    version: "2",
    details: { rows: 10 },
  });
  client.change({ kind: "config", title: "limits", id: "abc", model: "", timestamp: 0 });
  expect(await client.flush()).toBe(true);
  expect(stub.rows).toMatchObject([
    { id, kind: "retrain", title: "weekly", model: "eta", version: "2", details: { rows: "10" } },
    { id: "abc", model: "", occurred_at: "1970-01-01T00:00:00.000Z" },
  ]);
});

describe("what is sent", () => {
  test("a row carries everything that was passed, under the wire's names", async () => {
    const { stub, client } = await start();
    const id = client.logPrediction({
      features: { distance: 728, origin: "ATL", isWeekend: false, note: null },
      prediction: "late",
      score: 0.81,
      probabilities: { late: 0.81, onTime: 0.19 },
      latencyMs: 12.5,
      tags: { region: "eu", shard: 3 },
      entityId: 42,
      featureTimestamps: { traffic: new Date("2026-11-21T03:20:00Z") },
      explanations: { distance: 0.21 },
      embeddings: { text: new Float32Array([0.5, 0.25]) },
      groupId: "query-7",
      rank: 3,
      weight: 1,
      traceId: "t",
    });
    expect(await client.flush()).toBe(true);
    const expected: PredictionRow = {
      model: "eta",
      version: "1",
      environment: "production",
      prediction_id: id,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      features: { distance: 728, origin: "ATL", isWeekend: false, note: null },
      prediction: { label: "late", score: 0.81, probabilities: { late: 0.81, onTime: 0.19 } },
      latency_ms: 12.5,
      tags: { region: "eu", shard: "3" },
      entity_id: "42",
      feature_timestamps: { traffic: "2026-11-21T03:20:00.000Z" },
      explanations: { distance: 0.21 },
      embeddings: { text: [0.5, 0.25] },
      group_id: "query-7",
      rank: 3,
      weight: 1,
      trace_id: "t",
    };
    expect(stub.rows).toEqual([expected]);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(stub.received[0]?.headers).toMatchObject({
      authorization: "Bearer key",
      "content-type": "application/x-ndjson",
    });
  });

  test("a label names its prediction and its time; an unknown one is dropped", async () => {
    const { stub, client } = await start();
    client.logLabel({ predictionId: "p1", label: 3.5, environment: "staging" });
    client.logLabel({ predictionId: "p2", label: Number.NaN });
    await client.flush();
    expect(stub.received.map((one) => one.path)).toEqual(["/v1/labels"]);
    expect(stub.rows).toEqual([
      {
        model: "eta",
        environment: "staging",
        prediction_id: "p1",
        label: 3.5,
        label_timestamp: expect.any(String),
      },
    ]);
    expect(client.stats.droppedByReason).toEqual({ invalid: 1 });
  });

  test("offline features name their prediction, and no version of the client's", async () => {
    const { stub, client } = await start();
    client.logFeatures({
      predictionId: "p1",
      features: { distance: 728, note: null, ratio: Number.NaN },
      source: "trips",
      timestamp: new Date(0),
    });
    client.logFeatures({ predictionId: "", features: {} });
    await client.flush();
    expect(stub.received.map((one) => one.path)).toEqual(["/v1/features"]);
    const expected: OfflineRow = {
      model: "eta",
      environment: "production",
      prediction_id: "p1",
      timestamp: "1970-01-01T00:00:00.000Z",
      features: { distance: 728, note: null, ratio: "NaN" },
      source: "trips",
    };
    expect(stub.rows).toEqual([expected]);
    expect(client.stats.droppedByReason).toEqual({ invalid: 1 });
  });

  test.each<[string, Prediction, object]>([
    ["NaN", { features: { x: Number.NaN } }, { features: { x: "NaN" } }],
    ["infinity", { features: { x: Infinity, y: 1 } }, { features: { x: "Infinity", y: 1 } }],
    ["minus infinity", { features: { x: -Infinity } }, { features: { x: "-Infinity" } }],
    ["a bigint", { features: { x: 12n } }, { features: { x: 12 } }],
    ["a Date", { features: { x: new Date(0) } }, { features: { x: "1970-01-01T00:00:00.000Z" } }],
    ["undefined", { features: { x: undefined, y: 1 } }, { features: { y: 1 } }],
    ["a prediction that is not finite", { prediction: Number.NaN }, { prediction: null }],
    [
      "a number with a score",
      { prediction: 1, score: 0.5 },
      { prediction: { value: 1, score: 0.5 } },
    ],
    [
      "an object with a bad score",
      { prediction: { label: "a", score: Infinity } },
      { prediction: { label: "a" } },
    ],
    ["a bad vector", { embeddings: { a: [1], b: [Number.NaN] } }, { embeddings: { a: [1] } }],
    ["a time in milliseconds", { timestamp: 1_000 }, { timestamp: "1970-01-01T00:00:01.000Z" }],
    ["an id of the caller's", { predictionId: "mine" }, { prediction_id: "mine" }],
  ])("%s arrives as the wire has it", async (_name, row, expected) => {
    const { stub, client } = await start();
    client.logPrediction(row);
    await client.flush();
    expect(stub.rows[0]).toMatchObject(expected);
  });

  test("what the caller changes afterwards is not sent", async () => {
    const { stub, client } = await start();
    const features = { x: 1 };
    client.logPrediction({ features });
    features.x = 2;
    await client.flush();
    expect(stub.rows[0]?.features).toEqual({ x: 1 });
  });

  test("rows leave without a flush", async () => {
    const { stub, client } = await start([], { flushIntervalMs: 10 });
    client.logPrediction({ features: { x: 1 } });
    await expect.poll(() => stub.rows.length, { timeout: 4_000 }).toBe(1);
  });

  test("many rows leave in compressed batches, in order, whatever the interval", async () => {
    const { stub, client } = await start([], { flushIntervalMs: 60_000 });
    const ids = client.logBatch(Array.from({ length: 1_200 }, (_, x) => ({ features: { x } })));
    await expect.poll(() => stub.rows.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(500);
    expect(await client.flush()).toBe(true);
    expect(stub.rows.map((row) => row.prediction_id)).toEqual(ids);
    expect(stub.received.length).toBeLessThan(6);
    expect(stub.received[0]?.headers["content-encoding"]).toBe("gzip");
    expect(client.stats).toMatchObject({ logged: 1_200, sent: 1_200, pending: 0 });
  });
});

describe("when the server misbehaves", () => {
  test.each([
    ["503", status(503, { "retry-after": "0" })],
    ["429", status(429, { "retry-after": "0" })],
    ["500", status(500)],
    ["a connection reset", reset],
  ])("a batch is repeated with the same bytes after %s", async (_name, behaviour) => {
    const { stub, client } = await start([behaviour, behaviour]);
    client.logPrediction({ features: { x: 1 } });
    expect(await client.flush()).toBe(true);
    expect(stub.received.length).toBe(3);
    expect(new Set(stub.received.map((one) => one.raw)).size).toBe(1);
    expect(client.stats).toMatchObject({ sent: 1, dropped: 0, retries: 2 });
  });

  test("Retry-After is waited for", async () => {
    const { client } = await start([status(503, { "retry-after": "1" })]);
    client.logPrediction({ features: { x: 1 } });
    const startedMs = Date.now();
    expect(await client.flush()).toBe(true);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(950);
  });

  test("a server that hangs is given up on and asked again", async () => {
    const { client } = await start([hang], { requestTimeoutMs: 50 });
    client.logPrediction({ features: { x: 1 } });
    expect(await client.flush()).toBe(true);
    expect(client.stats).toMatchObject({ sent: 1, retries: 1 });
  });

  test("a flush ends in time while the server hangs, and so does close", async () => {
    const { client } = await start([], {}, hang);
    client.logPrediction({ features: { x: 1 } });
    expect(await client.flush(50)).toBe(false);
    expect(await client.close(50)).toBe(false);
    await expect.poll(() => client.stats.droppedByReason).toEqual({ closed: 1 });
    expect(client.stats.pending).toBe(0);
  });

  test("no server at all is survived", async () => {
    const { stub, client } = await start([], { retryMs: 400 });
    await stub.close();
    cleanups.shift();
    client.logPrediction({ features: { x: 1 } });
    expect(await client.flush()).toBe(true);
    expect(client.stats.droppedByReason).toEqual({ unavailable: 1 });
  });

  test.each([301, 400, 401, 403, 404, 413, 415])(
    "a batch that was refused with %i is dropped, counted and not repeated",
    async (code) => {
      const { stub, client, troubles } = await start([status(code)]);
      client.logPrediction({ features: { x: 1 } });
      expect(await client.flush()).toBe(true);
      expect(stub.received.length).toBe(1);
      expect(client.stats.droppedByReason).toEqual({ [`http_${code}`]: 1 });
      expect(troubles.map((trouble) => trouble.message)[0]).toContain(`stub says ${code}`);
    },
  );

  test("an answer that is not the data plane's is no acknowledgement", async () => {
    const { client } = await start([status(200, {}, { hello: "world" })]);
    client.logPrediction({ features: { x: 1 } });
    await client.flush();
    expect(client.stats).toMatchObject({ sent: 0, dropped: 1 });
  });

  test("a batch that poisons the server does not hold up the next for ever", async () => {
    const fault = status(500, { "retry-after": "0" });
    const { stub, client } = await start([fault, fault, fault, fault, fault], {
      flushIntervalMs: 1,
    });
    client.logPrediction({ features: { x: 1 } });
    await expect.poll(() => stub.received.length).toBeGreaterThanOrEqual(1);
    client.logPrediction({ features: { x: 2 } });
    expect(await client.flush()).toBe(true);
    expect(client.stats).toMatchObject({ sent: 1, droppedByReason: { unavailable: 1 } });
  });

  test("a batch that is too large is split", async () => {
    const { stub, client } = await start([], { flushIntervalMs: 60_000 }, largerThan(3));
    client.logBatch(Array.from({ length: 10 }, (_, x) => ({ features: { x } })));
    expect(await client.flush()).toBe(true);
    const stored = stub.received.filter((one) => one.rows.length <= 3).flatMap((one) => one.rows);
    expect(stored.map((row) => row.features)).toEqual(
      Array.from({ length: 10 }, (_, x) => ({ x })),
    );
    expect(client.stats.sent).toBe(10);
  });

  test.each([[[1]], [[0, 1, 2]]])(
    "rejected rows %j are counted and handed to the hook, even to one that throws",
    async (indexes) => {
      const rejections: Rejection[] = [];
      const onRejected = (rejection: Rejection) => {
        rejections.push(rejection);
        throw new Error("a hook that fails");
      };
      const { client } = await start([reject(indexes)], { flushIntervalMs: 60_000, onRejected });
      const ids = client.logBatch([0, 1, 2].map((x) => ({ features: { x } })));
      expect(await client.flush()).toBe(true);
      expect(client.stats).toMatchObject({ rejected: indexes.length, sent: 3 - indexes.length });
      expect(rejections.map((rejection) => rejection.predictionId)).toEqual(
        indexes.map((index) => ids[index]),
      );
      expect(rejections[0]?.row.features).toEqual({ x: indexes[0] });
    },
  );
});

describe("in the caller's path", () => {
  test("a full buffer drops the newest and says so once", async () => {
    const { client, troubles } = await start([], { bufferRows: 10 }, hang);
    for (let x = 0; x < 50; x += 1) client.logPrediction({ features: { x } });
    expect(client.stats).toMatchObject({ pending: 10, droppedByReason: { full: 40 } });
    expect(troubles.filter((trouble) => trouble.kind === "full")).toHaveLength(1);
  });

  test("the buffer is bounded in size too", async () => {
    const { client } = await start([], { bufferBytes: 10_000 }, hang);
    for (let x = 0; x < 50; x += 1) client.logPrediction({ features: { x: "y".repeat(1_000) } });
    expect(client.stats.pending).toBeLessThan(10);
  });

  const loop: Record<string, unknown> = {};
  loop.loop = loop;
  const hostile: unknown = {
    toString() {
      throw new Error("no");
    },
    toJSON() {
      throw new Error("no");
    },
  };
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["features that are a number", { features: 17 }],
    ["a circle", { features: loop }],
    ["a hostile feature", { features: { x: hostile } }],
    ["a hostile time", { timestamp: hostile }],
    ["an invalid time", { timestamp: new Date(Number.NaN) }],
    ["a function", { features: { x: () => 1 } }],
    ["two megabytes", { features: { x: "y".repeat(2_000_000) } }],
    ["a hostile tag", { tags: { a: hostile } }],
  ])("%s never throws; the row is counted as dropped", async (_name, row) => {
    const { client } = await start();
    expect(client.logPrediction(row as Prediction)).toHaveLength(36);
    expect(client.stats.droppedByReason).toEqual({ invalid: 1 });
  });

  test("an id that can't be read is replaced", async () => {
    const { stub, client } = await start();
    const id = client.logPrediction({ predictionId: hostile as string });
    await client.flush();
    expect(stub.rows.map((row) => row.prediction_id)).toEqual([id]);
  });

  test("a hook that throws reaches no caller", async () => {
    const { client } = await start([], {
      onError: () => {
        throw new Error("a hook that fails");
      },
    });
    client.logPrediction({ timestamp: "x", features: loop as Prediction["features"] });
    expect(client.stats.dropped).toBe(1);
  });

  test.each([
    ["no key", { apiKey: "" }],
    ["no URL", { apiKey: "key", url: "not a url" }],
  ])("with %s the client is disabled and says so", async (_name, options) => {
    const troubles: Trouble[] = [];
    const client = new Plumbline({ ...options, onError: (trouble) => troubles.push(trouble) });
    expect(client.logPrediction({ features: {} })).toHaveLength(36);
    expect(await client.flush()).toBe(true);
    expect(await client.close()).toBe(true);
    expect(troubles.map((trouble) => trouble.kind)).toEqual(["disabled"]);
  });

  test("after close rows are dropped", async () => {
    const { client } = await start();
    await client.close();
    client.logPrediction({ features: {} });
    expect(client.stats.droppedByReason).toEqual({ closed: 1 });
  });
});

describe("at the end of a process", () => {
  const run = promisify(execFile);
  const entry = fileURLToPath(new URL("./index.ts", import.meta.url));
  const script = (url: string, options: string) =>
    `import { Plumbline } from ${JSON.stringify(entry)};
     const client = new Plumbline({ apiKey: "key", url: "${url}", model: "eta", ${options} });
     client.logPrediction({ features: { x: 1 } });`;

  test("rows are sent when the script ends, at once", async () => {
    const { stub } = await start();
    const source = script(stub.url, "flushIntervalMs: 60_000");
    const ended = await run(process.execPath, ["--input-type=module", "-e", source]);
    expect(ended.stderr).toBe("");
    expect(stub.rows).toHaveLength(1);
  });

  test("a hanging server holds the end up no longer than it may", async () => {
    const { stub } = await start([], {}, hang);
    const source = script(stub.url, "exitTimeoutMs: 200");
    const ended = await run(process.execPath, ["--input-type=module", "-e", source], {
      timeout: 15_000,
    });
    expect(ended.stderr).toContain("1 rows not yet sent");
  });
});
