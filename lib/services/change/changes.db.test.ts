import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { models, modelVersions } from "#db/postgres/schema/models.ts";
import { notifications } from "#db/postgres/schema/notifications.ts";
import { buildModel, buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { FakePagerduty } from "#lib/notify/testing/fake-pagerduty.ts";
import { startFakePagerduty } from "#lib/notify/testing/fake-pagerduty.ts";
import type { CallContext } from "../context.ts";
import {
  buildDestination,
  testRoutingKey,
  testSealer,
} from "../destination/testing/build-destination.ts";
import { deliverNotification, takeNotification } from "../notification/deliver-notification.ts";
import { listChangeEvents } from "./list-change-events.ts";
import { listChanges } from "./list-changes.ts";
import { recordChangeEvents } from "./record-change-events.ts";
import { recordChangeRows } from "./record-change-rows.ts";

const now = new Date("2100-03-01T12:00:00.000Z");
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);

let stores: TestStores;
let pagerduty: FakePagerduty;
let call: CallContext;

beforeAll(async () => {
  stores = openStores();
  pagerduty = await startFakePagerduty();
});
beforeEach(async () => {
  const { id: workspaceId } = await buildWorkspace(stores.postgres, { name: "Acme" });
  const user = await buildUser(stores.postgres, { workspaceId, role: "editor", name: "Ada" });
  const actor = { kind: "user" as const, userId: user.id, role: "editor" as const };
  call = { postgres: stores.postgres, clickhouse: stores.clickhouse, workspaceId, actor, now };
});
afterAll(async () => {
  await Promise.all([pagerduty.close(), stores.close()]);
});

const deployment = {
  id: "deploy-7",
  kind: "deployment",
  title: "eta 7 to production",
  model: "eta",
  environment: "production",
  version: "7",
  occurredAt: minutes(-30).toISOString(),
};
const tell = (...changes: object[]) => recordChangeEvents.call(call, { changes });
const scope = () => ({ pg: stores.postgres.db, workspaceId: call.workspaceId });
const hour = { from: minutes(-60), until: minutes(1) };

test("told twice it counts once; another change under the same id is refused, and nothing of that call is kept", async () => {
  expect(await tell(deployment)).toEqual({ changes: [{ id: "deploy-7", result: "recorded" }] });
  expect(await tell(deployment)).toEqual({ changes: [{ id: "deploy-7", result: "repeated" }] });
  const other = { ...deployment, version: "8" };
  await expect(tell({ ...deployment, id: "deploy-9" }, other)).rejects.toMatchObject({
    code: "conflict",
    details: [{ path: "changes.1.id", message: expect.stringContaining("another version") }],
  });
  expect((await listChanges(scope(), hour)).map(({ id }) => id)).toEqual(["deploy-7"]);
});

test("of a model: its own and those of all models, within from and until, newest first", async () => {
  await tell(
    deployment,
    { ...deployment, id: "pipeline", kind: "feature_pipeline", model: "", environment: "" },
    { ...deployment, id: "staging", environment: "staging" },
    { ...deployment, id: "other", model: "fare" },
    { ...deployment, id: "early", occurredAt: minutes(-60).toISOString() },
    { ...deployment, id: "before", occurredAt: minutes(-61).toISOString() },
    { ...deployment, id: "late", occurredAt: minutes(1).toISOString() },
  );
  const found = await listChanges(scope(), {
    modelName: "eta",
    environment: "production",
    ...hour,
  });
  expect(found.map(({ id }) => id)).toEqual(["pipeline", "deploy-7", "early"]);
});

test("the first rows of a new version are a change; those of a model's first day are none", async () => {
  const { id, name } = await buildModel(stores.postgres, call.workspaceId, { version: "1" });
  await stores.postgres.db.insert(modelVersions).values([
    {
      modelId: id,
      environment: "production",
      version: "2",
      firstSeenAt: minutes(-20),
      lastSeenAt: now,
    },
  ]);
  const found = await listChanges(scope(), { modelId: id, ...hour });
  expect(found).toMatchObject([{ kind: "first_seen", model: name, version: "2" }]);
  await stores.postgres.db
    .update(models)
    .set({ firstSeenAt: minutes(-20) })
    .where(eq(models.id, id));
  expect(await listChanges(scope(), { modelId: id, ...hour })).toEqual([]);
});

test("a workspace sees none of another's, and a range that ends before it begins is refused", async () => {
  await tell(deployment);
  const other = await buildWorkspace(stores.postgres);
  const range = { from: minutes(-60).toISOString(), until: minutes(1).toISOString() };
  expect(await listChangeEvents.call({ ...call, workspaceId: other.id }, range)).toEqual({
    changes: [],
    incidents: [],
    isCut: false,
  });
  await expect(
    listChangeEvents.call(call, { from: range.until, until: range.from }),
  ).rejects.toMatchObject({ code: "invalid_request" });
});

test("PagerDuty hears of it once where it wants to, as a change event, and nowhere else", async () => {
  const { workspaceId } = call;
  const settings = { routingKey: testRoutingKey, eventsUrl: pagerduty.url };
  await buildDestination(stores.postgres, workspaceId, { kind: "pagerduty", settings });
  await buildDestination(stores.postgres, workspaceId, {
    kind: "pagerduty",
    settings: { ...settings, changeEvents: "send" },
  });
  const told = { ...deployment, title: "x".repeat(300), url: "https://ci.example.com/7" };
  await tell(told);
  await tell(told);
  const context = {
    postgres: stores.postgres,
    sealer: testSealer,
    guard: { allowedHosts: ["127.0.0.1"] },
    now: () => now,
    random: () => 0,
    workspaceId,
  };
  const claim = await takeNotification(context);
  if (claim === null) throw new Error("nothing was taken");
  expect(await deliverNotification(context, claim)).toMatchObject({
    kind: "change",
    state: "sent",
  });
  expect(await takeNotification(context)).toBeNull();
  expect(pagerduty.take().map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
    [
      "/v2/change/enqueue",
      {
        routing_key: testRoutingKey,
        payload: {
          summary: "x".repeat(300),
          source: "eta/production",
          timestamp: deployment.occurredAt,
          custom_details: {
            kind: "deployment",
            model: "eta",
            environment: "production",
            version: "7",
          },
        },
        links: [{ href: "https://ci.example.com/7", text: "Change" }],
      },
    ],
  ]);
  const rows = await stores.postgres.db
    .select({ id: notifications.id })
    .from(notifications)
    .where(eq(notifications.workspaceId, workspaceId));
  expect(rows).toHaveLength(1);
});

test("a viewer can't tell of a change; a key that may only send rows can by the data plane's door, and can't read", async () => {
  const viewer = { kind: "user" as const, userId: randomUUID(), role: "viewer" as const };
  await expect(
    recordChangeEvents.call({ ...call, actor: viewer }, { changes: [deployment] }),
  ).rejects.toMatchObject({ code: "forbidden" });
  const key = { kind: "key" as const, keyId: randomUUID(), scopes: ["ingest" as const] };
  const { occurredAt, ...row } = deployment;
  const rows = [{ index: 0, value: { ...row, occurred_at: occurredAt } }];
  expect(await recordChangeRows.call({ ...call, actor: key }, { rows })).toEqual({ rejected: [] });
  await expect(
    recordChangeEvents.call({ ...call, actor: key }, { changes: [deployment] }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await expect(
    listChangeEvents.call(
      { ...call, actor: key },
      { from: minutes(-60).toISOString(), until: now.toISOString() },
    ),
  ).rejects.toMatchObject({ code: "forbidden" });
});
