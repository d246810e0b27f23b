import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertHidden, listOpenSilences } from "#db/postgres/queries/silence.ts";
import { buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { AlertLabels } from "#lib/domain/silence.ts";
import { findSilence } from "#lib/rules/silence.ts";
import type { CallContext } from "../context.ts";
import { createSilence } from "./create-silence.ts";
import { expireSilence } from "./expire-silence.ts";
import { getSilence } from "./get-silence.ts";
import { listSilences } from "./list-silences.ts";
import { updateSilence } from "./update-silence.ts";

const now = new Date("2026-11-04T12:00:00.000Z");
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
const iso = (count: number) => minutes(count).toISOString();
const labels: AlertLabels = {
  model: "eta",
  environment: "production",
  version: "7",
  segment: null,
  feature: null,
  monitor: "m-1",
  cause_class: "data_drift",
  severity: "sev2",
};
let stores: TestStores;
let call: CallContext;

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  const { id: userId } = await buildUser(stores.postgres, {
    workspaceId,
    role: "editor",
    name: "Ada",
  });
  call = { ...stores, workspaceId, actor: { kind: "user", userId, role: "editor" }, now };
});
afterAll(() => stores.close());

const at = (time: Date): CallContext => ({ ...call, now: time });
const make = (changes: object = {}) =>
  createSilence.call(call, {
    matchers: [{ label: "model", comparison: "is", values: ["eta"] }],
    endsAt: iso(120),
    reason: "retraining",
    ticket: "OPS-1",
    ...changes,
  });
const scope = () => ({ pg: stores.postgres.db, workspaceId: call.workspaceId });

describe("a silence", () => {
  test("hides what it matches from its start, says by whom and why, and is no longer open once it is ended", async () => {
    const { silence } = await make();
    expect(silence).toMatchObject({
      state: "active",
      sentence: "model is eta",
      createdBy: "Ada",
      reason: "retraining",
      overAt: iso(120),
      hiddenAlertCount: 0,
    });
    const found = findSilence(await listOpenSilences(scope(), now), labels, now);
    expect(found).toEqual({ silenceId: silence.id, untilTime: minutes(120) });
    await expireSilence.call(at(minutes(10)), { silenceId: silence.id });
    expect(
      findSilence(await listOpenSilences(scope(), minutes(10)), labels, minutes(10)),
    ).toBeNull();
    const { silences } = await listSilences.call(at(minutes(10)), { state: "ended" });
    expect(silences.find(({ id }) => id === silence.id)).toMatchObject({
      state: "ended",
      expiredBy: "Ada",
      overAt: iso(10),
    });
    // A tombstone does not come back.
    await expect(
      updateSilence.call(at(minutes(11)), { silenceId: silence.id, endsAt: iso(600) }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("lists what it hid once per alert, from first to last", async () => {
    const { silence } = await make();
    const alertId = randomUUID();
    const note = (time: Date) =>
      insertHidden(scope(), { silenceId: silence.id, alertId, labels, now: time });
    await note(minutes(1));
    await note(minutes(2));
    await note(minutes(2));
    const { hidden, silence: after } = await getSilence.call(at(minutes(3)), {
      silenceId: silence.id,
    });
    expect(hidden).toEqual([
      {
        alertId,
        sentence: "eta, production, 7, m-1, data_drift, sev2",
        firstHiddenAt: iso(1),
        lastHiddenAt: iso(2),
      },
    ]);
    expect(after).toMatchObject({ hiddenAlertCount: 1, lastHidAt: iso(2) });
    await expireSilence.call(at(minutes(3)), { silenceId: silence.id });
  });

  test("that ends when quiet does so, unless it goes on hiding", async () => {
    const { silence } = await make({ quietMinutes: 30 });
    const hides = { silenceId: silence.id, alertId: randomUUID(), labels };
    await insertHidden(scope(), { ...hides, now: minutes(20) });
    const stateAt = async (time: Date) =>
      (await getSilence.call(at(time), { silenceId: silence.id })).silence.state;
    expect(await stateAt(minutes(49))).toBe("active");
    expect(await stateAt(minutes(50))).toBe("ended");
    const { silences } = await listSilences.call(at(minutes(50)), { state: "open" });
    expect(silences.map(({ id }) => id)).not.toContain(silence.id);
    await expireSilence.call(call, { silenceId: silence.id });
  });

  test("may be made longer, to thirty days from its start and not beyond", async () => {
    const { silence } = await make();
    const extend = (count: number) =>
      updateSilence.call(at(minutes(5)), { silenceId: silence.id, endsAt: iso(count) });
    expect((await extend(240)).silence.overAt).toBe(iso(240));
    await expect(extend(30 * 1_440 + 1)).rejects.toMatchObject({
      code: "invalid_request",
      details: [{ path: "endsAt", message: "must be at most 30 days after startsAt" }],
    });
    await expireSilence.call(call, { silenceId: silence.id });
  });

  test("of maintenance waits for its hours, on the wall clock", async () => {
    const { silence } = await make({
      endsAt: "2027-05-01T00:00:00.000Z",
      recurrence: {
        timeZone: "Europe/Berlin",
        windows: [{ weekdays: [3], fromMinute: 840, untilMinute: 900 }],
      },
    });
    // Wednesday, 14:00 in Berlin is 13:00 UTC.
    expect(silence).toMatchObject({
      state: "waiting",
      nextFrom: "2026-11-04T13:00:00.000Z",
      nextUntil: "2026-11-04T14:00:00.000Z",
    });
    const open = await listOpenSilences(scope(), minutes(60));
    expect(findSilence(open, labels, minutes(60))).toEqual({
      silenceId: silence.id,
      untilTime: minutes(120),
    });
    await expireSilence.call(call, { silenceId: silence.id });
  });

  test.each<[string, object, string]>([
    ["without a reason", { reason: " " }, "reason"],
    ["without a matcher", { matchers: [] }, "matchers"],
    [
      "on a label that there is not",
      { matchers: [{ label: "colour", comparison: "is", values: ["red"] }] },
      "matchers.0.label",
    ],
    ["that lasts too long", { endsAt: iso(31 * 1_440) }, "endsAt"],
    [
      "in a zone that there is not",
      {
        recurrence: {
          timeZone: "Mars/Base",
          windows: [{ weekdays: [1], fromMinute: 0, untilMinute: 60 }],
        },
      },
      "timeZone",
    ],
  ])("%s is refused, with the field's name", async (_, changes, path) => {
    const error: unknown = await make(changes).catch((caught: unknown) => caught);
    expect(JSON.stringify(error)).toContain(JSON.stringify(path.split(".").at(-1)).slice(1, -1));
  });

  test("of another workspace is not found", async () => {
    const { silence } = await make();
    const other = await buildWorkspace(stores.postgres);
    const theirs = { ...call, workspaceId: other.id };
    await expect(getSilence.call(theirs, { silenceId: silence.id })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(expireSilence.call(theirs, { silenceId: silence.id })).rejects.toMatchObject({
      code: "not_found",
    });
    await expireSilence.call(call, { silenceId: silence.id });
  });
});
