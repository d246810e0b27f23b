import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { baselineMappingSchema } from "../../../lib/domain/baseline-mapping.ts";
import { runCommand } from "./run-command.ts";
import type { Route } from "./testing/stub-server.ts";
import { startStub } from "./testing/stub-server.ts";

const identity = {
  workspace: { id: "w", slug: "acme", name: "Acme" },
  key: { name: "laptop", prefix: "pl_abc", scopes: ["ingest", "write"] },
};
const whoami: Route = ({ headers }) =>
  headers.authorization === "Bearer secret"
    ? { status: 200, body: identity }
    : { status: 401, body: { detail: "The key is not known." } };

let folder = "";
const cleanups: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "plumbline-cli-"));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  await rm(folder, { recursive: true, force: true });
});

async function start(routes: Record<string, Route | Route[]>) {
  const stub = await startStub({ "GET /v1/whoami": whoami, ...routes });
  cleanups.push(() => stub.close());
  return stub;
}

async function run(args: string[], url: string, { key = "secret", stdin = "" } = {}) {
  const written = { out: "", err: "" };
  const code = await runCommand(args, {
    env: { PLUMBLINE_URL: url, PLUMBLINE_API_KEY: key },
    stdin: Readable.from([stdin]),
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    isTerminal: false,
  });
  return { code, ...written };
}

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe("change", () => {
  const accepted: Route = () => ({ status: 202, body: { accepted: 1, rejected: [] } });

  test("tells it with all that was given", async () => {
    const stub = await start({ "POST /v1/changes": accepted });
    const args = ["change", "deployment", "eta 7", "--id", "abc", "--model", "eta"];
    const more = ["--link", "https://ci.example.com", "--detail", "commit=a=b"];
    const { code, out } = await run([...args, ...more, "--at", "2026-01-01T00:00:00Z"], stub.url);
    expect(code).toBe(0);
    expect(out).toContain("abc");
    const call = stub.received.find(({ path }) => path === "/v1/changes");
    expect(JSON.parse(String(call?.body))).toEqual({
      id: "abc",
      kind: "deployment",
      title: "eta 7",
      model: "eta",
      url: "https://ci.example.com",
      details: { commit: "a=b" },
      occurred_at: "2026-01-01T00:00:00Z",
    });
  });

  test("says why it was refused, and what it takes", async () => {
    const rejected = [{ index: 0, code: "invalid_value", path: "kind", message: "kind: no such" }];
    const refused: Route = () => ({ status: 422, body: { accepted: 0, rejected } });
    const stub = await start({ "POST /v1/changes": refused });
    expect(await run(["change", "party", "eta"], stub.url)).toMatchObject({
      code: 1,
      err: expect.stringContaining("kind: no such"),
    });
    expect((await run(["change", "deployment"], stub.url)).code).toBe(2);
    expect((await run(["change", "config", "x", "--detail", "y"], stub.url)).code).toBe(2);
  });
});

const baselineState = (state: string, more: object = {}): Route => {
  return () => ({
    status: 200,
    body: { baseline_id: "b1", state, row_count: 0, error: null, is_active: false, ...more },
  });
};
const taken: Route = () => ({ status: 202, body: { baseline_id: "b1", state: "uploading" } });

describe("whoami", () => {
  test("says whose key it is", async () => {
    const stub = await start({});
    const { code, out } = await run(["whoami"], stub.url);
    expect(code).toBe(0);
    expect(out).toContain("Acme (acme)");
    expect(out).toContain("ingest, write");
  });

  test("a key that is not known exits with 1, in the server's words", async () => {
    const stub = await start({});
    const { code, err } = await run(["whoami"], stub.url, { key: "other" });
    expect(code).toBe(1);
    expect(err).toContain("The key is not known. (401)");
  });
});

