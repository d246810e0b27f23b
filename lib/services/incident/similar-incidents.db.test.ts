import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findSignature } from "#db/postgres/queries/incident-signature.ts";
import { buildUser } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import type { ShiftShape } from "#lib/stats/shift-shape.ts";
import { shapeOfShift } from "#lib/stats/shift-shape.ts";
import type { CallContext } from "../context.ts";
import { actOnIncident } from "./act-on-incident.ts";
import { createIncident } from "./create-incident.ts";
import { getIncident } from "./get-incident.ts";
import { listSimilarIncidents } from "./list-similar-incidents.ts";
import { splitIncident } from "./split-incident.ts";
import type { Bench } from "./testing/alerting-bench.ts";
import { ada, at, evidenceOf, feature, outcomeOf, setUpBench } from "./testing/alerting-bench.ts";

let stores: TestStores;
let bench: Bench;
let userId: string;
const call = (hour: number): CallContext => ({
  ...stores,
  workspaceId: bench.workspaceId,
  actor: { kind: "user", userId, role: "editor" },
  now: at(hour),
});

const random = seededRandom(9);
const values = Array.from({ length: 2_000 }, () => Math.round(1_000 * random() ** 2));
const shapeOf = (change: (value: number) => number | null): ShiftShape =>
  shapeOfShift({
    kind: "numeric",
    reference: featureProfileOf(values),
    window: featureProfileOf(values.map(change)),
  });
const unit = shapeOf((value) => value * 1_000);
const nulls = shapeOf((value) => (random() < 0.5 ? null : value));

/** An incident whose features moved like this. */
async function happen(hour: number, shapes: Record<string, ShiftShape>): Promise<void> {
  const monitor = bench.monitor();
  const series = Object.keys(shapes).map(feature);
  await bench.apply(
    monitor,
    series.map((one) => outcomeOf("F", hour, one)),
    at(hour + 1),
    {
      freeze: async (outcome) => ({
        ...evidenceOf(monitor, bench.model, outcome),
        shape: shapes[outcome.series.column] ?? null,
      }),
    },
  );
}
const act = (hour: number, incident: number, action: string, more: object = {}) =>
  actOnIncident.call(call(hour), { incident, action, ...more });

beforeAll(async () => {
  stores = openStores();
  bench = await setUpBench(stores);
  userId = (await buildUser(stores.postgres, { workspaceId: bench.workspaceId, name: "Ada" })).id;
  // 1: a unit, 2: nulls, both over. 3: declared by hand. 4: a unit again, on another feature.
  await happen(0, { distance: unit });
  await act(2, 1, "resolve", { reason: "converted the feed back" });
  await act(2, 1, "close", { verdict: "data_bug" });
  await happen(100, { distance: nulls });
  await act(102, 2, "resolve", { reason: "restarted the join" });
  await createIncident.call(call(110), { title: "Calls", reason: "calls", severity: "sev3" });
  await happen(300, { weight: unit, height: unit, origin: nulls });
});
afterAll(() => stores.close());

const similarTo = (incident: number) => listSimilarIncidents.call(call(400), { incident });

test("past incidents of the same shape are found, with what fixed them and how", async () => {
  const { similar, comparedCount, hasSignature } = await similarTo(4);
  expect([hasSignature, comparedCount]).toEqual([true, 2]);
  const [first] = similar;
  expect(first).toMatchObject({
    incident: { number: 1, state: "closed" },
    sharedCause: "unit_change",
    verdict: "data_bug",
    hasPostmortem: false,
    resolution: "converted the feed back",
  });
});

test("one that is declared by hand has no shape, and is like nothing", async () => {
  expect(await similarTo(3)).toEqual({
    hasSignature: false,
    comparedCount: 0,
    likenessMin: 0.5,
    similar: [],
  });
});

test("the shape follows the alerts: what is split off is compared by its own", async () => {
  const { id, alerts } = await getIncident.call(call(400), { incident: 4 });
  const origin = alerts.find(({ series }) => series.column === "origin");
  const made = await stores.postgres.transaction((tx) =>
    splitIncident(tx, {
      workspaceId: bench.workspaceId,
      now: at(401),
      newId: randomUUID,
      seams: bench.seams,
      incidentId: id,
      alertIds: [origin?.id ?? ""],
      title: null,
      actor: ada,
    }),
  );
  const [rest, split] = [await similarTo(4), await similarTo(made.number)];
  expect(rest.similar[0]?.incident.number).toBe(1);
  expect(rest.similar[0]?.likeness).toBeGreaterThan(0.9);
  expect(split.similar[0]?.incident.number).toBe(2);
  expect(split.similar[0]?.likeness).toBeGreaterThan(0.8);
  const scope = { pg: stores.postgres.db, workspaceId: bench.workspaceId };
  expect((await findSignature(scope, id))?.parts.map(({ column }) => column).sort()).toEqual([
    "height",
    "weight",
  ]);
});
