import { expect, test } from "vitest";
import { checkPagerdutyEvent } from "./check-pagerduty-event.ts";

const trigger = {
  routing_key: "0123456789abcdef0123456789abcdef",
  event_action: "trigger",
  dedup_key: "k",
  client: "Plumbline",
  client_url: "https://plumbline.example.com/",
  payload: {
    summary: "s",
    source: "eta",
    severity: "critical",
    timestamp: "2015-07-17T08:42:58.315+0000",
    component: "c",
    group: "g",
    class: "d",
    custom_details: { n: 1 },
  },
  links: [{ href: "https://example.com/", text: "t" }],
  images: [{ src: "https://example.com/a.png", href: "https://example.com/", alt: "a" }],
};
const check = (event: unknown) => checkPagerdutyEvent(JSON.stringify(event));
const payload = (change: object) => ({ ...trigger, payload: { ...trigger.payload, ...change } });
const without = (key: keyof typeof trigger.payload) => {
  const { [key]: _, ...rest } = trigger.payload;
  return { ...trigger, payload: rest };
};

test("an event as PagerDuty's own example has it is taken", () => {
  expect(check(trigger)).toEqual([]);
  const { routing_key, dedup_key } = trigger;
  for (const event_action of ["acknowledge", "resolve"])
    expect(check({ routing_key, dedup_key, event_action })).toEqual([]);
});

// Each constraint of reference/events-v2/openapiv3.json of PagerDuty/api-schema, and each that its documentation states beyond it.
test.each<[string, unknown]>([
  ["no routing key", { ...trigger, routing_key: undefined }],
  ["a routing key that is no text", { ...trigger, routing_key: 1 }],
  ["a routing key of another length", { ...trigger, routing_key: "short" }],
  ["no action", { ...trigger, event_action: undefined }],
  ["an unknown action", { ...trigger, event_action: "close" }],
  ["a trigger without its payload", { ...trigger, payload: undefined }],
  ["a resolve without its key", { ...trigger, event_action: "resolve", dedup_key: undefined }],
  [
    "an acknowledge without its key",
    { ...trigger, event_action: "acknowledge", dedup_key: undefined },
  ],
  ["a key of 256 characters", { ...trigger, dedup_key: "k".repeat(256) }],
  ["a client that is no text", { ...trigger, client: 1 }],
  ["a client_url that is no address", { ...trigger, client_url: "plumbline" }],
  ["no summary", without("summary")],
  ["an empty summary", payload({ summary: "" })],
  ["a summary of 1,025 characters", payload({ summary: "s".repeat(1_025) })],
  ["no source", without("source")],
  ["no severity", without("severity")],
  ["an unknown severity", payload({ severity: "high" })],
  ["a timestamp that is none", payload({ timestamp: "yesterday" })],
  ["a component that is no text", payload({ component: 1 })],
  ["a group that is no text", payload({ group: {} })],
  ["a class that is no text", payload({ class: [] })],
  ["details that are no object", payload({ custom_details: "n = 1" })],
  ["links that are no list", { ...trigger, links: {} }],
  ["a link without its address", { ...trigger, links: [{ text: "t" }] }],
  ["a link to nowhere", { ...trigger, links: [{ href: "t" }] }],
  ["a link whose text is none", { ...trigger, links: [{ href: "https://example.com/", text: 1 }] }],
  ["an image without its source", { ...trigger, images: [{ alt: "a" }] }],
  ["an image without TLS", { ...trigger, images: [{ src: "http://example.com/a.png" }] }],
  ["an image that links nowhere", { ...trigger, images: [{ src: "https://e.com/a", href: "a" }] }],
  ["a field that there is not", { ...trigger, summary: "s" }],
  ["more than 512,000 bytes", payload({ custom_details: { text: "x".repeat(512_000) } })],
])("%s is refused", (_what, event) => {
  expect(check(event)).not.toEqual([]);
});

test("lengths are counted in code points, as PagerDuty does", () => {
  expect(check(payload({ summary: "😀".repeat(1_024) }))).toEqual([]);
  expect(check(payload({ summary: "😀".repeat(1_025) }))).toEqual([
    "'summary' is too long (maximum is 1024 characters)",
  ]);
});
