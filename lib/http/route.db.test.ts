import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GET as readSession } from "#app/api/v1/session/route.ts";
import {
  POST as createKey,
  GET as listKeys,
} from "#app/api/v1/workspaces/[workspace]/keys/route.ts";
import {
  PATCH as patchWorkspace,
  GET as readWorkspace,
} from "#app/api/v1/workspaces/[workspace]/route.ts";
import { POST as createWorkspace } from "#app/api/v1/workspaces/route.ts";
import { buildKey, buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { ApiKeyScope } from "#lib/domain/role.ts";
import type { Runtime } from "#lib/runtime.ts";
import { ask, cookieOf, origin, startWeb } from "./testing/web.ts";

let runtime: Runtime;
let workspace: { id: string; slug: string };
let owner: { id: string; email: string };
let cookie: string;
let params: Record<string, string>;

beforeAll(async () => {
  runtime = startWeb();
  workspace = await buildWorkspace(runtime.postgres);
  owner = await buildUser(runtime.postgres, { workspaceId: workspace.id, role: "owner" });
  cookie = await cookieOf(owner.id);
  params = { workspace: workspace.slug };
});
afterAll(() => runtime.close());

describe("the session", () => {
  test("says who is signed in and where", async () => {
    const { status, json, headers } = await ask(readSession, { cookie });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      user: { id: owner.id, email: owner.email },
      workspaces: [{ slug: workspace.slug, role: "owner" }],
    });
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test.each([
    ["no cookie", undefined],
    ["a cookie that was made up", "next-auth.session-token=eyJhbGciOiJkaXIifQ..a.b.c"],
    ["another cookie whose name begins alike", "next-auth.session-token2=x"],
  ])("with %s it is 401, as a problem", async (_, made) => {
    const { status, json } = await ask(readSession, made === undefined ? {} : { cookie: made });
    expect(status).toBe(401);
    expect(json).toMatchObject({ code: "unauthorized", requestId: expect.any(String) });
  });

  test("of an account that is gone is none", async () => {
    const ghost = await cookieOf("00000000-0000-4000-8000-000000000000");
    expect((await ask(readSession, { cookie: ghost })).status).toBe(401);
  });

  test("ends for a workspace the moment the membership does, whatever the token was made for", async () => {
    const member = await buildUser(runtime.postgres);
    const theirs = await cookieOf(member.id);
    expect((await ask(readWorkspace, { params, cookie: theirs })).status).toBe(404);
  });
});

describe("a write that a cookie pays for", () => {
  const rename = (headers: Record<string, string>) =>
    ask(patchWorkspace, { method: "PATCH", params, cookie, body: { name: "New" }, headers });

  test.each([
    ["our own page", { "sec-fetch-site": "same-origin", origin }, 200],
    ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
    ["a sibling subdomain", { "sec-fetch-site": "same-site", origin }, 403],
  ])("from %s", async (_, headers, status) => {
    expect((await rename(headers)).status).toBe(status);
  });

  test.each([
    ["our own origin", { origin }, 200],
    ["another origin", { origin: "https://evil.example" }, 403],
    ["a sandboxed page", { origin: "null" }, 403],
    ["a program that is no browser", {}, 200],
  ])("without Sec-Fetch-Site, from %s", async (_, headers, status) => {
    const request = new Request(`${origin}/api`, {
      method: "PATCH",
      headers: { cookie, "content-type": "application/json", ...headers },
      body: JSON.stringify({ name: "New" }),
    });
    const answer = await patchWorkspace(request, { params: Promise.resolve(params) });
    expect(answer.status).toBe(status);
  });

  test("needs JSON, which no form of another site can send", async () => {
    const form = await rename({ "content-type": "text/plain" });
    expect(form.status).toBe(415);
  });
});

describe("a body", () => {
  const send = (body: string | ReadableStream, headers: Record<string, string> = {}) =>
    patchWorkspace(
      new Request(`${origin}/api`, {
        method: "PATCH",
        headers: { cookie, "content-type": "application/json", ...headers },
        body,
        ...{ duplex: "half" },
      }),
      { params: Promise.resolve(params) },
    );

  test.each([
    ["not JSON", "{", 400],
    ["not an object", "[1]", 400],
    ["null", "null", 400],
    ["of a wrong type", '{"name":1}', 400],
    ["too large", `{"name":"${"x".repeat(1024 * 1024)}"}`, 413],
  ])("that is %s", async (_, body, status) => {
    const answer = await send(body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  test("without an end is cut off at the limit", async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    });
    expect((await send(endless)).status).toBe(413);
  });

  test("that does not fit says where, what is expected and what came", async () => {
    const answer = await send('{"name":1}');
    expect(await answer.json()).toMatchObject({
      errors: [{ path: "name", expected: "string", received: "number" }],
    });
  });

  test("can't overrule what the path names", async () => {
    const other = await buildWorkspace(runtime.postgres);
    const answer = await ask(readWorkspace, { params, cookie, query: { workspace: other.slug } });
    expect(answer.json).toMatchObject({ slug: workspace.slug });
  });
});

describe("the scopes of a key", () => {
  test.each<[ApiKeyScope, number, number, number]>([
    ["ingest", 403, 403, 403],
    ["read", 200, 403, 403],
    ["write", 200, 403, 403],
    ["admin", 200, 200, 200],
  ])(
    "%s reads with %i, renames the workspace with %i, makes a key with %i",
    async (scope, ...expected) => {
      const { secret: key } = await buildKey(runtime.postgres, workspace.id, [scope]);
      const answers = await Promise.all([
        ask(listKeys, { params, key }),
        ask(patchWorkspace, { method: "PATCH", params, key, body: { name: "K" } }),
        ask(createKey, { method: "POST", params, key, body: { name: "k", scopes: ["read"] } }),
      ]);
      expect(answers.map((answer) => answer.status)).toEqual(expected);
    },
  );

  test.each(["Bearer", "Basic abc", "Bearer pl_x", "pl_x"])(
    "a header that reads %j is 401 also beside a good cookie",
    async (authorization) => {
      const answer = await ask(listKeys, { params, cookie, headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    },
  );

  test("a key opens no account", async () => {
    const { secret: key } = await buildKey(runtime.postgres, workspace.id, ["admin"]);
    expect((await ask(readSession, { key })).status).toBe(401);
  });
});

describe("a new workspace", () => {
  const create = (body: unknown) => ask(createWorkspace, { method: "POST", cookie, body });

  test("belongs to whoever makes it; its address is taken once", async () => {
    const slug = `new-${owner.id.slice(0, 8)}`;
    const made = await create({ slug, name: "New", timeZone: "Europe/Berlin" });
    expect(made.json).toMatchObject({ slug, isDemo: false });
    const again = await create({ slug, name: "Again" });
    expect(again.status).toBe(409);
    const mine = await ask(readWorkspace, { params: { workspace: slug }, cookie });
    expect(mine.status).toBe(200);
  });

  test("has a time zone that exists", async () => {
    const answer = await create({ slug: "mars", name: "Mars", timeZone: "Mars/Olympus" });
    expect(answer.json).toMatchObject({ code: "invalid_request", errors: [{ path: "timeZone" }] });
  });
});

test("an id that a proxy gave is kept, and one that is not fit for a log is not", async () => {
  const given = await ask(readSession, { headers: { "x-request-id": "abc-1" } });
  expect(given.headers.get("x-request-id")).toBe("abc-1");
  const odd = await ask(readSession, { headers: { "x-request-id": "a b{c}" } });
  expect(odd.headers.get("x-request-id")).not.toBe("a b{c}");
});