describe("baseline upload", () => {
  test("sends the file as it is with its mapping, and waits until it is profiled", async () => {
    const stub = await start({
      "POST /v1/baselines": taken,
      "GET /v1/baselines/b1": [
        baselineState("uploading"),
        baselineState("profiling", { row_count: 12 }),
        baselineState("ready", { row_count: 1_234, is_active: true }),
      ],
    });
    const content = randomBytes(600_000).toString("base64");
    const file = await write("training.csv", content);
    const args = ["--model", "eta", "--version", "1", "--label", "late", "--id", "row"];
    const more = [
      "--tags",
      "region,tier",
      "--ignore",
      "a, b",
      "--type",
      "zip=categorical",
      "--type",
      "a=b=text",
    ];
    const { code, out, err } = await run(["baseline", "upload", file, ...args, ...more], stub.url);
    expect(err).toContain("100 % 800 kB of 800 kB");
    expect(err).toContain("profile ready: 1,234 rows, now in use");
    expect([code, out]).toEqual([0, "b1\n"]);
    const upload = stub.received.find((one) => one.method === "POST");
    expect(upload?.body === content).toBe(true);
    expect(upload?.headers).toMatchObject({
      "content-type": "text/csv",
      "content-length": String(content.length),
      authorization: "Bearer secret",
    });
    const { mapping, ...query } = Object.fromEntries(upload?.query ?? []);
    expect(query).toEqual({ model: "eta", version: "1", name: "training", format: "csv" });
    expect(baselineMappingSchema.strict().parse(JSON.parse(mapping ?? ""))).toEqual({
      label: "late",
      predictionId: "row",
      tags: ["region", "tier"],
      ignore: ["a", "b"],
      types: { zip: "categorical", "a=b": "text" },
    });
  });

  test("a refusal names the column and the row, as the server does", async () => {
    const errors = [
      { path: "distance", message: "row 17 is no number", expected: "numeric", received: "abc" },
      { column: "origin", row: 3, message: "is longer than 8192 bytes" },
    ];
    const stub = await start({
      "POST /v1/baselines": () => ({
        status: 400,
        body: { code: "invalid_request", detail: "The file does not fit its mapping.", errors },
      }),
    });
    const file = await write("training.ndjson", '{"distance":"abc"}\n');
    const { code, err } = await run(["baseline", "upload", file, "--model", "eta"], stub.url);
    expect(code).toBe(1);
    expect(err).toContain("The file does not fit its mapping. (400)");
    expect(err).toContain("distance: row 17 is no number (expected numeric, received abc)");
    expect(err).toContain('column "origin", row 3: is longer than 8192 bytes');
  });

  test("a baseline that can't be profiled exits with 1 and says why", async () => {
    const stub = await start({
      "POST /v1/baselines": taken,
      "GET /v1/baselines/b1": baselineState("failed", { error: 'column "x", row 9: not a number' }),
    });
    const file = await write("training.parquet", "PAR1");
    const { code, err } = await run(["baseline", "upload", file, "--model", "eta"], stub.url);
    expect([code, err.includes('column "x", row 9: not a number')]).toEqual([1, true]);
  });

  test("--detach does not wait for the profile", async () => {
    const stub = await start({ "POST /v1/baselines": taken });
    const file = await write("training.parquet", "PAR1");
    const { code } = await run(["baseline", "upload", file, "--model", "m", "--detach"], stub.url);
    expect(code).toBe(0);
    expect(stub.received.map((one) => one.path)).toEqual(["/v1/whoami", "/v1/baselines"]);
  });

  test("a wrong key is told before the file is sent", async () => {
    const stub = await start({ "POST /v1/baselines": taken });
    const file = await write("training.csv", "a\n1\n");
    const args = ["baseline", "upload", file, "--model", "eta", "--key", "other"];
    const { code, err } = await run(args, stub.url);
    expect([code, err.includes("Check --key")]).toEqual([1, true]);
    expect(stub.received.map((one) => one.path)).toEqual(["/v1/whoami"]);
  });

  test("an answer that comes before the end of the file is heard", async () => {
    const stub = await start({
      "POST /v1/baselines": () => ({
        status: 413,
        body: { detail: "The file is larger than 2 GiB." },
        isEarly: true,
      }),
    });
    const file = await write("training.csv", randomBytes(30_000_000));
    const { code, err } = await run(["baseline", "upload", file, "--model", "eta"], stub.url);
    expect([code, err.includes("The file is larger than 2 GiB. (413)")]).toEqual([1, true]);
  });

  test.each([
    ["no file", ["baseline", "upload", "--model", "eta"], "takes one file"],
    ["a missing file", ["baseline", "upload", "/nowhere/x.csv", "--model", "eta"], "no such file"],
    ["no model", ["baseline", "upload", "x.csv"], "--model is missing"],
    ["an unknown format", ["baseline", "upload", "x.xls", "--model", "eta"], "say --format"],
    [
      "a bad type",
      ["baseline", "upload", "x.csv", "--model", "m", "--type", "a=int"],
      "COLUMN=TYPE",
    ],
    ["an unknown option", ["baseline", "upload", "x.csv", "--colour", "red"], "--colour"],
    ["an unknown command", ["fly"], "no such command"],
    ["a bad URL", ["whoami", "--url", "ftp://x"], "no http or https URL"],
  ])("%s exits with 2", async (_name, args, words) => {
    const { code, err } = await run(args, "http://127.0.0.1:9");
    expect([code, err.includes(words)]).toEqual([2, true]);
  });

  test("no key exits with 2, help with 0", async () => {
    expect((await run(["whoami"], "http://127.0.0.1:9", { key: "" })).code).toBe(2);
    const help = await run(["--help"], "");
    expect([help.code, help.out.includes("plumbline baseline upload FILE")]).toEqual([0, true]);
  });
});

