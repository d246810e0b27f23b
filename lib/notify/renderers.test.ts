import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IncidentMessage } from "#lib/domain/notification.ts";
import { cleanMessage } from "./clean-message.ts";
import { dedupKeyOf } from "./dedup-key.ts";
import { renderAlertmanager } from "./render-alertmanager.ts";
import { renderAlertmanagerAlerts } from "./render-alertmanager-alerts.ts";
import { renderEmail } from "./render-email.ts";
import { renderPagerduty } from "./render-pagerduty.ts";
import { renderPagerdutyChange } from "./render-pagerduty-change.ts";
import type { SlackBlock } from "./render-slack.ts";
import { renderSlack, renderSlackPlain, renderSlackReply } from "./render-slack.ts";
import { renderWebhook } from "./render-webhook.ts";
import { anyChange, anyMessage } from "./testing/any-message.ts";
import { buildAlert, buildMessage } from "./testing/build-message.ts";
import { checkBlockKit } from "./testing/check-block-kit.ts";
import { checkPagerdutyChange, checkPagerdutyEvent } from "./testing/check-pagerduty-event.ts";
import { checkPostableAlerts } from "./testing/fake-alertmanager.ts";

const routingKey = "0123456789abcdef0123456789abcdef";
const dedupKey = dedupKeyOf("00000000-0000-4000-8000-000000000001", "group");
const happenedAt = new Date("2026-10-01T14:20:00.000Z");
const pagerduty = (message: IncidentMessage) => renderPagerduty(message, { routingKey, dedupKey });
const destinationId = "00000000-0000-4000-8000-0000000000d1";
const runs = { numRuns: 100 };

describe("any incident with any text", () => {
  test("is an event that PagerDuty takes", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(checkPagerdutyEvent(JSON.stringify(pagerduty(message)))).toEqual([]);
      }),
      runs,
    );
  });

  test("that is a change is a change event that PagerDuty takes", () => {
    fc.assert(
      fc.property(anyChange, (message) => {
        const event = renderPagerdutyChange(message, routingKey);
        expect(checkPagerdutyChange(JSON.stringify(event))).toEqual([]);
        expect(JSON.stringify(event).isWellFormed()).toBe(true);
      }),
      runs,
    );
  });

  test("is a message that Slack takes, with and without buttons, plain and as a reply", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        expect(checkBlockKit(renderSlack(message, { buttonsFor: destinationId }))).toEqual([]);
        expect(checkBlockKit(renderSlack(message, { buttonsFor: null }))).toEqual([]);
        expect(checkBlockKit(renderSlackPlain(message))).toEqual([]);
        expect(checkBlockKit(renderSlackReply(message))).toEqual([]);
      }),
      runs,
    );
  });

  test("is a webhook of less than 20 kB whose alerts are listed or counted", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const body = renderWebhook(message, { happenedAt, dedupKey });
        expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(20_000);
        expect(JSON.stringify(body).isWellFormed()).toBe(true);
        expect(body.type).toMatch(/^(incident|action_item)\.[a-z]+$/);
        const { alerts, omittedAlertCount, firingCount, resolvedCount } = body.data;
        const total = firingCount + resolvedCount;
        expect(omittedAlertCount).toBe(Math.max(0, total - alerts.length));
      }),
      runs,
    );
  });

  test("is an Alertmanager message with at least one alert, and a mail with a subject on one line", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const body = renderAlertmanager(message, { dedupKey, receiver: "plumbline" });
        if (body !== null) {
          expect(body.alerts.length).toBeGreaterThan(0);
          expect(body.alerts.length).toBeLessThanOrEqual(100);
          expect(Object.values(body.commonLabels)).not.toContain("");
        }
        const { subject, html } = renderEmail(message);
        expect(subject).toMatch(/^[^\r\n]+$/);
        expect(Buffer.byteLength(html)).toBeLessThanOrEqual(250_000);
        expect(html).not.toContain("<!channel>");
      }),
      runs,
    );
  });

  test("is alerts that Alertmanager's API takes, whatever it was told before", () => {
    fc.assert(
      fc.property(anyMessage, anyMessage, (first, message) => {
        const now = new Date("2026-10-01T15:00:00.000Z");
        const told = renderAlertmanagerAlerts(first, { before: [], now })?.told ?? [];
        const post = renderAlertmanagerAlerts(message, { before: told, now });
        if (post === null) return;
        expect(post.alerts.length).toBeGreaterThan(0);
        expect(checkPostableAlerts(JSON.stringify(post.alerts))).toEqual([]);
      }),
      runs,
    );
  });

  test("is stored and read back as it is: no store takes half of a pair or a NUL", () => {
    fc.assert(
      fc.property(anyMessage, (message) => {
        const text = JSON.stringify(cleanMessage(message));
        expect(text).not.toMatch(/\\u0000|\\ud[89a-f][0-9a-f]{2}/i);
        expect(text.isWellFormed()).toBe(true);
        expect(cleanMessage(JSON.parse(text))).toEqual(JSON.parse(text));
      }),
      runs,
    );
  });
});

