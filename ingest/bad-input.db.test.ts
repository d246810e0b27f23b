import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Answer, TestIngest, TestStores } from "./testing/test-ingest.ts";
import { buildTenant, openStores, startTestIngest } from "./testing/test-ingest.ts";

let stores: TestStores;
let ingest: TestIngest;

const now = Date.UTC(2026, 10, 21, 12);
const dayMs = 86_400_000;

beforeAll(async () => {
  stores = openStores({
    clickhouseUrl: inject("clickhouseUrl"),
    databaseUrl: inject("databaseUrl"),
  });
  const tenant = await buildTenant(stores, { rawRetentionDays: 90 });
  ingest = await startTestIngest(stores, { key: tenant.key, now: () => now });
});

afterAll(async () => {
  await ingest?.stop();
  await ingest?.removeFolder();
  await stores?.close();
});

const good = {
  model: "m",
  prediction_id: "p",
  timestamp: now,
  features: { x: 1 },
  prediction: 0.5,
};
const label = { model: "m", prediction_id: "p", label: true };
const long = "x".repeat(10 * 1024 * 1024);
const many = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, value]));

/** One bad row: 422, with its code, path and message. */
const badRows: [name: string, row: unknown, code: string, path: string, message: RegExp][] = [
  ["a row that is a number", 7, "not_an_object", "", /must be a JSON object/],
  ["a row that is null", null, "not_an_object", "", /must be a JSON object/],
  ["a row that is an array", [good], "not_an_object", "", /must be a JSON object/],
  [
    "an unknown field",
    { ...good, colour: "red" },
    "unknown_field",
    "colour",
    /not a field of the contract/,
  ],
  [
    "a field of another spelling",
    { ...good, predictionId: "p" },
    "unknown_field",
    "predictionId",
    /not a field/,
  ],
  [
    "__proto__ as a field",
    JSON.parse('{"model":"m","__proto__":{"a":1}}'),
    "unknown_field",
    "__proto__",
    /not a field/,
  ],
  ["no model", { ...good, model: undefined }, "missing_field", "model", /is missing/],
  ["a model that is null", { ...good, model: null }, "missing_field", "model", /is missing/],
  [
    "a model that is a number",
    { ...good, model: 7 },
    "wrong_type",
    "model",
    /must be a string, got a number/,
  ],
  ["an empty model", { ...good, model: "" }, "invalid_value", "model", /must not be empty/],
  [
    "a model of 129 bytes",
    { ...good, model: "é".repeat(65) },
    "too_long",
    "model",
    /longer than 128 bytes/,
  ],
  [
    "a model with a NUL",
    { ...good, model: "a\u0000b" },
    "invalid_value",
    "model",
    /control characters/,
  ],
  [
    "a version that is a number",
    { ...good, version: 3 },
    "wrong_type",
    "version",
    /must be a string/,
  ],
  [
    "an environment that is empty",
    { ...good, environment: "" },
    "invalid_value",
    "environment",
    /must not be empty/,
  ],
  [
    "an id that is a number",
    { ...good, prediction_id: 17 },
    "wrong_type",
    "prediction_id",
    /must be a string/,
  ],
  [
    "an empty id",
    { ...good, prediction_id: "" },
    "invalid_value",
    "prediction_id",
    /must not be empty/,
  ],
  [
    "an id of 129 bytes",
    { ...good, prediction_id: "x".repeat(129) },
    "too_long",
    "prediction_id",
    /128 bytes/,
  ],
  [
    "an id with half a surrogate pair",
    { ...good, prediction_id: "\ud800" },
    "invalid_encoding",
    "prediction_id",
    /surrogate/,
  ],
  [
    "an id without a timestamp",
    { ...good, timestamp: undefined },
    "missing_field",
    "timestamp",
    /must say when/,
  ],
  ["a timestamp that is true", { ...good, timestamp: true }, "wrong_type", "timestamp", /ISO 8601/],
  [
    "a timestamp that is prose",
    { ...good, timestamp: "yesterday" },
    "invalid_value",
    "timestamp",
    /ISO 8601/,
  ],
  [
    "a timestamp without a zone",
    { ...good, timestamp: "2026-11-21T03:00:00" },
    "invalid_value",
    "timestamp",
    /time zone/,
  ],
  [
    "the 30th of February",
    { ...good, timestamp: "2026-02-30T03:00:00Z" },
    "invalid_value",
    "timestamp",
    /does not exist/,
  ],
  [
    "hour 25",
    { ...good, timestamp: "2026-11-20T25:00:00.000Z" },
    "invalid_value",
    "timestamp",
    /does not exist/,
  ],
  [
    "a timestamp in seconds",
    { ...good, timestamp: Math.floor(now / 1000) },
    "invalid_value",
    "timestamp",
    /looks like seconds/,
  ],
  [
    "a timestamp with a fraction",
    { ...good, timestamp: now + 0.5 },
    "wrong_type",
    "timestamp",
    /integer of milliseconds/,
  ],
  [
    "the year 9999",
    { ...good, timestamp: "9999-12-31T23:59:59Z" },
    "in_the_future",
    "timestamp",
    /more than 10 minutes ahead/,
  ],
  [
    "11 minutes ahead",
    { ...good, timestamp: now + 11 * 60_000 },
    "in_the_future",
    "timestamp",
    /more than 10 minutes ahead/,
  ],
  [
    "91 days ago",
    { ...good, timestamp: now - 91 * dayMs },
    "too_old",
    "timestamp",
    /90 days that raw rows are kept/,
  ],
  [
    "the year 0001",
    { ...good, timestamp: "0001-01-01T00:00:00Z" },
    "too_old",
    "timestamp",
    /lies before/,
  ],
  [
    "features that are an array",
    { ...good, features: [1] },
    "wrong_type",
    "features",
    /must be an object, got an array/,
  ],
  [
    "a feature that is an array",
    { ...good, features: { x: [1] } },
    "wrong_type",
    "features.x",
    /got an array/,
  ],
  [
    "a feature that is an object",
    { ...good, features: { x: { y: 1 } } },
    "wrong_type",
    "features.x",
    /got an object/,
  ],
  [
    "a feature of 10 MB",
    { ...good, features: { x: long } },
    "too_long",
    "features.x",
    /longer than 8192 bytes/,
  ],
  [
    "a feature's name of 10 MB",
    { ...good, features: { [long]: 1 } },
    "too_long",
    `features.${"x".repeat(191)}…`,
    /longer than 128 bytes/,
  ],
  [
    "a feature without a name",
    { ...good, features: { "": 1 } },
    "invalid_value",
    "features.",
    /must not be empty/,
  ],
  [
    "2001 features",
    { ...good, features: many(2001, 1) },
    "too_many",
    "features",
    /more than 2000 entries/,
  ],
  [
    "a prediction that is an array",
    { ...good, prediction: [1] },
    "wrong_type",
    "prediction",
    /got an array/,
  ],
  [
    "an empty class",
    { ...good, prediction: "" },
    "invalid_value",
    "prediction",
    /must not be an empty string/,
  ],
  [
    "an empty prediction object",
    { ...good, prediction: {} },
    "missing_field",
    "prediction",
    /none of value, label/,
  ],
  [
    "an unknown part of a prediction",
    { ...good, prediction: { lable: "a" } },
    "unknown_field",
    "prediction.lable",
    /not a field/,
  ],
  [
    "a score that is a string",
    { ...good, prediction: { score: "0.5" } },
    "wrong_type",
    "prediction.score",
    /must be a number/,
  ],
  [
    "a class label that is a number",
    { ...good, prediction: { label: 1 } },
    "wrong_type",
    "prediction.label",
    /string or a boolean/,
  ],
  [
    "a probability of 1.5",
    { ...good, prediction: { probabilities: { a: 1.5 } } },
    "invalid_value",
    "prediction.probabilities.a",
    /between 0 and 1/,
  ],
  [
    "1001 classes",
    { ...good, prediction: { probabilities: many(1001, 0.001) } },
    "too_many",
    "prediction.probabilities",
    /more than 1000/,
  ],
  ["a negative latency", { ...good, latency_ms: -1 }, "invalid_value", "latency_ms", /at least 0/],
  [
    "a latency that is a string",
    { ...good, latency_ms: "12" },
    "wrong_type",
    "latency_ms",
    /must be a number/,
  ],
  [
    "a tag that is a number",
    { ...good, tags: { region: 7 } },
    "wrong_type",
    "tags.region",
    /must be a string/,
  ],
  ["51 tags", { ...good, tags: many(51, "a") }, "too_many", "tags", /more than 50/],
  [
    "an entity of 129 bytes",
    { ...good, entity_id: "x".repeat(129) },
    "too_long",
    "entity_id",
    /128 bytes/,
  ],
  [
    "a feature's time that is prose",
    { ...good, feature_timestamps: { x: "now" } },
    "invalid_value",
    "feature_timestamps.x",
    /ISO 8601/,
  ],
  [
    "a feature's time in 2200",
    { ...good, feature_timestamps: { x: "2200-01-01T00:00:00Z" } },
    "invalid_value",
    "feature_timestamps.x",
    /1970 to 2106/,
  ],
  [
    "an explanation that is a string",
    { ...good, explanations: { x: "big" } },
    "wrong_type",
    "explanations.x",
    /must be a number/,
  ],
  [
    "an embedding that is no array",
    { ...good, embeddings: { text: 1 } },
    "wrong_type",
    "embeddings.text",
    /array of numbers/,
  ],
  [
    "an empty embedding",
    { ...good, embeddings: { text: [] } },
    "invalid_value",
    "embeddings.text",
    /must not be empty/,
  ],
  [
    "an embedding with a null",
    { ...good, embeddings: { text: [1, null] } },
    "wrong_type",
    "embeddings.text[1]",
    /must be a number/,
  ],
  [
    "an embedding beyond 32 bits",
    { ...good, embeddings: { text: [1e300] } },
    "invalid_value",
    "embeddings.text[0]",
    /32-bit float/,
  ],
  [
    "an embedding of 4097 dimensions",
    { ...good, embeddings: { text: Array(4097).fill(0) } },
    "too_many",
    "embeddings.text",
    /4096 dimensions/,
  ],
  ["9 embeddings", { ...good, embeddings: many(9, [1]) }, "too_many", "embeddings", /more than 8/],
  ["a rank of 1.5", { ...good, rank: 1.5 }, "invalid_value", "rank", /whole number/],
  ["a rank of 2^32", { ...good, rank: 2 ** 32 }, "invalid_value", "rank", /whole number/],
  ["a negative weight", { ...good, weight: -0.1 }, "invalid_value", "weight", /at least 0/],
  [
    "a row above 1 MiB",
    { ...good, features: many(200, "y".repeat(8_000)) },
    "too_large",
    "",
    /larger than 1048576 bytes/,
  ],
];

