import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BucketClaim } from "#db/postgres/queries/dirty-buckets.ts";
import { claimDirtyBuckets, settleDirtyBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { dirtyBuckets } from "#db/postgres/schema/jobs.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { holdClaim } from "./hold-claim.ts";

let stores: TestStores;
let workspaceId: string;

const marked = new Date("2026-11-20T10:06:00Z");
const later = (seconds: number) => new Date(marked.getTime() + seconds * 1000);
const leaseMs = 40;

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
});
afterAll(() => stores.close());

async function claimOne(modelId: string, now: Date): Promise<BucketClaim | null> {
  return claimDirtyBuckets(stores.postgres.db, {
    grain: "5m",
    now,
    quietMs: 5_000,
    waitMsMax: 20_000,
    bucketsMax: 10,
    leaseMs,
    modelId,
  });
}

async function claimedNew(): Promise<{ modelId: string; claim: BucketClaim }> {
  const { id: modelId } = await buildModel(stores.postgres, workspaceId);
  const bucket = new Date("2026-11-20T10:05:00Z").getTime() / 1000;
  await markDirtyBuckets(stores.postgres.db, [{ workspaceId, modelId, bucket }], marked);
  const claim = await claimOne(modelId, later(10));
  if (claim === null) throw new Error("nothing was claimed");
  return { modelId, claim };
}

const claimedUntil = async (modelId: string) => {
  const [row] = await stores.postgres.db
    .select()
    .from(dirtyBuckets)
    .where(and(eq(dirtyBuckets.modelId, modelId), eq(dirtyBuckets.aspect, "profile")));
  return row?.claimedUntil?.getTime();
};

test("a claim is nobody else's for as long as its work runs, and settles under its new name", async () => {
  const { modelId, claim } = await claimedNew();
  let now = later(10);
  await holdClaim({ postgres: stores.postgres, claim, leaseMs, now: () => now }, async (held) => {
    now = later(100);
    await expect.poll(() => claimedUntil(modelId)).toBe(later(100).getTime() + leaseMs);
    expect(await claimOne(modelId, later(100))).toBeNull();
    await held.write((current) =>
      settleDirtyBuckets(stores.postgres.db, current, claim.buckets, now),
    );
  });
  const left = await stores.postgres.db
    .select()
    .from(dirtyBuckets)
    .where(and(eq(dirtyBuckets.modelId, modelId), eq(dirtyBuckets.aspect, "profile")));
  expect(left.map((row) => row.grain)).toEqual(["1h"]);
});

test("a claim whose work has ended is not renewed", async () => {
  const { modelId, claim } = await claimedNew();
  const held = { postgres: stores.postgres, claim, leaseMs, now: () => later(10) };
  await holdClaim(held, async () => undefined);
  expect(await claimOne(modelId, later(11))).not.toBeNull();
});