describe("a summary for PagerDuty", () => {
  const headline = "#12 SEV-2 New incident: t - ";
  test.each([
    [1_023, false],
    [1_024, false],
    [1_025, true],
  ])("of %d code points of emoji is cut: %s", (length, isCut) => {
    const answer = "😀".repeat(length - headline.length);
    const summary = pagerduty(buildMessage({ title: "t", answer })).payload?.summary ?? "";
    expect([...summary].length).toBe(Math.min(length, 1_024));
    expect(summary.endsWith("…")).toBe(isCut);
    expect(summary.isWellFormed()).toBe(true);
  });
});

test("an acknowledge and a resolve say no more than whose they are", () => {
  for (const [kind, event_action] of [
    ["acknowledged", "acknowledge"],
    ["mitigated", "acknowledge"],
    ["resolved", "resolve"],
  ] as const) {
    expect(pagerduty(buildMessage({ kind }))).toEqual({
      routing_key: routingKey,
      event_action,
      dedup_key: dedupKey,
    });
  }
});

test("severities are PagerDuty's", () => {
  const severityOf = (severity: IncidentMessage["severity"]) =>
    pagerduty(buildMessage({ severity })).payload?.severity;
  expect((["sev1", "sev2", "sev3", "sev4", "sev5"] as const).map(severityOf)).toEqual([
    "critical",
    "error",
    "warning",
    "info",
    "info",
  ]);
});

test("two workspaces that share a routing key and a name never resolve each other's alert", () => {
  expect(dedupKeyOf("a", "eta")).not.toBe(dedupKeyOf("b", "eta"));
  expect(dedupKeyOf("a", "eta")).toMatch(/^[0-9a-f]{64}$/);
});

const textOf = (blocks: readonly SlackBlock[]) => JSON.stringify(blocks);

describe("by importance in Slack", () => {
  const huge = buildMessage({
    title: `Title ${"t".repeat(900)}`,
    answer: `Answer ${"&".repeat(3_900)}`,
    note: "n".repeat(4_000),
    alerts: Array.from({ length: 100 }, (_, index) =>
      buildAlert({ target: `feature_${index}`, sentence: "<".repeat(3_000) }),
    ),
    firingCount: 5_000,
  });

  test("title and answer survive, alerts give way, and what is left out is counted in words", () => {
    const { blocks = [], text } = renderSlack(huge, { buttonsFor: null });
    expect(blocks[0]).toMatchObject({ type: "header" });
    expect(textOf(blocks.slice(0, 1))).toContain("#12 SEV-2 New incident: Title");
    expect(textOf(blocks.slice(1, 2))).toContain("Answer");
    const shown = blocks.filter((block) => textOf([block]).includes("feature_")).length;
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThan(11);
    expect(textOf(blocks)).toContain(`and ${5_000 - shown} more alerts`);
    expect(text).toContain("Answer");
  });

  test("the first alerts are the ones that stay, in their order", () => {
    const { blocks = [] } = renderSlack(huge, { buttonsFor: null });
    const order = [...textOf(blocks).matchAll(/feature_(\d+)/g)].map(([, index]) => Number(index));
    expect(order).toEqual(order.map((_, index) => index));
  });

  test("an entity is never cut in two", () => {
    const { blocks = [] } = renderSlack(huge, { buttonsFor: null });
    const answer = textOf(blocks.slice(1, 2));
    expect(answer.replaceAll("&amp;", "")).not.toContain("&");
  });

  test("what a person wrote mentions nobody", () => {
    const { blocks = [], text } = renderSlack(buildMessage({ answer: "<!channel> <@U1>" }), {
      buttonsFor: null,
    });
    expect(`${text}${textOf(blocks)}`).not.toMatch(/<[!@]/);
    expect(text).toContain("&lt;!channel&gt;");
  });
});

