import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { incidents } from "#db/postgres/schema/incidents.ts";
import { buildUser } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Role } from "#lib/domain/role.ts";
import type { CallContext } from "../context.ts";
import { addImage } from "../timeline/add-image.ts";
import { addNote } from "../timeline/add-note.ts";
import { getImage } from "../timeline/get-image.ts";
import { updateEntry } from "../timeline/update-entry.ts";
import { actOnIncident } from "./act-on-incident.ts";
import { getIncident } from "./get-incident.ts";
import { getIncidentHistory } from "./get-incident-history.ts";
import { splitIncident } from "./split-incident.ts";
import type { Bench } from "./testing/alerting-bench.ts";
import { ada, at, feature, outcomeOf, setUpBench } from "./testing/alerting-bench.ts";
import { updateIncident } from "./update-incident.ts";

let stores: TestStores;
let bench: Bench;
let userId: string;
let otherId: string;
const call = (now: Date, role: Role = "editor", id = userId): CallContext => ({
  ...stores,
  workspaceId: bench.workspaceId,
  actor: { kind: "user", userId: id, role },
  now,
});
const incidentOf = (number: number, hour = 2) =>
  getIncident.call(call(at(hour)), { incident: number });

beforeAll(() => {
  stores = openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  bench = await setUpBench(stores);
  const { workspaceId } = bench;
  userId = (await buildUser(stores.postgres, { workspaceId, name: "Ada" })).id;
  otherId = (await buildUser(stores.postgres, { workspaceId, name: "Grace" })).id;
});

/** Drift of three features, told. */
async function threeFeatures() {
  const monitor = bench.monitor();
  const outcomes = ["a", "b", "c"].map((name) => outcomeOf("F", 0, feature(name)));
  await bench.apply(monitor, outcomes);
  await bench.tick(at(1.1));
  return monitor;
}

const split = (alertIds: string[], hour = 1.5) =>
  stores.postgres.transaction((tx) =>
    splitIncident(tx, {
      workspaceId: bench.workspaceId,
      now: at(hour),
      newId: randomUUID,
      seams: bench.seams,
      incidentId: incidentId ?? "",
      alertIds,
      title: null,
      actor: ada,
    }),
  );
let incidentId: string | undefined;

describe("a split", () => {
  test("takes alerts into an incident of their own, tells of both, and loses none", async () => {
    await threeFeatures();
    const before = await incidentOf(1);
    incidentId = before.id;
    const [first] = before.alerts;
    const made = await split([first?.id ?? ""]);
    const [left, taken] = [await incidentOf(1), await incidentOf(made.number)];
    expect([left.alertCount, taken.alertCount]).toEqual([2, 1]);
    expect(taken).toMatchObject({ state: "triggered", splitFrom: 1, alerts: [{ id: first?.id }] });
    expect(taken.detectedAt).toBe(before.detectedAt);
    expect(bench.said()).toEqual(["triggered", "updated", "triggered"]);
    expect(left.timeline.map(({ kind }) => kind)).toContain("split");
  });

  test("is refused where nothing would be left to work on, and of what is over", async () => {
    await threeFeatures();
    const before = await incidentOf(1);
    incidentId = before.id;
    const ids = before.alerts.map(({ id }) => id);
    await expect(split(ids)).rejects.toMatchObject({ code: "conflict" });
    await expect(split([randomUUID()])).rejects.toMatchObject({ code: "conflict" });
    await expect(
      actOnIncident.call(call(at(2)), { incident: 1, action: "split" }),
    ).rejects.toMatchObject({ details: [{ path: "alertIds" }] });
    await actOnIncident.call(call(at(2)), { incident: 1, action: "resolve", reason: "done" });
    await expect(split(ids.slice(0, 1), 3)).rejects.toMatchObject({ code: "conflict" });
  });

  test("keeps its series: what they find again comes back to it, and the rest to the first", async () => {
    const monitor = await threeFeatures();
    const before = await incidentOf(1);
    incidentId = before.id;
    const a = before.alerts.find(({ target }) => target.startsWith("feature a"));
    const { number } = await split([a?.id ?? ""]);
    await bench.apply(monitor, [outcomeOf("C", 2, feature("a"))]);
    expect(await incidentOf(number, 3)).toMatchObject({ state: "resolved" });
    expect(await incidentOf(1, 3)).toMatchObject({ state: "triggered", firingCount: 2 });
    await bench.apply(monitor, [outcomeOf("F", 3, feature("a")), outcomeOf("F", 3, feature("d"))]);
    expect(await incidentOf(number, 4)).toMatchObject({ state: "triggered", firingCount: 1 });
    expect(await incidentOf(1, 4)).toMatchObject({ firingCount: 3 });
  });

  test("of which the reopen window has passed gives its series back to the first, which is open", async () => {
    const monitor = await threeFeatures();
    const before = await incidentOf(1);
    incidentId = before.id;
    const a = before.alerts.find(({ target }) => target.startsWith("feature a"));
    const { number } = await split([a?.id ?? ""]);
    await bench.apply(monitor, [outcomeOf("C", 2, feature("a"))]);
    await bench.apply(monitor, [outcomeOf("F", 240, feature("a"))]);
    expect(await incidentOf(number, 241)).toMatchObject({ state: "resolved" });
    expect(await incidentOf(1, 241)).toMatchObject({ firingCount: 3 });
  });

  test("of what somebody holds is held by the same person", async () => {
    await threeFeatures();
    await actOnIncident.call(call(at(1.2)), { incident: 1, action: "acknowledge" });
    const before = await incidentOf(1);
    incidentId = before.id;
    const { number } = await split([before.alerts[0]?.id ?? ""]);
    expect(await incidentOf(number)).toMatchObject({
      state: "acknowledged",
      acknowledgedBy: "Ada",
      acknowledgedAt: at(1.2).toISOString(),
    });
  });
});

