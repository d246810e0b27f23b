import { globSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildKey, buildModel, buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { Runtime } from "#lib/runtime.ts";
import type { RouteContext } from "./handle.ts";
import { ask, cookieOf, startWeb } from "./testing/web.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Handler = (request: Request, context: RouteContext) => Promise<Response>;
type RouteModule = Partial<Record<(typeof methods)[number], Handler>>;

// From the file system, so that a new route is covered without anybody remembering to list it.
const folder = join(import.meta.dirname, "../../app/api/v1/workspaces/[workspace]");
const files = globSync("**/route.ts", { cwd: folder });
const modules = await Promise.all(
  files.map(async (file) => ({ file, module: (await import(join(folder, file))) as RouteModule })),
);
const doors = modules.flatMap(({ file, module }) =>
  methods.flatMap((method) => {
    const handler = module[method];
    return handler === undefined ? [] : [{ method, file, handler }];
  }),
);

let runtime: Runtime;
let params: Record<string, string>;
let cookie: string;
let key: string;

beforeAll(async () => {
  runtime = startWeb();
  const { postgres } = runtime;
  const theirs = await buildWorkspace(postgres);
  const victim = await buildUser(postgres, { workspaceId: theirs.id, role: "owner" });
  const model = await buildModel(postgres, theirs.id, {
    name: "secret-model",
    features: { distance: "numeric" },
  });
  const theirKey = await buildKey(postgres, theirs.id, ["read"]);
  params = {
    workspace: theirs.slug,
    model: model.name,
    feature: "distance",
    userId: victim.id,
    keyId: theirKey.id,
    invitationId: victim.id,
    baselineId: model.id,
    destinationId: model.id,
    notificationId: model.id,
    segmentKey: "region",
    incident: "1",
    alertId: model.id,
    entryId: model.id,
    imageHash: "0".repeat(64),
    monitorId: model.id,
    silenceId: model.id,
    scheduleId: model.id,
    overrideId: model.id,
    policyId: model.id,
    teamId: model.id,
    sloId: model.id,
    section: "summary",
    commentId: model.id,
    item: "1",
    runbookId: model.id,
    version: "1",
    stepId: "triage",
    actionId: model.id,
    runId: model.id,
    reactionId: model.id,
  };
  const own = await buildWorkspace(postgres);
  const intruder = await buildUser(postgres, { workspaceId: own.id, role: "owner" });
  cookie = await cookieOf(intruder.id);
  key = (await buildKey(postgres, own.id, ["ingest", "read", "write", "admin"])).secret;
});

afterAll(() => runtime.close());

test("the routes are found", () => {
  expect(doors.length).toBeGreaterThanOrEqual(16);
});

test("no path parameter is unknown to this test", () => {
  const names = files.flatMap((file) =>
    [...file.matchAll(/\[(\w+)\]/g)].map(([, name = ""]) => name),
  );
  expect(names.filter((name) => !(name in params))).toEqual([]);
});

describe.each(doors)("$method $file", ({ method, handler }) => {
  test("a user of another workspace sees 404, not 403", async () => {
    const answer = await ask(handler, { method, params, cookie });
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({ code: "not_found" });
    expect(answer.text).not.toContain("secret-model");
  });

  test("a key of another workspace sees 404, not 403", async () => {
    const answer = await ask(handler, { method, params, key });
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain("secret-model");
  });

  test("nobody sees 401", async () => {
    const answer = await ask(handler, { method, params });
    expect(answer.status).toBe(401);
  });
});