describe("buttons in Slack", () => {
  const idsOf = (overrides: Partial<IncidentMessage>) =>
    [
      ...textOf(
        renderSlack(buildMessage(overrides), { buttonsFor: destinationId }).blocks ?? [],
      ).matchAll(/"action_id":"(\w+)"/g),
    ].map(([, id]) => id);

  test.each([
    [
      "triggered",
      ["incident_acknowledge", "incident_resolve", "incident_link_0", "incident_link_1"],
    ],
    ["acknowledged", ["incident_resolve", "incident_link_0", "incident_link_1"]],
    ["resolved", ["incident_link_0", "incident_link_1"]],
  ] as const)("of an incident that is %s", (state, ids) => {
    expect(idsOf({ state })).toEqual(ids);
  });

  test("have another block_id with every message", () => {
    const idOf = (sequence: number) =>
      textOf(renderSlack(buildMessage({ sequence }), { buttonsFor: destinationId }).blocks ?? []);
    expect(idOf(1)).toContain(":1");
    expect(idOf(1)).not.toBe(idOf(2));
  });
});

test("a webhook says what happened, when, and the same key all along", () => {
  const body = renderWebhook(buildMessage({ kind: "resolved", state: "resolved" }), {
    happenedAt,
    dedupKey,
  });
  expect(body).toMatchObject({
    type: "incident.resolved",
    timestamp: "2026-10-01T14:20:00.000Z",
    data: { key: dedupKey, incidentNumber: 12, title: "eta drifts on 2 of 5 features" },
  });
  expect(body.data).not.toHaveProperty("groupKey");
});

test("Alertmanager's receivers are told of firing and resolved, and of nothing else", () => {
  const render = (kind: IncidentMessage["kind"]) =>
    renderAlertmanager(buildMessage({ kind }), { dedupKey, receiver: "plumbline" });
  expect(render("acknowledged")).toBeNull();
  expect(render("mitigated")).toBeNull();
  expect(render("triggered")).toMatchObject({
    version: "4",
    status: "firing",
    notification_reason: "first notification",
    alerts: [
      {
        status: "firing",
        labels: { alertname: "Drift of all features", model: "eta", target: "distance" },
        endsAt: "0001-01-01T00:00:00Z",
      },
    ],
  });
  expect(render("resolved")?.status).toBe("resolved");
});

test("an action item is told by its own words: no severity, no alerts, nothing to acknowledge", () => {
  const message = buildMessage({
    kind: "reminded",
    about: "action_item",
    state: "closed",
    title: "A-7: Watch distance",
    answer: "Watch distance (P1)",
    note: "It is due today.",
    alerts: [],
    firingCount: 0,
  });
  const slack = renderSlack(message, { buttonsFor: destinationId });
  expect(checkBlockKit(slack)).toEqual([]);
  const said = textOf(slack.blocks ?? []);
  expect(said).toContain("Action item A-7: Watch distance");
  expect(said).toContain("It is due today.");
  expect(said).toContain("Open the action item");
  expect(said).not.toMatch(/SEV-|firing|Detected|incident_acknowledge|Open the incident/);
  expect(renderEmail(message).subject).toBe("Action item A-7: Watch distance");
  expect(renderWebhook(message, { happenedAt, dedupKey }).type).toBe("action_item.reminded");
});
