import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelVersions } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "#lib/services/context.ts";
import { getFleet } from "../fleet/get-fleet.ts";
import { getJoint } from "../joint/get-joint.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getQuality } from "../quality/get-quality.ts";

const now = new Date("2026-11-20T12:00:00Z");
const minuteMs = 60_000;
const ago = (minutes: number) => new Date(now.getTime() - minutes * minuteMs);

let stores: TestStores;
let call: CallContext;
let model: { id: string; name: string };

const rowsOf = (version: string, count: number): TestPrediction[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `${version}-${i}`,
    version,
    time: ago(5 + (i % 60)),
    value: i,
    features: { x: i },
  }));

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  model = await buildModel(stores.postgres, workspaceId, {
    version: "champion",
    features: { x: "numeric" },
  });
  const { db } = stores.postgres;
  await db
    .update(modelVersions)
    .set({ firstSeenAt: ago(90_000), lastSeenAt: ago(1) })
    .where(eq(modelVersions.modelId, model.id));
  await db.insert(modelVersions).values({
    modelId: model.id,
    environment: "production",
    version: "shadow",
    firstSeenAt: ago(300),
    lastSeenAt: now,
  });
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
  const rows = [...rowsOf("champion", 300), ...rowsOf("shadow", 30)];
  await insertPredictions(stores, { workspaceId, modelId: model.id }, rows);
  const range = { workspaceId, modelId: model.id, fromTime: ago(120), untilTime: now };
  for (const grain of ["5m", "1h"] as const) await recomputeBuckets(stores, { ...range, grain });
});
afterAll(() => stores.close());

test("whoever names no version is answered about the one that serves, and not about the shadow that is logged last", async () => {
  const ask = { model: model.name };
  expect(await getQuality.call(call, ask)).toMatchObject({
    version: "champion",
    windowRowCount: 300,
  });
  expect(await getJoint.call(call, ask)).toMatchObject({ version: "champion" });
  const { models } = await getFleet.call(call, {});
  expect(models).toMatchObject([{ version: "champion", versionCount: 2 }]);
  const named = await getQuality.call(call, { ...ask, version: "shadow" });
  expect(named).toMatchObject({ version: "shadow", windowRowCount: 30 });
});