describe("log", () => {
  const verdict =
    (rejected: object[] = []): Route =>
    ({ body }) => {
      const rows = body === "" ? 0 : body.split("\n").length;
      const accepted = rows - rejected.length;
      return { status: accepted > 0 ? 202 : 422, body: { accepted, rejected } };
    };

  test("lines keep their own bytes; an id, a time and the defaults are put in front where they lack", async () => {
    const stub = await start({ "POST /v1/predictions": verdict() });
    const lines = [
      '{"model":"own","prediction_id":"a","timestamp":"2026-11-21T03:22:00Z","features":{"x":12345678901234567890}}',
      "",
      '  {"features": {"x": 1e400}}',
      "{}",
    ];
    const file = await write("rows.ndjson", lines.join("\r\n"));
    const { code, err } = await run(["log", file, "--model", "eta", "--version", "2"], stub.url);
    expect([code, err]).toEqual([
      0,
      "predictions 100 % 3 accepted\npredictions 3 accepted, 0 rejected\n",
    ]);
    const sent = stub.received[0]?.body.split("\n") ?? [];
    expect(sent[0]).toBe(`{"version":"2",${lines[0]?.slice(1)}`);
    expect(sent[1]).toMatch(
      /^\{"model":"eta","version":"2","prediction_id":"[0-9a-f-]{36}","timestamp":"[^"]+","features": \{"x": 1e400\}\}$/,
    );
    expect(Object.keys(JSON.parse(sent[2] ?? ""))).toEqual([
      "model",
      "version",
      "prediction_id",
      "timestamp",
    ]);
  });

  test("rejected rows are named by their line, and the exit code is 1", async () => {
    const rejected = [
      {
        index: 1,
        prediction_id: "c",
        code: "wrong_type",
        path: "features.x",
        message: "an object",
      },
    ];
    const stub = await start({ "POST /v1/predictions": verdict(rejected) });
    const file = await write(
      "rows.ndjson",
      '{"prediction_id":"a"}\nnot json\n{"prediction_id":"c"}\n',
    );
    const { code, out, err } = await run(["log", file], stub.url);
    expect(code).toBe(1);
    expect(out).toBe(
      "line 2: invalid_json: not a JSON object\nline 3 (c): wrong_type at features.x: an object\n",
    );
    expect(err).toContain("1 accepted, 2 rejected");
  });

  test("labels are read from standard input; they get no id, and no version", async () => {
    const stub = await start({ "POST /v1/labels": verdict() });
    const stdin = '{"prediction_id":"a","label":1}\n';
    const args = ["log", "-", "--labels", "--model", "eta", "--version", "2"];
    expect((await run(args, stub.url, { stdin })).code).toBe(0);
    expect(stub.received[0]?.body).toBe('{"model":"eta","prediction_id":"a","label":1}');
  });

  test("offline features get no id, and a version when one is named", async () => {
    const stub = await start({ "POST /v1/features": verdict() });
    const stdin = '{"prediction_id":"a","features":{"x":1}}\n';
    const args = ["log", "-", "--features", "--model", "eta", "--version", "2"];
    expect((await run(args, stub.url, { stdin })).code).toBe(0);
    expect(stub.received[0]?.body).toBe(
      '{"model":"eta","version":"2","prediction_id":"a","features":{"x":1}}',
    );
  });

  test("a batch is repeated with the same bytes while the server is away", async () => {
    const away: Route = () => ({ status: 503, headers: { "retry-after": "0" } });
    const reset: Route = () => "reset";
    const stub = await start({ "POST /v1/predictions": [away, reset, verdict()] });
    const { code } = await run(["log", await write("rows.ndjson", "{}\n")], stub.url);
    expect(code).toBe(0);
    const bodies = stub.received.map((one) => one.body);
    expect([bodies.length, new Set(bodies).size]).toEqual([3, 1]);
  });

  test("a batch that is too large is split", async () => {
    const small: Route = (one) =>
      one.body.split("\n").length > 3 ? { status: 413 } : verdict()(one);
    const stub = await start({ "POST /v1/predictions": small });
    const file = await write("rows.ndjson", '{"prediction_id":"a"}\n'.repeat(10));
    const { code, err } = await run(["log", file], stub.url);
    expect([code, err.includes("10 accepted, 0 rejected")]).toEqual([0, true]);
  });

  test("after a refusal it says where to go on", async () => {
    const refused: Route = () => ({ status: 403, body: { detail: "The key may not ingest." } });
    const stub = await start({ "POST /v1/predictions": [verdict(), refused] });
    const file = await write("rows.ndjson", '{"prediction_id":"a"}\n'.repeat(5_001));
    const { code, err } = await run(["log", file], stub.url);
    expect(code).toBe(1);
    expect(err).toContain("The key may not ingest. (403)");
    expect(err).toContain("--from-line 5001 goes on");
    const again = await start({ "POST /v1/predictions": verdict() });
    const rest = await run(["log", file, "--from-line", "5001"], again.url);
    expect(rest.err).toContain("1 accepted, 0 rejected");
  });
});

