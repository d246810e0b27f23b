import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { Runtime } from "#lib/runtime.ts";
import { createIncident } from "#lib/services/incident/create-incident.ts";
import { addImage } from "./add-image.ts";
import { getImage } from "./get-image.ts";
import { cookieOf, startWeb } from "./testing/web.ts";

const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
const url = "http://localhost/images";

let runtime: Runtime;
let cookie: string;
let params: Record<string, string>;

beforeAll(async () => {
  runtime = startWeb();
  const { id: workspaceId, slug } = await buildWorkspace(runtime.postgres);
  const { id: userId } = await buildUser(runtime.postgres, { workspaceId, role: "owner" });
  cookie = await cookieOf(userId);
  const call = {
    postgres: runtime.postgres,
    clickhouse: runtime.clickhouse,
    workspaceId,
    actor: { kind: "user", userId, role: "owner" } as const,
    now: new Date("2026-11-20T00:00:00Z"),
  };
  await createIncident.call(call, { title: "Calls", reason: "calls", severity: "sev3" });
  params = { workspace: slug, incident: "1" };
});
afterAll(() => runtime.close());

const send = (body: BodyInit | null, type: string | null, headers: Record<string, string> = {}) =>
  addImage(
    new Request(url, {
      method: "POST",
      body,
      headers: {
        cookie,
        "sec-fetch-site": "same-origin",
        ...(type === null ? {} : { "content-type": type }),
        ...headers,
      },
    }),
    { params: Promise.resolve(params) },
  );
const show = (imageHash: string, headers: Record<string, string> = {}) =>
  getImage(new Request(url, { headers: { cookie, ...headers } }), {
    params: Promise.resolve({ ...params, imageHash }),
  });

describe("a picture", () => {
  test("is shown as what it is and nothing else, to our own pages", async () => {
    const kept = await send(new Uint8Array(gif), "image/png");
    expect(kept.status).toBe(201);
    const { hash } = await kept.json();
    const shown = await show(hash, { "sec-fetch-site": "same-origin" });
    expect(shown.status).toBe(200);
    // It was sent as PNG, and is a GIF.
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      "content-type": "image/gif",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
      "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
      "cache-control": "private, max-age=31536000, immutable",
    });
    expect(Buffer.from(await shown.arrayBuffer()).equals(gif)).toBe(true);
    expect((await show(hash, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await show(hash, { "sec-fetch-site": "same-site" })).status).toBe(403);
    expect((await show(hash, { cookie: "" })).status).toBe(401);
    expect((await show("0".repeat(64))).status).toBe(404);
    expect((await show("..%2f")).status).toBe(400);
  });

  test.each<[string, BodyInit | null, string | null, number]>([
    ["SVG", "<svg onload='alert(1)'/>", "image/svg+xml", 415],
    ["SVG that says it is PNG", "<svg onload='alert(1)'/>", "image/png", 415],
    ["HTML that says it is GIF", "<script>alert(1)</script>", "image/gif", 415],
    ["nothing", null, "image/png", 415],
    ["no type", new Uint8Array(gif), null, 415],
    ["a form", new URLSearchParams({ a: "b" }), "application/x-www-form-urlencoded", 415],
    ["20 MB", new Uint8Array(20 * 1024 * 1024), "image/png", 413],
  ])("%s is refused", async (_, body, type, status) => {
    expect((await send(body, type)).status).toBe(status);
  });

  test("from another site is refused", async () => {
    const answer = await send(new Uint8Array(gif), "image/gif", { "sec-fetch-site": "cross-site" });
    expect(answer.status).toBe(403);
  });

  test("whose length is said too large is not even read", async () => {
    const answer = await send(new Uint8Array(gif), "image/gif", {
      "content-length": String(6 * 1024 * 1024),
    });
    expect(answer.status).toBe(413);
  });
});