describe("several people at once", () => {
  const update = (patch: object, id = userId) =>
    updateIncident.call(call(at(2), "editor", id), { incident: 1, ...patch });

  test("set different fields side by side", async () => {
    await threeFeatures();
    const { revision } = await incidentOf(1);
    await update({ revision, severity: "sev1", reason: "all riders" });
    const after = await update({ revision, roles: { commander: otherId } }, otherId);
    expect(after).toMatchObject({
      severity: "sev1",
      revision: revision + 2,
      roles: [{ role: "commander", userId: otherId, name: "Grace" }],
    });
  });

  test("hear of the same field how it stands now, and nothing of theirs is half done", async () => {
    await threeFeatures();
    const { revision } = await incidentOf(1);
    await update({ revision, severity: "sev1", reason: "all riders" });
    await expect(
      update({ revision, severity: "sev2", reason: "some", title: "Late feed" }, otherId),
    ).rejects.toMatchObject({
      code: "stale",
      details: [{ path: "severity", expected: "sev1", received: "sev2" }],
    });
    const { title, revision: now } = await incidentOf(1);
    expect(title).not.toBe("Late feed");
    expect(
      await update({ revision: now, severity: "sev2", reason: "some" }, otherId),
    ).toMatchObject({ severity: "sev2" });
  });

  test("are told when it was an alert that changed it meanwhile", async () => {
    const monitor = await threeFeatures();
    const { revision, severity } = await incidentOf(1);
    const worse = bench.monitor({ ...monitor, id: randomUUID(), severityOverride: "sev1" });
    await bench.apply(worse, [outcomeOf("F", 1, feature("a"))]);
    expect(severity).not.toBe("sev1");
    await expect(update({ revision, severity: "sev4", reason: "no" })).rejects.toMatchObject({
      code: "stale",
    });
  });

  test("want the same and are in no conflict", async () => {
    await threeFeatures();
    const { revision } = await incidentOf(1);
    await update({ revision, ownerUserId: otherId });
    expect(await update({ revision, ownerUserId: otherId })).toMatchObject({
      owner: { id: otherId },
    });
  });

  test("of two at the same instant one is refused, whichever", async () => {
    await threeFeatures();
    const { revision } = await incidentOf(1);
    const answers = await Promise.allSettled([
      update({ revision, title: "One name" }),
      update({ revision, title: "Another name" }, otherId),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("who belongs to another workspace gets no role", async () => {
    await threeFeatures();
    const { revision } = await incidentOf(1);
    await expect(update({ revision, roles: { scribe: randomUUID() } })).rejects.toMatchObject({
      details: [{ path: "roles.scribe" }],
    });
    await expect(update({ revision, roles: { boss: userId } })).rejects.toMatchObject({
      issues: [{ path: ["roles"] }],
    });
  });
});

describe("the timeline", () => {
  const note = async (text: string, hour = 2) => {
    const { timeline } = await addNote.call(call(at(hour)), { incident: 1, text });
    return timeline.find((entry) => entry.text === text);
  };
  const patch = (entryId: string | undefined, change: object, id = userId, hour = 3) =>
    updateEntry.call(call(at(hour), "editor", id), { incident: 1, entryId, ...change });

  test("keeps what a note said before each correction, and by whom", async () => {
    await threeFeatures();
    const written = await note("The feed is late");
    expect(written).toMatchObject({ revision: 1, earlier: [], pin: null, correctedBy: null });
    await patch(written?.id, { text: "The feed was late by 2 h", revision: 1 }, otherId);
    const { timeline } = await patch(written?.id, {
      occurredAt: at(0.5).toISOString(),
      revision: 2,
    });
    const entry = timeline.find(({ id }) => id === written?.id);
    expect(entry).toMatchObject({
      revision: 3,
      text: "The feed was late by 2 h",
      occurredAt: at(0.5).toISOString(),
      actor: { name: "Ada" },
      correctedBy: "Ada",
      earlier: [
        { revision: 1, text: "The feed is late", by: "Ada" },
        { revision: 2, text: "The feed was late by 2 h", by: "Grace" },
      ],
    });
    expect(timeline[0]?.id).toBe(written?.id);
    await expect(patch(written?.id, { text: "Mine", revision: 2 })).rejects.toMatchObject({
      code: "stale",
    });
    await expect(patch(written?.id, { text: "Mine" })).rejects.toMatchObject({
      details: [{ path: "revision" }],
    });
  });

  test("takes one of two corrections at the same instant", async () => {
    await threeFeatures();
    const written = await note("One");
    const answers = await Promise.allSettled([
      patch(written?.id, { text: "Two", revision: 1 }),
      patch(written?.id, { text: "Three", revision: 1 }, otherId),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("pins anything and takes the pin off; a machine's entry can't be reworded", async () => {
    await threeFeatures();
    const { timeline } = await incidentOf(1);
    const fired = timeline.find(({ kind }) => kind === "alert_fired");
    const pinned = await patch(fired?.id, { isPinned: true });
    expect(pinned.timeline.find(({ id }) => id === fired?.id)?.pin).toMatchObject({ by: "Ada" });
    await patch(fired?.id, { isPinned: true });
    const off = await patch(fired?.id, { isPinned: false }, userId, 3.5);
    expect(off.timeline.every(({ pin }) => pin === null)).toBe(true);
    await expect(patch(fired?.id, { text: "It did not", revision: 1 })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(patch(randomUUID(), { isPinned: true })).rejects.toMatchObject({
      code: "not_found",
    });
    const { changes } = await getIncidentHistory.call(call(at(4)), { incident: 1 });
    expect(changes.map(({ action, actor }) => [action, actor.name])).toEqual([
      ["incident.unpin", "Ada"],
      ["incident.pin", "Ada"],
    ]);
  });
});

describe("pictures", () => {
  const gif = new Uint8Array(
    Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64"),
  );

  test("are kept once under the hash of their bytes, with the incident alone", async () => {
    await threeFeatures();
    const first = await addImage.call(call(at(2)), { incident: 1, bytes: gif });
    const again = await addImage.call(call(at(3)), { incident: 1, bytes: gif });
    expect(again).toEqual(first);
    expect(first.markdown).toBe(`![picture](image:${first.hash})`);
    const shown = await getImage.call(call(at(3), "viewer"), {
      incident: 1,
      imageHash: first.hash,
    });
    expect(shown).toEqual({ mediaType: "image/gif", bytes: gif });
    await bench.apply(bench.monitor({ causeClass: "volume" }), [outcomeOf("F", 3)]);
    await expect(
      getImage.call(call(at(4)), { incident: 2, imageHash: first.hash }),
    ).rejects.toMatchObject({ code: "not_found" });
    await expect(
      getImage.call(call(at(4)), { incident: 1, imageHash: "../../etc" }),
    ).rejects.toMatchObject({ issues: [{ path: ["imageHash"] }] });
  });

  test.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(), "unsupported_type"],
    ["SVG", new TextEncoder().encode("<svg onload='alert(1)'/>"), "unsupported_type"],
    ["20 MB", new Uint8Array(20 * 1024 * 1024), "too_large"],
    [
      "a GIF of 65,535 by 65,535",
      Uint8Array.from([...gif.subarray(0, 6), 0xff, 0xff, 0xff, 0xff, ...gif.subarray(10)]),
      "too_large",
    ],
  ])("%s is refused", async (_, bytes, code) => {
    await threeFeatures();
    await expect(addImage.call(call(at(2)), { incident: 1, bytes })).rejects.toMatchObject({
      code,
    });
  });

  test("a viewer adds none", async () => {
    await threeFeatures();
    await expect(
      addImage.call(call(at(2), "viewer"), { incident: 1, bytes: gif }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });
});

test("what fixed it is kept, and gone when it is reopened", async () => {
  await threeFeatures();
  const act = (action: string, reason: string, hour: number) =>
    actOnIncident.call(call(at(hour)), { incident: 1, action, reason });
  expect(await act("resolve", "rolled the feed back", 2)).toMatchObject({
    resolution: "rolled the feed back",
  });
  expect(await act("reopen", "not yet", 2.5)).toMatchObject({ resolution: null });
  const [row] = await stores.postgres.db
    .select({ revision: incidents.revision })
    .from(incidents)
    .where(eq(incidents.workspaceId, bench.workspaceId));
  expect(row?.revision).toBe(3);
});