describe("acceptance-tests", () => {
  const result = (item: number, verdict: string, more: object = {}) => ({
    item,
    title: `Watch ${item}`,
    state: "done",
    isReopened: false,
    result: { verdict, sentence: `It is ${verdict}.` },
    ...more,
  });
  const answer =
    (...results: object[]): Route =>
    () => ({ status: 200, body: { results } });
  const path = "POST /api/v1/workspaces/acme/acceptance-tests/run";

  test.each<[string, object[], string[], number]>([
    ["all pass", [result(1, "passed")], [], 0],
    ["there is none", [], [], 0],
    ["one fails", [result(1, "passed"), result(2, "failed")], [], 1],
    ["one of an item that is still open fails", [result(2, "failed", { state: "open" })], [], 1],
    ["that is not asked for", [result(2, "failed", { state: "open" })], ["--done"], 0],
    [
      "a done one was lost",
      [result(2, "failed", { state: "open", isReopened: true })],
      ["--done"],
      1,
    ],
    ["one cannot say", [result(3, "cannot_say")], [], 0],
    ["one cannot say, and must", [result(3, "cannot_say")], ["--strict"], 1],
  ])("where %s, the code is %s", async (_name, results, flags, code) => {
    const stub = await start({ [path]: answer(...results) });
    const run1 = await run(["acceptance-tests", ...flags], stub.url);
    expect(run1.code).toBe(code);
    expect(run1.out).toMatch(/passed, \d failed, \d cannot say/);
  });

  test("are of the workspace, incident and model that are named", async () => {
    let body = "";
    const stub = await start({
      "POST /api/v1/workspaces/other%20one/acceptance-tests/run": (request) => {
        body = request.body.toString();
        return { status: 200, body: { results: [] } };
      },
    });
    const args = ["--workspace", "other one", "--incident", "4", "--model", "eta"];
    expect((await run(["acceptance-tests", ...args], stub.url)).code).toBe(0);
    expect(JSON.parse(body)).toEqual({ incident: 4, model: "eta" });
    expect((await run(["acceptance-tests", "--incident", "x"], stub.url)).code).toBe(2);
  });

  test("that are refused exit with 1, in the server's words", async () => {
    const stub = await start({
      [path]: () => ({ status: 403, body: { detail: "It needs a key with the scope write." } }),
    });
    const { code, err } = await run(["acceptance-tests"], stub.url);
    expect(code).toBe(1);
    expect(err).toContain("the scope write");
  });
});
