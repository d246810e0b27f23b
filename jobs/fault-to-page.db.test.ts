import { createHmac, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { recordArrivals } from "#db/postgres/queries/arrival.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { insertMonitor } from "#db/postgres/queries/monitor.ts";
import { incidents } from "#db/postgres/schema/incidents.ts";
import { models, segmentKeys } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { MonitorDraft } from "#lib/domain/monitor-definition.ts";
import { monitorDraftSchema } from "#lib/domain/monitor-definition.ts";
import type { FakePagerduty } from "#lib/notify/testing/fake-pagerduty.ts";
import { startFakePagerduty } from "#lib/notify/testing/fake-pagerduty.ts";
import type { FakeSlack } from "#lib/notify/testing/fake-slack.ts";
import {
  fakeSlackChannel,
  fakeSlackToken,
  startFakeSlack,
} from "#lib/notify/testing/fake-slack.ts";
import { applyOutcomes } from "#lib/services/alert/apply-outcomes.ts";
import { receivePagerduty } from "#lib/services/destination/receive-pagerduty.ts";
import {
  buildDestination,
  testRoutingKey,
  testSealer,
} from "#lib/services/destination/testing/build-destination.ts";
import { changeIncident } from "#lib/services/incident/change-incident.ts";
import { tickIncidents } from "#lib/services/incident/tick-incidents.ts";
import { evaluateDueMonitors } from "#lib/services/monitor/evaluate-due-monitors.ts";
import { toRow } from "#lib/services/monitor/to-row.ts";
import type { DeliveryContext } from "#lib/services/notification/deliver-notification.ts";
import {
  deliverNotification,
  takeNotification,
} from "#lib/services/notification/deliver-notification.ts";
import { markArrivedHours } from "#lib/services/profile/mark-arrived-hours.ts";
import { recomputeClaim } from "#lib/services/profile/recompute-claim.ts";

/** From real flights through profiles, monitors, alerts and incidents to what Slack and PagerDuty are told, on a clock of its own: what the
 *  worker's loops do each second is done here whenever that clock moves. */
const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const weekMs = 7 * 24 * hourMs;
const sliceMs = 5 * minuteMs;
/** The record's 10 to 17 January 2001, a Wednesday and the one after, moved to where no other suite's clock is. */
const recordDay = Date.parse("2001-01-17T00:00:00Z");
const start = Date.parse("2032-03-10T12:00:00Z");
const shiftMs = start - (recordDay + 12 * hourMs);
const webhookSecret = "whsec-of-pagerduty";
/** What may pass between the window's end and the page beside what is waited for on purpose. */
const promiseMs = 10 * secondMs;
const groupWaitMs = 30 * secondMs;

interface Flight {
  id: string;
  timeMs: number;
  distance: number;
  origin: string;
  delay: number;
}

let stores: TestStores;
let pagerduty: FakePagerduty;
let slack: FakeSlack;
let flights: Flight[];
let workspaceId: string;
let modelId: string;
let clockMs = start;
const now = () => new Date(clockMs);
let context: DeliveryContext;
let pagerdutyId: string;
let slackId: string;

beforeAll(async () => {
  stores = openStores();
  [pagerduty, slack, flights] = await Promise.all([
    startFakePagerduty(),
    startFakeSlack(),
    readFlights(),
  ]);
}, 120_000);
afterAll(async () => {
  await Promise.all([pagerduty.close(), slack.close(), stores.close()]);
});
beforeEach(async () => {
  clockMs = start;
  pagerduty.open.clear();
  slack.posts.splice(0);
  pagerduty.take();
  slack.take();
  workspaceId = (await buildWorkspace(stores.postgres)).id;
  modelId = (
    await buildModel(stores.postgres, workspaceId, {
      features: { distance: "numeric", origin: "categorical" },
    })
  ).id;
  await stores.postgres.db.update(models).set({ task: "binary" }).where(eq(models.id, modelId));
  pagerdutyId = await buildDestination(stores.postgres, workspaceId, {
    kind: "pagerduty",
    settings: { routingKey: testRoutingKey, eventsUrl: pagerduty.url, webhookSecret },
  });
  slackId = await buildDestination(stores.postgres, workspaceId, {
    kind: "slack_bot",
    settings: {
      botToken: fakeSlackToken,
      channel: fakeSlackChannel,
      apiUrl: `${slack.url}/api`,
    },
  });
  context = {
    postgres: stores.postgres,
    sealer: testSealer,
    guard: { allowedHosts: ["127.0.0.1"], timeoutMs: 5_000 },
    now,
    random: () => 0,
    workspaceId,
  };
});

/** Midday of one Wednesday and of the week before, as the record of flights has it. */
async function readFlights(): Promise<Flight[]> {
  const { clickhouse } = stores;
  const table = `flights_${randomUUID().replaceAll("-", "")}`;
  await clickhouse.command({
    query: `CREATE TABLE ${table} (date DateTime64(3, 'UTC'), delay Int32, distance Int32, origin String, destination String)
      ENGINE = MergeTree ORDER BY date`,
  });
  try {
    await clickhouse.insert({
      table,
      values: createReadStream("node_modules/vega-datasets/data/flights-3m.parquet"),
      format: "Parquet",
    });
    const answer = await clickhouse.query({
      query: `SELECT toUnixTimestamp64Milli(date) AS timeMs, delay, distance, origin, destination FROM ${table}
        WHERE toHour(date) BETWEEN 12 AND 20 AND toDate(date) IN ('2001-01-10', '2001-01-17')
        ORDER BY date, origin, destination, distance, delay`,
      format: "JSONEachRow",
    });
    const rows = await answer.json<Omit<Flight, "id"> & { timeMs: string }>();
    return rows.map((row, i) => ({
      ...row,
      id: `flight-${i}`,
      timeMs: Number(row.timeMs) + shiftMs,
    }));
  } finally {
    await clickhouse.command({ query: `DROP TABLE ${table}` });
  }
}

const between = (fromMs: number, untilMs: number) =>
  flights.filter(({ timeMs }) => timeMs >= fromMs && timeMs < untilMs);
const haulOf = ({ distance }: Flight) => (distance < 750 ? "short" : "long");
const isLate = ({ delay }: Flight) => delay >= 15;

async function predict(rows: readonly Flight[], distanceOf = (one: Flight) => one.distance) {
  const scope = { workspaceId, modelId };
  await insertPredictions(
    stores,
    scope,
    rows.map((one) => ({
      id: one.id,
      time: new Date(one.timeMs),
      features: { distance: distanceOf(one), origin: one.origin },
      tags: { haul: haulOf(one) },
      label: isLate(one) ? "late" : "on_time",
    })),
  );
  const buckets = [...new Set(rows.map(({ timeMs }) => Math.floor(timeMs / sliceMs) * 300))];
  await markDirtyBuckets(
    stores.postgres.db,
    buckets.map((bucket) => ({ ...scope, bucket })),
    now(),
  );
}

/** What became of each flight; every tenth is told otherwise than it was predicted. */
async function label(rows: readonly Flight[], isFlipped: (one: Flight) => boolean = () => false) {
  if (rows.length === 0) return;
  const scope = { workspaceId, modelId };
  const places = await insertLabels(
    stores,
    scope,
    rows.map((one, i) => ({
      id: one.id,
      label: isLate(one) !== (isFlipped(one) || i % 10 === 0) ? "late" : "on_time",
      time: new Date(one.timeMs + minuteMs),
      receivedAt: now(),
    })),
  );
  const times = rows.map(({ timeMs }) => timeMs);
  const arrival = {
    aspect: "performance" as const,
    ...scope,
    ...places,
    rowFromMs: Math.min(...times),
    rowUntilMs: Math.max(...times),
    rowCount: rows.length,
  };
  await recordArrivals(stores.postgres.db, [arrival], now());
}

const failures: unknown[] = [];
const onFailure = (failure: unknown) => failures.push(failure);

/** All that the worker does in one round of its loops. */
async function work(): Promise<void> {
  await markArrivedHours({ stores, aspect: "performance", now, modelId, onFailure });
  for (const aspect of ["profile", "performance"] as const)
    for (const grain of ["5m", "1h", "1d"] as const) {
      if (aspect === "performance" && grain === "5m") continue;
      const lane = { stores, aspect, grain, modelId, now, newId: randomUUID, onFailure };
      while ((await recomputeClaim(lane)) !== null);
    }
  const asked = { stores, now, newId: randomUUID, modelId, applyOutcomes, onFailure };
  while (await evaluateDueMonitors(asked));
  await tickIncidents(stores.postgres, {
    workspaceId,
    now: now(),
    newId: randomUUID,
    onError: onFailure,
  });
  for (;;) {
    const claim = await takeNotification(context);
    if (claim === null) break;
    await deliverNotification(context, claim);
  }
  expect(failures).toEqual([]);
}

const stepMs = 5 * secondMs;
const watchedMs = 200 * secondMs;

interface World {
  predict?(rows: Flight[]): Promise<void>;
  label?(rows: Flight[]): Promise<void>;
}

/** Lets time go by: rows come when their five minutes are over, and the worker looks every few seconds for a while after
 *  that, as long as anything may happen then. */
async function live(untilMs: number, world: World, isOver: () => Promise<boolean>): Promise<void> {
  while (clockMs < untilMs) {
    const sliceEnd = (Math.floor(clockMs / sliceMs) + 1) * sliceMs;
    clockMs = sliceEnd;
    const rows = between(sliceEnd - sliceMs, sliceEnd);
    await (world.predict ?? predict)(rows);
    await (world.label ?? label)(rows);
    const quietMs = 20 * secondMs;
    for (clockMs += quietMs; clockMs < sliceEnd + watchedMs; clockMs += stepMs) {
      await work();
      if (await isOver()) return;
    }
  }
}

async function watch(draft: Record<string, unknown>): Promise<string> {
  const id = randomUUID();
  const monitor: MonitorDraft = monitorDraftSchema.parse({
    destinationIds: [pagerdutyId, slackId],
    ...draft,
  });
  await insertMonitor(stores.postgres.db, {
    ...toRow(monitor, now()),
    id,
    workspaceId,
    modelId,
    createdAt: now(),
  });
  return id;
}

const listIncidents = () =>
  stores.postgres.db
    .select()
    .from(incidents)
    .where(eq(incidents.workspaceId, workspaceId))
    .orderBy(asc(incidents.number));
const actions = () => pagerduty.events().map(({ event_action }) => event_action);
const isPaged = async () => actions().includes("trigger") && slack.posts.length > 0;
const isHealed = async () => actions().includes("resolve");

/** Somebody acknowledges in PagerDuty, which says so here. */
async function acknowledgeOutside(): Promise<void> {
  const [trigger] = pagerduty.events();
  const rawBody = JSON.stringify({
    event: {
      id: randomUUID(),
      event_type: "incident.acknowledged",
      resource_type: "incident",
      occurred_at: now().toISOString(),
      agent: { id: "P1", summary: "Somebody on call", type: "user_reference" },
      data: { id: "Q1", type: "incident", incident_key: trigger?.dedup_key },
    },
  });
  const signature = createHmac("sha256", webhookSecret).update(rawBody).digest("hex");
  const received = await receivePagerduty(
    {
      postgres: stores.postgres,
      outgoing: { sealer: testSealer, allowedHosts: ["127.0.0.1"] },
      publicUrl: "https://plumbline.example",
      now: now(),
      newId: randomUUID,
      changeIncident,
    },
    { destinationId: pagerdutyId, rawBody, signatures: `v1=${signature}` },
  );
  expect(received).toBe("done");
}

interface Parts {
  windowsMs: number;
  settleMs: number;
  groupWaitMs: number;
}

/** The page came within what is waited for on purpose and ten seconds more; how long each part took is printed. */
function expectInTime(fault: string, faultMs: number, parts: Parts): void {
  const onPurposeMs = parts.windowsMs + parts.settleMs + parts.groupWaitMs;
  const tookMs = clockMs - faultMs;
  const seconds = (ms: number) => `${ms / 1_000} s`;
  process.stdout.write(
    `${fault}: paged after ${seconds(tookMs)} = windows ${seconds(parts.windowsMs)} + settle ${seconds(parts.settleMs)} + group wait ${seconds(parts.groupWaitMs)} + ${seconds(tookMs - onPurposeMs)}\n`,
  );
  expect(tookMs).toBeLessThanOrEqual(onPurposeMs + promiseMs);
}

/** One incident, one page, an acknowledgement from outside that is not echoed, and an end by itself when the data heals. */
async function expectOneStory(untilMs: number, healed: World): Promise<void> {
  const [opened, ...others] = await listIncidents();
  expect(others).toEqual([]);
  expect(opened).toMatchObject({ state: "triggered", number: 1 });
  expect(actions()).toEqual(["trigger"]);
  expect(slack.posts).toHaveLength(1);
  await acknowledgeOutside();
  await work();
  expect(await listIncidents()).toMatchObject([
    { state: "acknowledged", acknowledgedBy: "Somebody on call" },
  ]);
  expect(actions().filter((action) => action === "acknowledge")).toEqual([]);
  await live(untilMs, healed, isHealed);
  expect(await listIncidents()).toMatchObject([{ state: "resolved", number: 1 }]);
  // Who acknowledged and said no more is reminded of the same alert, and no second one is opened.
  expect(new Set(pagerduty.events().map(({ dedup_key }) => dedup_key)).size).toBe(1);
  expect(pagerduty.open.size).toBe(0);
  // Updated in place: the channel holds one message of it.
  expect(slack.posts.filter(({ threadTs }) => threadTs === null)).toHaveLength(1);
  pagerduty.take();
  slack.take();
}

test("a feature's unit changes: miles become kilometres", { timeout: 600_000 }, async () => {
  await predict(between(start - weekMs, start - weekMs + 9 * hourMs));
  await predict(between(start, start + hourMs));
  clockMs = start + hourMs;
  await watch({
    name: "Distance against last week",
    kind: "drift",
    definition: {
      statistic: "verdict",
      target: { kind: "feature", feature: "distance" },
      window: "1h",
      cadence: "1h",
      reference: "last_week",
      threshold: { kind: "verdict" },
      settleSeconds: 60,
    },
    fireCount: 2,
    windowCount: 3,
    clearCount: 1,
  });
  const faultMs = start + 2 * hourMs;
  const inKilometres = (one: Flight) =>
    one.timeMs < faultMs ? one.distance : one.distance * 1.609344;
  await live(faultMs + 4 * hourMs, { predict: (rows) => predict(rows, inKilometres) }, isPaged);
  expectInTime("a unit changes", faultMs, {
    windowsMs: 2 * hourMs,
    settleMs: minuteMs,
    groupWaitMs,
  });
  await expectOneStory(faultMs + 6 * hourMs, {});
});

test("an upstream feed stops", { timeout: 600_000 }, async () => {
  await predict(between(start, start + hourMs));
  clockMs = start + hourMs;
  await watch({
    name: "Freshness",
    kind: "freshness",
    definition: {
      statistic: "event_age",
      target: { kind: "model" },
      window: "5m",
      cadence: "5m",
      threshold: { kind: "fixed", direction: "above", fire: 15 * minuteMs, clear: 10 * minuteMs },
      sampleMin: 1,
      settleSeconds: 30,
    },
    fireCount: 1,
    windowCount: 1,
    clearCount: 1,
  });
  await live(start + 2 * hourMs, {}, async () => false);
  expect(await listIncidents()).toEqual([]);
  const faultMs = start + 2 * hourMs;
  await live(faultMs + hourMs, { predict: async () => {}, label: async () => {} }, isPaged);
  expectInTime("a feed stops", faultMs, {
    // The first window at whose end the newest flight is older than the threshold.
    windowsMs: 15 * minuteMs,
    settleMs: 30 * secondMs,
    groupWaitMs,
  });
  await expectOneStory(faultMs + 3 * hourMs, {});
});

test("the labels of one segment flip", { timeout: 600_000 }, async () => {
  await stores.postgres.db.insert(segmentKeys).values({ modelId, key: "haul", createdAt: now() });
  await predict(between(start, start + hourMs));
  await label(between(start, start + hourMs));
  clockMs = start + hourMs;
  await watch({
    name: "Accuracy of each haul",
    kind: "performance",
    definition: {
      statistic: "accuracy",
      target: { kind: "model" },
      segment: { key: "haul", value: null },
      window: "1h",
      cadence: "1h",
      threshold: { kind: "fixed", direction: "below", fire: 0.7, clear: 0.8 },
      settleSeconds: 120,
    },
    fireCount: 1,
    windowCount: 1,
    clearCount: 1,
  });
  const faultMs = start + 2 * hourMs;
  const isFlipped = (one: Flight) => one.timeMs >= faultMs && haulOf(one) === "long";
  await live(faultMs + 3 * hourMs, { label: (rows) => label(rows, isFlipped) }, isPaged);
  expectInTime("a segment's labels flip", faultMs, {
    windowsMs: hourMs,
    settleMs: 2 * minuteMs,
    groupWaitMs,
  });
  const [incident] = await listIncidents();
  expect(incident).toMatchObject({ segmentKey: "haul", segmentValue: "long" });
  await expectOneStory(faultMs + 5 * hourMs, {});
});