test.each(badRows)("%s is refused as a row", async (_name, row, code, path, message) => {
  const answer = await ingest.post("/v1/predictions", [row]);
  expect(answer.status).toBe(422);
  expect(answer.body.accepted).toBe(0);
  expect(answer.body.rejected).toHaveLength(1);
  expect(answer.body.rejected[0]).toMatchObject({ index: 0, code, path });
  expect(answer.body.rejected[0].message).toMatch(message);
});

const badLabels: [name: string, row: unknown, code: string, path: string][] = [
  [
    "a label without a prediction_id",
    { ...label, prediction_id: undefined },
    "missing_field",
    "prediction_id",
  ],
  ["a label without a label", { ...label, label: null }, "missing_field", "label"],
  ["a label that is an object", { ...label, label: {} }, "wrong_type", "label"],
  ["an empty class as a label", { ...label, label: "" }, "invalid_value", "label"],
  ["a label with a version", { ...label, version: "1" }, "unknown_field", "version"],
  [
    "a label of tomorrow",
    { ...label, label_timestamp: now + dayMs },
    "in_the_future",
    "label_timestamp",
  ],
];

test.each(badLabels)("%s is refused", async (_name, row, code, path) => {
  const answer = await ingest.post("/v1/labels", row);
  expect(answer.status).toBe(422);
  expect(answer.body.rejected[0]).toMatchObject({ index: 0, code, path });
});

