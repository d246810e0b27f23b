import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { auditLog } from "#db/postgres/schema/keys.ts";
import { buildModel, buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { Role } from "#lib/domain/role.ts";
import type { CallContext, Stores } from "../context.ts";
import { acceptFeatures } from "./accept-features.ts";
import { getModel } from "./get-model.ts";
import { listModels } from "./list-models.ts";
import { updateFeature } from "./update-feature.ts";
import { updateModel } from "./update-model.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
let stores: Stores;

beforeAll(() => {
  stores = {
    postgres: createPostgres({ url: inject("databaseUrl"), application: "test" }),
    clickhouse: createClickHouse({ url: inject("clickhouseUrl"), application: "test" }),
  };
});
afterAll(() => Promise.all([stores.postgres.close(), stores.clickhouse.close()]));

async function build(role: Role) {
  const workspace = await buildWorkspace(stores.postgres);
  const user = await buildUser(stores.postgres, { workspaceId: workspace.id, role });
  const model = await buildModel(stores.postgres, workspace.id, {
    name: "eta",
    features: { origin: "categorical", distance: "numeric" },
  });
  const actor = { kind: "user" as const, userId: user.id, role };
  const call: CallContext = { ...stores, workspaceId: workspace.id, actor, now };
  return { call, model };
}

test("a model is answered with its versions and features, by name", async () => {
  const { call } = await build("viewer");
  expect(await getModel.call(call, { model: "eta" })).toMatchObject({
    name: "eta",
    taskProvenance: "inferred",
    versions: [{ environment: "production", version: "1", hasBaseline: false }],
    features: [
      { name: "distance", type: "numeric", provenance: "inferred" },
      { name: "origin", type: "categorical", provenance: "inferred" },
    ],
  });
});

test("two workspaces may call a model the same, and each sees its own", async () => {
  const mine = await build("viewer");
  const theirs = await build("viewer");
  const { models } = await listModels.call(mine.call, {});
  expect(models.map((model) => model.id)).toEqual([mine.model.id]);
  const answered = await getModel.call(theirs.call, { model: "eta" });
  expect(answered.id).toBe(theirs.model.id);
});

test("a task that a person names is confirmed, and the audit log has both", async () => {
  const { call, model } = await build("editor");
  const updated = await updateModel.call(call, { model: "eta", task: "binary", tier: 1 });
  expect(updated).toMatchObject({ task: "binary", taskProvenance: "confirmed", tier: 1 });
  const entries = await stores.postgres.db
    .select()
    .from(auditLog)
    .where(eq(auditLog.targetId, model.id));
  expect(entries).toMatchObject([
    { action: "model.update", before: { task: null, tier: 3 }, after: { task: "binary", tier: 1 } },
  ]);
});

test("a feature's type is confirmed or changed; one that is not there is not found", async () => {
  const { call } = await build("editor");
  await updateFeature.call(call, { model: "eta", feature: "distance", type: "categorical" });
  const { features } = await getModel.call(call, { model: "eta" });
  expect(features[0]).toMatchObject({ type: "categorical", provenance: "confirmed" });
  await expect(
    updateFeature.call(call, { model: "eta", feature: "nope", type: "numeric" }),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("all inferred types are accepted as they were seen, and a confirmed one is left alone", async () => {
  const { call } = await build("editor");
  await updateFeature.call(call, { model: "eta", feature: "distance", type: "categorical" });
  const seen = (await getModel.call(call, { model: "eta" })).features.map(({ name }) => ({
    feature: name,
    type: name === "distance" ? ("numeric" as const) : ("text" as const),
  }));
  expect(seen.length).toBeGreaterThan(1);
  const accept = () => acceptFeatures.call(call, { model: "eta", features: seen });
  expect(await accept()).toEqual({ acceptedCount: seen.length - 1 });
  expect(await accept()).toEqual({ acceptedCount: 0 });
  const { features } = await getModel.call(call, { model: "eta" });
  for (const { name, type, provenance } of features)
    expect({ name, type, provenance }).toEqual({
      name,
      type: name === "distance" ? "categorical" : "text",
      provenance: "confirmed",
    });
});

test("a viewer changes nothing", async () => {
  const { call } = await build("viewer");
  const refused = { code: "forbidden" };
  await expect(updateModel.call(call, { model: "eta", tier: 1 })).rejects.toMatchObject(refused);
  await expect(
    updateFeature.call(call, { model: "eta", feature: "origin", type: "text" }),
  ).rejects.toMatchObject(refused);
});
