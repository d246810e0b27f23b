import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { markBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import { dirtyBuckets } from "#db/postgres/schema/jobs.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "#lib/services/context.ts";
import { getDrift } from "../drift/get-drift.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getFeatureQuality } from "./get-feature-quality.ts";
import { getQuality } from "./get-quality.ts";

const hourMs = 3_600_000;
const hourCount = 12;
const rowsPerHour = 120;
const start = Date.parse("2026-11-20T00:00:00Z");
const now = new Date(start + 2 * hourCount * hourMs);
/** The first half is what the second is compared with. */
const fromTime = new Date(start + hourCount * hourMs);

let stores: TestStores;
let key: { workspaceId: string; modelId: string };
let model: { id: string; name: string };
let call: CallContext;

const timeOf = (i: number) => new Date(start + (i * hourMs) / rowsPerHour);
const hoursOf = (from: number, until: number) =>
  Array.from({ length: until - from }, (_, i) => start + (from + i) * hourMs);

async function profile(from: Date, until: Date) {
  for (const grain of ["5m", "1h"] as const)
    await recomputeBuckets(stores, { ...key, grain, fromTime: from, untilTime: until });
}

const mark = (timesMs: readonly number[]) =>
  markBuckets(stores.postgres.db, { aspect: "profile", ...key }, "1h", timesMs, now);

const clean = () =>
  stores.postgres.db.delete(dirtyBuckets).where(eq(dirtyBuckets.modelId, key.modelId));

const asked = () => ({
  model: model.name,
  from: fromTime.toISOString(),
  until: now.toISOString(),
  reference: "previous",
});
const ask = () => getQuality.call(call, asked());
const verdictsOf = ({ features }: Awaited<ReturnType<typeof ask>>) =>
  Object.fromEntries(features.map((one) => [one.feature, `${one.verdict}: ${one.reason}`]));

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  model = await buildModel(stores.postgres, workspaceId, {
    features: { is_night: "boolean", amount: "numeric" },
  });
  key = { workspaceId, modelId: model.id };
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
  // Of every six hours four are not of the night; the newest three of the window are all its night.
  const rows = Array.from({ length: 2 * hourCount * rowsPerHour }, (_, i) => ({
    id: `r${i}`,
    time: timeOf(i),
    features: { is_night: Math.floor(i / rowsPerHour) % hourCount >= 9, amount: i % 40 },
  }));
  await insertPredictions(stores, key, rows);
  await profile(new Date(start), fromTime);
});
afterAll(() => stores.close());

describe("the quality of a window whose rows are still being profiled", () => {
  test("is not judged by the rows that are in, on the page and of one feature", async () => {
    await mark(hoursOf(hourCount, 2 * hourCount - 3));
    await profile(new Date(start + (2 * hourCount - 3) * hourMs), now);
    const quality = await ask();
    expect(quality.waitingShare).toBeCloseTo(0.75, 9);
    expect(quality.windowRowCount).toBe(360);
    const reason = "not yet: 1,080 rows of the window wait to be profiled";
    expect(verdictsOf(quality)).toEqual({
      is_night: `cannot_say: ${reason}`,
      amount: `cannot_say: ${reason}`,
    });
    const isSilent = (verdict: string) => verdict === "cannot_say";
    const columns = quality.bucketRowCounts.flatMap((rows, column) => (rows > 0 ? [column] : []));
    expect(columns.length).toBeGreaterThan(0);
    for (const { cells } of quality.heat) {
      expect(cells.map(({ column }) => column)).toEqual(expect.arrayContaining(columns));
      expect(cells.every((one) => isSilent(one.verdict))).toBe(true);
    }
    const of = await getFeatureQuality.call(call, { ...asked(), feature: "is_night" });
    expect(of.quality).toMatchObject({ verdict: "cannot_say", reason, since: null });
    expect(of.quality.checks.every((one) => isSilent(one.outcome))).toBe(true);
    expect(of.series.flatMap(({ points }) => points).every((one) => isSilent(one.outcome))).toBe(
      true,
    );
    const drift = await getDrift.call(call, asked());
    expect(drift).toMatchObject({ family: { driftCount: 0, cannotSayCount: 2 } });
    expect(drift.features[0]?.reason).toBe(reason);
  });

  test("is judged once they are in, also while a bucket waits for what its rows had before", async () => {
    await profile(fromTime, now);
    const whole = await ask();
    expect(whole.waitingShare).toBe(0);
    expect(whole.features.map((one) => one.verdict)).toEqual(["ok", "ok"]);
    await clean();
    expect(verdictsOf(await ask())).toEqual(verdictsOf(whole));
  });

  test("is not judged against a reference that is not in yet", async () => {
    await insertPredictions(
      stores,
      key,
      Array.from({ length: 2_000 }, (_, i) => ({
        id: `late${i}`,
        time: new Date(start + i * 10_000),
        features: { is_night: false, amount: i % 40 },
      })),
    );
    await mark(hoursOf(0, hourCount));
    const quality = await ask();
    expect(quality.waitingShare).toBe(0);
    expect(verdictsOf(quality).is_night).toBe(
      "cannot_say: not yet: 2,000 rows of the window of equal length just before wait to be profiled",
    );
    await profile(new Date(start), fromTime);
    await clean();
    expect((await ask()).features.map((one) => one.verdict)).toEqual(["ok", "ok"]);
  });
});