const offline = { model: "m", prediction_id: "p", timestamp: now, features: { x: 1 } };
const offlineFields = Object.keys({ ...offline, version: "", environment: "" });
const isSaidOfOffline = (path: string) => offlineFields.includes(path.split(".")[0] ?? "");
const withoutPrediction = (row: unknown) =>
  typeof row === "object" && row !== null && !Array.isArray(row)
    ? { ...row, prediction: undefined }
    : row;

/** What is wrong with the fields of a prediction that offline features have too is wrong with them alike. */
const badOffline: typeof badRows = [
  ...badRows
    .filter(
      ([name, , , path]) =>
        name !== "an id without a timestamp" && (path === "" || isSaidOfOffline(path)),
    )
    .map(([name, row, ...rest]): (typeof badRows)[number] => [
      name,
      withoutPrediction(row),
      ...rest,
    ]),
  ["no id", { ...offline, prediction_id: undefined }, "missing_field", "prediction_id", /missing/],
  ["no features", { ...offline, features: undefined }, "missing_field", "features", /is missing/],
  [
    "features that are null",
    { ...offline, features: null },
    "missing_field",
    "features",
    /missing/,
  ],
  ["a prediction", { ...offline, prediction: 1 }, "unknown_field", "prediction", /not a field/],
  ["a source that is a number", { ...offline, source: 7 }, "wrong_type", "source", /a string/],
  ["an empty source", { ...offline, source: "" }, "invalid_value", "source", /not be empty/],
  ["an empty version", { ...offline, version: "" }, "invalid_value", "version", /not be empty/],
  ["a source of 129 bytes", { ...offline, source: "x".repeat(129) }, "too_long", "source", /128/],
];

