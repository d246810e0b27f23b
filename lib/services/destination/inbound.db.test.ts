import { createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { findSlackAccount } from "#db/postgres/queries/inbound.ts";
import { slackAccounts } from "#db/postgres/schema/notifications.ts";
import { buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { AppError } from "#lib/domain/errors.ts";
import { dedupKeyOf } from "#lib/notify/dedup-key.ts";
import { buildMessage } from "#lib/notify/testing/build-message.ts";
import type { CallContext } from "../context.ts";
import { enqueueNotifications } from "../notification/enqueue-notifications.ts";
import { describeSlackLink } from "./describe-slack-link.ts";
import type { ChangeIncident, InboundContext } from "./inbound-context.ts";
import { linkSlackAccount } from "./link-slack-account.ts";
import { receivePagerduty } from "./receive-pagerduty.ts";
import { receiveSlack } from "./receive-slack.ts";
import { buildDestination, testRoutingKey, testSealer } from "./testing/build-destination.ts";

// Far ahead: what other suites' workers take for due is long past.
const now = new Date("2100-03-01T00:00:00.000Z");
const webhookSecret = "the-secret-of-the-subscription";
const signingSecret = "the-secret-of-the-app";
const groupKey = "eta production";

let stores: TestStores;
let workspace: { id: string; slug: string };
let context: InboundContext;
let incidentId: string;
const changeIncident = vi.fn<ChangeIncident>();

beforeAll(() => {
  stores = openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  workspace = await buildWorkspace(stores.postgres);
  incidentId = randomUUID();
  changeIncident.mockReset().mockResolvedValue({ isChanged: true });
  context = {
    postgres: stores.postgres,
    outgoing: { sealer: testSealer, allowedHosts: [] },
    publicUrl: "https://plumbline.example.com",
    now,
    newId: randomUUID,
    changeIncident,
  };
});

async function buildPagerduty(): Promise<string> {
  const id = await buildDestination(stores.postgres, workspace.id, {
    kind: "pagerduty",
    settings: {
      routingKey: testRoutingKey,
      webhookSecret,
      eventsUrl: "https://events.pagerduty.com",
    },
  });
  await tell(id, "triggered", 1, now);
  return id;
}

const tell = (destinationId: string, kind: "triggered" | "reopened", sequence: number, at: Date) =>
  stores.postgres.transaction((tx) =>
    enqueueNotifications(tx, {
      workspaceId: workspace.id,
      message: buildMessage({ incidentId, groupKey, kind, sequence }),
      destinationIds: [destinationId],
      now: at,
      newId: randomUUID,
    }),
  );

interface EventOverrides {
  id?: string;
  type?: string;
  key?: string;
  occurredAt?: string;
}

function event({
  id = randomUUID(),
  type = "incident.acknowledged",
  key,
  occurredAt,
}: EventOverrides = {}) {
  return JSON.stringify({
    event: {
      id,
      event_type: type,
      resource_type: "incident",
      occurred_at: occurredAt ?? "2100-03-01T00:01:00.000Z",
      agent: { id: "PU1", summary: "Ada", type: "user_reference" },
      client: null,
      data: { id: "PI1", incident_key: key ?? dedupKeyOf(workspace.id, groupKey) },
    },
  });
}

const sign = (body: string, secret = webhookSecret) =>
  `v1=${createHmac("sha256", secret).update(body).digest("hex")}`;
const receive = (
  destinationId: string,
  rawBody: string,
  signatures: string | null = sign(rawBody),
) => receivePagerduty(context, { destinationId, rawBody, signatures });

test.each([
  ["incident.acknowledged", "acknowledge"],
  ["incident.unacknowledged", "unacknowledge"],
  ["incident.resolved", "resolve"],
])("%s in PagerDuty is %s here, by whom it was, and is not told back", async (type, action) => {
  const id = await buildPagerduty();
  expect(await receive(id, event({ type }))).toBe("done");
  expect(changeIncident.mock.calls.map(([, change]) => change)).toMatchObject([
    {
      workspaceId: workspace.id,
      incidentId,
      action,
      actor: { kind: "outside", id: "PU1", name: "Ada", via: "pagerduty" },
      exceptDestinationId: id,
    },
  ]);
});

test("the same event twice changes something once", async () => {
  const id = await buildPagerduty();
  const body = event();
  expect([await receive(id, body), await receive(id, body)]).toEqual(["done", "repeated"]);
  expect(changeIncident).toHaveBeenCalledTimes(1);
});

test("an event whose change failed is not taken for seen", async () => {
  const id = await buildPagerduty();
  const body = event();
  changeIncident.mockRejectedValueOnce(new Error("the store is away"));
  await expect(receive(id, body)).rejects.toThrow("the store is away");
  expect(await receive(id, body)).toBe("done");
});

test.each([
  ["of a kind that means nothing here", { type: "incident.annotated" }],
  ["of an incident that is none of ours", { key: "somebody else's" }],
  [
    "from before it opened again",
    { type: "incident.resolved", occurredAt: "2100-02-28T23:59:59Z" },
  ],
])("an event %s is taken, and changes nothing", async (_, overrides) => {
  expect(await receive(await buildPagerduty(), event(overrides))).toBe("ignored");
  expect(changeIncident).not.toHaveBeenCalled();
});

test("what is so already, or over, is no failure of whoever sent it", async () => {
  changeIncident.mockRejectedValueOnce(new AppError("conflict", "It is resolved."));
  expect(await receive(await buildPagerduty(), event())).toBe("refused");
});

test("what is not signed, signed otherwise, or changed after is refused, and so is a destination that is not there", async () => {
  const id = await buildPagerduty();
  const body = event();
  const refused = { code: "unauthorized" };
  await expect(receive(id, body, null)).rejects.toMatchObject(refused);
  await expect(receive(id, body, sign(body, "another"))).rejects.toMatchObject(refused);
  await expect(receive(id, `${body} `, sign(body))).rejects.toMatchObject(refused);
  await expect(receive(randomUUID(), body)).rejects.toMatchObject(refused);
  await expect(receive("nonsense", body)).rejects.toMatchObject(refused);
  expect(changeIncident).not.toHaveBeenCalled();
});

test("a body that is none is taken once it is signed: refusing it would switch the subscription off", async () => {
  expect(await receive(await buildPagerduty(), "not JSON")).toBe("ignored");
});

const buildSlack = () =>
  buildDestination(stores.postgres, workspace.id, {
    kind: "slack_bot",
    settings: {
      botToken: "xoxb-token",
      signingSecret,
      channel: "C0123456789",
      apiUrl: "https://slack.com/api",
    },
  });

function click(destinationId: string, overrides: Record<string, unknown> = {}) {
  const payload = {
    type: "block_actions",
    trigger_id: randomUUID(),
    response_url: "https://hooks.slack.com/actions/T1/1/abc",
    team: { id: "T1", domain: "team" },
    user: { id: "U1", username: "ada" },
    actions: [
      { action_id: "incident_acknowledge", block_id: "b", value: `${destinationId}.${incidentId}` },
    ],
    ...overrides,
  };
  const rawBody = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(now.getTime() / 1000);
  const mac = createHmac("sha256", signingSecret)
    .update(`v0:${timestamp}:${rawBody}`)
    .digest("hex");
  return { rawBody, timestamp, signature: `v0=${mac}` };
}

async function linkAccount(role: "editor" | "viewer") {
  const user = await buildUser(stores.postgres, { workspaceId: workspace.id, role, name: "Ada" });
  await stores.postgres.db.insert(slackAccounts).values({
    workspaceId: workspace.id,
    slackTeamId: "T1",
    slackUserId: "U1",
    userId: user.id,
    linkedAt: now,
  });
  return user;
}

test("a click in Slack acknowledges as the person who is linked, once", async () => {
  const id = await buildSlack();
  const user = await linkAccount("editor");
  const request = click(id);
  expect(await receiveSlack(context, request)).toEqual({ result: "done", reply: null });
  expect(await receiveSlack(context, request)).toMatchObject({ result: "repeated" });
  expect(changeIncident.mock.calls.map(([, change]) => change)).toMatchObject([
    {
      incidentId,
      action: "acknowledge",
      actor: { kind: "user", id: user.id, name: "Ada", via: "slack" },
    },
  ]);
});

test("somebody whom nobody knows is given a link, and the link makes them known", async () => {
  const id = await buildSlack();
  const answer = await receiveSlack(context, click(id));
  expect(answer.result).toBe("unlinked");
  const [, token = ""] = /#([\w-]+)\|/.exec(answer.reply?.text ?? "") ?? [];
  expect(answer.reply?.text).toContain(`/w/${workspace.slug}/settings/link-slack#`);
  const person = { workspaceId: workspace.id, role: "editor", name: "Grace" } as const;
  const user = await buildUser(stores.postgres, person);
  const call: CallContext = {
    ...stores,
    outgoing: context.outgoing,
    workspaceId: workspace.id,
    actor: { kind: "user", userId: user.id, role: "editor" },
    now,
  };
  const other = await buildWorkspace(stores.postgres);
  const slackPerson = { workspaceId: workspace.id, teamId: "T1", slackUserId: "U1" };
  for (const wrong of [
    { ...call, now: new Date(now.getTime() + 15 * 60_000) },
    { ...call, workspaceId: other.id },
  ])
    await expect(linkSlackAccount.call(wrong, { token })).rejects.toMatchObject({
      code: "not_found",
    });
  await expect(linkSlackAccount.call(call, { token: token.slice(0, -8) })).rejects.toMatchObject({
    code: "not_found",
  });
  for (const wrong of [
    { ...call, now: new Date(now.getTime() + 15 * 60_000) },
    { ...call, workspaceId: other.id },
  ])
    await expect(describeSlackLink.call(wrong, { token })).rejects.toMatchObject({
      code: "not_found",
    });
  // Whoever opens the link sees whose it is before they agree: it may be somebody else's.
  expect(await describeSlackLink.call(call, { token })).toEqual({
    slackName: "ada",
    slackUserId: "U1",
    teamId: "T1",
    teamDomain: "team",
    expiresAt: new Date(now.getTime() + 15 * 60_000).toISOString(),
    person: { name: "Grace", email: user.email },
  });
  expect(await findSlackAccount(stores.postgres.db, slackPerson)).toBeNull();
  expect(changeIncident).not.toHaveBeenCalled();
  expect(await linkSlackAccount.call(call, { token })).toEqual({ slackName: "ada" });
  expect(await receiveSlack(context, click(id))).toMatchObject({ result: "done" });
});

test("a viewer may not, in Slack either", async () => {
  const id = await buildSlack();
  await linkAccount("viewer");
  expect(await receiveSlack(context, click(id))).toMatchObject({ result: "forbidden" });
  expect(changeIncident).not.toHaveBeenCalled();
});

test("what is too late is said to whoever clicked", async () => {
  const id = await buildSlack();
  await linkAccount("editor");
  changeIncident.mockRejectedValueOnce(new AppError("conflict", "It is resolved."));
  expect(await receiveSlack(context, click(id))).toMatchObject({
    result: "refused",
    reply: { text: expect.stringContaining("over") },
  });
});

test("a click that is not signed, old, or written anew is refused", async () => {
  const id = await buildSlack();
  await linkAccount("editor");
  const request = click(id);
  const refused = { code: "unauthorized" };
  for (const wrong of [
    { ...request, signature: null },
    { ...request, signature: request.signature.replace(/.$/, "!") },
    { ...request, timestamp: String(now.getTime() / 1000 - 301) },
    { ...request, rawBody: `${request.rawBody}&a=b` },
    click(randomUUID()),
  ])
    await expect(receiveSlack(context, wrong)).rejects.toMatchObject(refused);
  expect(changeIncident).not.toHaveBeenCalled();
});

test("a click on a link is answered, and changes nothing", async () => {
  const id = await buildSlack();
  const actions = [{ action_id: "incident_link_0", block_id: "b" }];
  expect(await receiveSlack(context, click(id, { actions }))).toMatchObject({ result: "ignored" });
});
