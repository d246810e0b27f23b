import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findModelRow } from "#db/postgres/queries/model.ts";
import { modelVersions } from "#db/postgres/schema/models.ts";
import { monitors } from "#db/postgres/schema/monitors.ts";
import { buildKey, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { TestIngest } from "#ingest/testing/test-ingest.ts";
import { startTestIngest } from "#ingest/testing/test-ingest.ts";
import type { SeriesOutcome } from "#lib/domain/monitor.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import type { CallContext } from "../context.ts";
import { markArrivedHours } from "../profile/mark-arrived-hours.ts";
import { recomputeClaim } from "../profile/recompute-claim.ts";
import { getSkew } from "../skew/get-skew.ts";
import { evaluateDueMonitors } from "./evaluate-due-monitors.ts";

/** From POST /v1/features through ingest and the worker's steps to what a monitor of skew says of each window. */
const hourMs = 3_600_000;
/** Far from the clock of any worker that runs beside this suite. */
const start = Date.parse("2033-05-09T00:00:00Z");
const at = (hour: number) => new Date(start + hour * hourMs);
const model = "parcel";
const perHour = 120;

let stores: TestStores;
let ingest: TestIngest;
let workspaceId: string;
let modelId: string;
let nowMs = at(4).getTime();
const now = () => new Date(nowMs);
const applied: [hour: number, ...said: string[]][] = [];

const rows = Array.from({ length: 4 * perHour }, (_, n) => ({
  prediction_id: `p${n}`,
  hour: Math.floor(n / perHour),
  timestamp: new Date(at(Math.floor(n / perHour)).getTime() + (n % perHour) * 20_000),
  distance: n,
}));

async function post(path: string, lines: unknown[]): Promise<void> {
  expect(await ingest.post(`${path}?ack=stored`, lines)).toMatchObject({
    status: 202,
    body: { accepted: lines.length, rejected: [] },
  });
}

/** Features of some hours, every fourth of which is in another unit offline. */
const tell = (hours: readonly number[], source: string) =>
  post(
    "/v1/features",
    rows
      .filter(({ hour }) => hours.includes(hour))
      .map(({ prediction_id, distance }, i) => ({
        model,
        prediction_id,
        source,
        timestamp: now().toISOString(),
        features: { distance: i % 4 === 0 ? 2 * distance + 1 : distance },
      })),
  );

/** What the worker's lanes and its loop do, until nothing is due. */
async function work(): Promise<void> {
  const onFailure = (failure: unknown) => {
    throw new Error("the worker failed", { cause: failure });
  };
  for (const grain of ["1h", "1d"] as const) {
    nowMs += 400_000;
    const lane = { stores, aspect: "skew" as const, modelId, now, onFailure };
    while ((await markArrivedHours(lane)) !== null);
    nowMs += 400_000;
    while ((await recomputeClaim({ ...lane, grain, newId: randomUUID })) !== null);
  }
  const options = {
    stores,
    now,
    newId: randomUUID,
    modelId,
    onFailure,
    applyOutcomes: async (_tx: unknown, _monitor: unknown, outcomes: SeriesOutcome[]) => {
      const [first] = outcomes;
      // A window in which nothing was to be expected.
      if (first === undefined) return;
      applied.push([
        (first.windowUntil.getTime() - start) / hourMs,
        ...outcomes.map(({ result }) => (result.kind === "value" ? result.judged : result.kind)),
      ]);
    },
  };
  while (await evaluateDueMonitors(options));
}

beforeAll(async () => {
  stores = openStores();
  const workspace = await buildWorkspace(stores.postgres, { rawRetentionDays: null });
  workspaceId = workspace.id;
  const { secret } = await buildKey(stores.postgres, workspaceId, ["ingest"]);
  ingest = await startTestIngest(stores, { key: secret, now: () => nowMs });
  await post(
    "/v1/predictions",
    rows.map(({ prediction_id, timestamp, distance }) => ({
      model,
      version: "1",
      prediction_id,
      timestamp: timestamp.toISOString(),
      features: { distance },
      prediction: { value: 1 },
    })),
  );
  const found = await findModelRow({ pg: stores.postgres.db, workspaceId }, model);
  modelId = found?.id ?? "";
  await stores.postgres.db
    .update(modelVersions)
    .set({ firstSeenAt: at(0), lastSeenAt: at(4) })
    .where(eq(modelVersions.modelId, modelId));
  const question = defaultQuestion("skew");
  await stores.postgres.db.insert(monitors).values({
    id: randomUUID(),
    workspaceId,
    modelId,
    name: "skew",
    causeClass: "training_serving_skew",
    ...question,
    definition: { ...question.definition, window: "1h", cadence: "1h", settleSeconds: 60 },
    nextWindowUntil: at(1),
    dueAt: at(1),
    createdAt: at(0),
    updatedAt: at(0),
  });
}, 120_000);
afterAll(async () => {
  await ingest?.stop();
  await ingest?.removeFolder();
  await stores?.close();
});

describe("offline features that come late", () => {
  const skewOf = async (hour: number) => {
    const call: CallContext = {
      ...stores,
      workspaceId,
      actor: { kind: "job", name: "test" },
      now: now(),
    };
    const asked = { model, from: at(hour).toISOString(), until: at(hour + 1).toISOString() };
    const { pairCount, features, waitingShare } = await getSkew.call(call, asked);
    return [pairCount, features[0]?.differingCount ?? 0, waitingShare];
  };

  test("find every window judged by what had come in time", async () => {
    await tell([0, 1], "first");
    await work();
    expect(applied).toEqual([
      [1, "fire"],
      [2, "fire"],
      [3, "no_data"],
      [4, "no_data"],
    ]);
    expect([await skewOf(1), await skewOf(2)]).toEqual([
      [perHour, perHour / 4, 0],
      [0, 0, 0],
    ]);
  });

  test("have their own window judged again, weeks later, and no other", async () => {
    nowMs = at(24 * 21).getTime();
    await work();
    applied.length = 0;
    await tell([2], "late");
    await work();
    expect(applied).toEqual([[3, "fire"]]);
    expect([await skewOf(2), await skewOf(3)]).toEqual([
      [perHour, perHour / 4, 0],
      [0, 0, 0],
    ]);
  });

  test("that correct what was told have their window judged by the correction", async () => {
    applied.length = 0;
    await post(
      "/v1/features",
      rows
        .filter(({ hour }) => hour === 2)
        .map(({ prediction_id, distance }) => ({ model, prediction_id, features: { distance } })),
    );
    await work();
    expect(applied).toEqual([[3, "clear"]]);
    expect(await skewOf(2)).toEqual([perHour, 0, 0]);
  });

  test("of a prediction that nobody made change nothing", async () => {
    applied.length = 0;
    await post("/v1/features", [{ model, prediction_id: "nobody", features: { distance: 1 } }]);
    await work();
    expect(applied).toEqual([]);
  });
});