test.each(badOffline)(
  "%s is refused among offline features",
  async (_name, row, code, path, message) => {
    const answer = await ingest.post("/v1/features", [row]);
    expect(answer.status).toBe(422);
    expect(answer.body.rejected).toHaveLength(1);
    expect(answer.body.rejected[0]).toMatchObject({ index: 0, code, path });
    expect(answer.body.rejected[0].message).toMatch(message);
  },
);

test("offline features say what predictions are refused for, and nothing else is", () => {
  expect(badOffline.length).toBeGreaterThan(40);
});

const json = { "content-type": "application/json" };
const lines = { "content-type": "application/x-ndjson" };
const gzip = { ...json, "content-encoding": "gzip" };
const zstd = { ...json, "content-encoding": "zstd" };
const goodText = JSON.stringify(good);
const bomb = Buffer.alloc(200 * 1024 * 1024, " ");

/** A body that can't be read: nothing of it is kept, and a problem says why. */
const badBodies: [
  name: string,
  body: () => string | Uint8Array,
  headers: Record<string, string>,
  status: number,
  detail: RegExp,
][] = [
  ["nothing", () => "", json, 400, /not valid JSON/],
  ["half a row", () => goodText.slice(0, 40), json, 400, /not valid JSON/],
  [
    "NaN as Python prints it",
    () => '{"model":"m","prediction":NaN}',
    json,
    400,
    /NaN and Infinity are sent as strings/,
  ],
  ["a string", () => '"model"', json, 400, /must be a JSON object, or an array/],
  ["null", () => "null", json, 400, /must be a JSON object/],
  ["an empty array", () => "[]", json, 400, /holds no rows/],
  ["only blank lines", () => "\n\r\n \n", lines, 400, /holds no rows/],
  ["two JSON documents", () => `${goodText}${goodText}`, json, 400, /not valid JSON/],
  ["NDJSON sent as JSON", () => `${goodText}\n${goodText}`, json, 400, /not valid JSON/],
  [
    "bytes that are not UTF-8",
    () => Buffer.from([...Buffer.from('{"model":"'), 0xff, 0xfe, 0x22, 0x7d]),
    json,
    400,
    /not valid UTF-8/,
  ],
  ["UTF-16", () => Buffer.from(goodText, "utf16le"), json, 400, /not valid/],
  ["100,000 open brackets", () => "[".repeat(100_000), json, 400, /not valid JSON/],
  ["gzip that is none", () => goodText, gzip, 400, /damaged or cut off/],
  [
    "truncated gzip",
    () => gzipSync(goodText.repeat(100)).subarray(0, 60),
    gzip,
    400,
    /damaged or cut off/,
  ],
  [
    "gzip with a wrong checksum",
    () => brokenChecksum(gzipSync(goodText)),
    gzip,
    400,
    /damaged or cut off/,
  ],
  [
    "truncated zstd",
    () => zstdCompressSync(Buffer.from(goodText.repeat(100))).subarray(0, 40),
    zstd,
    400,
    /damaged or cut off/,
  ],
  ["an empty gzip body", () => "", gzip, 400, /damaged or cut off|not valid JSON/],
  ["a gzip bomb", () => gzipSync(bomb), gzip, 413, /decompresses to more than 67108864 bytes/],
  ["a zstd bomb", () => zstdCompressSync(bomb), zstd, 413, /decompresses to more than/],
  ["33 MiB", () => Buffer.alloc(33 * 1024 * 1024, " "), json, 413, /larger than 33554432 bytes/],
  [
    "50,001 rows",
    () => `[${Array(50_001).fill("{}").join(",")}]`,
    json,
    413,
    /more than 50000 rows/,
  ],
  ["50,001 lines", () => `${"{}\n".repeat(50_001)}`, lines, 413, /more than 50000 rows/],
  ["XML", () => "<a/>", { "content-type": "application/xml" }, 415, /Content-Type must be/],
  ["no content type", () => goodText, { "content-type": "" }, 415, /Content-Type must be/],
  [
    "Latin-1",
    () => goodText,
    { "content-type": "application/json; charset=iso-8859-1" },
    415,
    /UTF-8/,
  ],
  [
    "brotli",
    () => goodText,
    { ...json, "content-encoding": "br" },
    415,
    /Content-Encoding must be/,
  ],
  [
    "gzip twice",
    () => goodText,
    { ...json, "content-encoding": "gzip, gzip" },
    415,
    /Content-Encoding must be/,
  ],
];

