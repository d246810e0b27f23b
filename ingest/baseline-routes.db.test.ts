import type { Socket } from "node:net";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { TestIngest, TestStores, TestWorkspace } from "./testing/test-ingest.ts";
import { buildTenant, openStores, startTestIngest } from "./testing/test-ingest.ts";

let stores: TestStores;
let ingest: TestIngest;
let tenant: TestWorkspace;
let stranger: TestWorkspace;

beforeAll(async () => {
  stores = openStores({
    clickhouseUrl: inject("clickhouseUrl"),
    databaseUrl: inject("databaseUrl"),
  });
  tenant = await buildTenant(stores);
  stranger = await buildTenant(stores);
  ingest = await startTestIngest(stores, { key: tenant.key });
});
afterAll(async () => {
  await ingest.stop();
  await ingest.removeFolder();
  await stores.close();
});

const path = (query: Record<string, string>) => `/v1/baselines?${new URLSearchParams(query)}`;
const get = async (url: string, key: string) => {
  const response = await fetch(`${ingest.url}${url}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return { status: response.status, body: await response.json() };
};

describe("POST /v1/baselines", () => {
  test("takes a file and says how it goes on", async () => {
    const answer = await ingest.post(
      path({ model: "eta", version: "2", format: "csv", mapping: '{"label":"late"}' }),
      "distance,late\n12,yes\n13,no\n",
      {
        headers: { "content-type": "text/csv" },
      },
    );
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ baseline_id: expect.any(String), state: "profiling" });
    const state = await get(`/v1/baselines/${answer.body.baseline_id}`, tenant.key);
    expect(state).toEqual({
      status: 200,
      body: {
        baseline_id: answer.body.baseline_id,
        state: "profiling",
        row_count: 2,
        error: null,
        is_active: false,
      },
    });
    expect((await get(`/v1/baselines/${answer.body.baseline_id}`, stranger.key)).status).toBe(404);
  });

  test("unpacks gzip", async () => {
    const body = gzipSync('{"distance": 12}\n');
    const answer = await ingest.post(path({ model: "eta", format: "ndjson" }), body, {
      headers: { "content-encoding": "gzip" },
    });
    expect(answer.status).toBe(202);
  });

  test.each<[string, Record<string, string>, string, number, string]>([
    [
      "a cell that does not fit",
      { model: "eta", format: "csv", mapping: '{"types":{"a":"numeric"}}' },
      "a\n1\nx\n",
      400,
      'Column "a", row 2 is "x", not a number.',
    ],
    [
      "a mapping that is not JSON",
      { model: "eta", format: "csv", mapping: "{" },
      "a\n1\n",
      400,
      "mapping is not JSON.",
    ],
    [
      "a mapping with an unknown type",
      { model: "eta", format: "csv", mapping: '{"types":{"a":"number"}}' },
      "a\n1\n",
      400,
      "types.a",
    ],
    ["no model", { format: "csv" }, "a\n1\n", 400, "model"],
    ["a format that is not known", { model: "eta", format: "xlsx" }, "a\n1\n", 400, "format"],
    ["nothing", { model: "eta", format: "csv" }, "", 400, "The file is empty."],
  ])("refuses %s", async (_name, query, body, status, detail) => {
    const answer = await ingest.post(path(query), body, {
      headers: { "content-type": "text/csv" },
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body.detail).toContain(detail);
  });

  test("refuses a key that is not known", async () => {
    const answer = await ingest.post(path({ model: "eta", format: "csv" }), "a\n1\n", {
      key: "pl_00000000_nothing",
      headers: { "content-type": "text/csv" },
    });
    expect(answer.status).toBe(401);
  });
});

test("GET /v1/whoami says whose key it is", async () => {
  const { status, body } = await get("/v1/whoami", tenant.key);
  expect(status).toBe(200);
  expect(body).toEqual({
    workspace: { id: tenant.workspaceId, slug: `t-${tenant.workspaceId}`, name: "test" },
    key: { name: "test", prefix: expect.any(String), scopes: ["ingest"] },
  });
});

describe("a body that does not end", () => {
  let hasty: TestIngest;
  beforeAll(async () => {
    hasty = await startTestIngest(stores, { key: tenant.key, bodyTimeoutMs: 200 });
  });
  afterAll(async () => {
    await hasty.stop();
    await hasty.removeFolder();
  });

  /** Sends a first part; `finish` sends the rest. Answers all that the server said until it hung up. */
  const dribble = (door: string, finish?: (socket: Socket) => void) =>
    new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(hasty.url);
      const socket = connect(Number(port), hostname);
      let said = "";
      socket.setEncoding("utf8");
      socket.on("data", (text: string) => {
        said += text;
      });
      socket.on("error", reject);
      socket.on("close", () => resolve(said));
      const head = [`POST ${door} HTTP/1.1`, "Host: ingest", `Authorization: Bearer ${tenant.key}`];
      head.push("Content-Type: application/json", "Content-Length: 4", "Connection: close");
      socket.write(`${head.join("\r\n")}\r\n\r\na\n`);
      finish?.(socket);
    });

  test("is given up where rows are sent", async () => {
    expect(await dribble("/v1/predictions")).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("is waited for where a file is sent", async () => {
    const door = path({ model: "eta", format: "csv" });
    // The other door's time passes meanwhile: its answer says so.
    const said = await dribble(door, (socket) => {
      void dribble("/v1/predictions").then(() => socket.write("1\n"));
    });
    expect(said).toMatch(/^HTTP\/1\.1 202 /);
  });
});