function brokenChecksum(packed: Buffer): Buffer {
  const broken = Buffer.from(packed);
  broken[broken.length - 6] = (broken[broken.length - 6] ?? 0) ^ 0xff;
  return broken;
}

test.each(badBodies)(
  "a body of %s is refused whole",
  async (_name, body, headers, status, detail) => {
    for (const path of ["/v1/predictions", "/v1/features"])
      expectProblem(await ingest.post(path, body(), { headers }), status, detail);
  },
);

function expectProblem(answer: Answer, status: number, detail: RegExp) {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({ status });
  expect(answer.body.detail).toMatch(detail);
}

test("an unknown query parameter or acknowledgement is a mistake worth saying", async () => {
  expectProblem(await ingest.post("/v1/predictions?ack=maybe", good), 400, /ack must be/);
  expectProblem(await ingest.post("/v1/predictions?wait=1", good), 400, /no query parameter wait/);
});

test("a path that is not there is a problem, not a page", async () => {
  expectProblem(await ingest.post("/v1/nothing", good), 404, /There is no POST/);
});

test("a line that can't be read is a bad row; the others are kept", async () => {
  const body = Buffer.concat([
    Buffer.from(`${goodText}\n{"model":\n`),
    Buffer.from([0xff, 0xfe, 0x0a]),
    Buffer.from('\n{"model":"m","prediction":NaN}\r\n'),
    Buffer.from(goodText),
  ]);
  const answer = await ingest.post("/v1/predictions", body, { headers: lines });
  expect(answer.status).toBe(202);
  expect(answer.body.accepted).toBe(2);
  expect(
    answer.body.rejected.map(({ index, code }: { index: number; code: string }) => [index, code]),
  ).toEqual([
    [1, "invalid_json"],
    [2, "invalid_encoding"],
    [3, "invalid_json"],
  ]);
});

test("a line above 1 MiB is refused before it is parsed", async () => {
  const answer = await ingest.post("/v1/predictions", `${goodText}\n"${long}"`, { headers: lines });
  expect(answer.body.accepted).toBe(1);
  expect(answer.body.rejected[0]).toMatchObject({ index: 1, code: "too_large" });
});

const accepted: [name: string, row: unknown][] = [
  [
    "null for what is optional",
    { ...good, version: null, tags: null, rank: null, prediction: null },
  ],
  ["an id sent twice in one body", [good, { ...good, prediction: 1 }]],
  ["a row without features and prediction", { model: "m" }],
  ["10 minutes ahead", { ...good, timestamp: now + 10 * 60_000 }],
  ["an offset in the timestamp", { ...good, timestamp: "2026-11-21 12:30:00+01:00" }],
  ["a name in Chinese", { ...good, model: "模型", features: { 特征: "值" } }],
  [
    "a probability that rounding put above 1",
    { ...good, prediction: { probabilities: { a: 1.0000001 } } },
  ],
];

test.each(accepted)("%s is accepted", async (_name, rows) => {
  const answer = await ingest.post("/v1/predictions", rows);
  expect(answer).toMatchObject({ status: 202, body: { rejected: [] } });
});

const acceptedOffline: [name: string, row: unknown][] = [
  ["null for what is optional", { ...offline, version: null, source: null, environment: null }],
  ["no time", { ...offline, timestamp: undefined }],
  ["no feature at all", { ...offline, features: {} }],
  ["an id sent twice in one body", [offline, { ...offline, features: { x: "00728" } }]],
];

test.each(acceptedOffline)("%s is accepted of offline features", async (_name, rows) => {
  const answer = await ingest.post("/v1/features", rows);
  expect(answer).toMatchObject({ status: 202, body: { rejected: [] } });
});

test.each([10, 100_000])("a feature nested %i deep is refused as a row", async (levels) => {
  const nested = "[".repeat(levels) + "]".repeat(levels);
  const answer = await ingest.post("/v1/predictions", `{"model":"m","features":{"x":${nested}}}`);
  expect(answer.status).toBe(422);
  expect(answer.body.rejected[0]).toMatchObject({ code: "too_deep", path: "features.x" });
});

test("a number that does not fit a double is refused, not turned into infinity", async () => {
  const answer = await ingest.post("/v1/predictions", '{"model":"m","features":{"x":1e999}}');
  expect(answer.body.rejected[0]).toMatchObject({ code: "invalid_value", path: "features.x" });
});

test("after all that the process is well", async () => {
  const ready = await fetch(`${ingest.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, notes: [] }]);
  const metrics = await (await fetch(`${ingest.url}/metrics`)).text();
  expect(metrics).toContain("plumbline_ingest_in_flight_bytes 0");
});
