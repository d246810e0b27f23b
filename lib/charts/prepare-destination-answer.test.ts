import { describe, expect, test } from "vitest";
import type { Destination } from "#lib/api/destination.ts";
import type { Notification } from "#lib/api/notification.ts";
import { sayDelivery } from "./name-delivery.ts";
import {
  judgeDestination,
  prepareDestinationAnswer,
  sayDestination,
} from "./prepare-destination-answer.ts";
import { toPlainText } from "./sentence.ts";

const nowMs = Date.parse("2026-10-01T12:00:00.000Z");
const ago = (ms: number) => new Date(nowMs - ms).toISOString();
const build = (overrides: Partial<Destination> = {}): Destination => ({
  id: "00000000-0000-4000-8000-000000000001",
  name: "on call",
  kind: "pagerduty",
  address: "events.pagerduty.com, key …1234",
  settings: {},
  secrets: ["routingKey"],
  isEnabled: true,
  isDefault: false,
  disabledReason: "",
  lastSentAt: ago(60_000),
  lastFailedAt: null,
  lastFailure: "",
  pausedUntil: null,
  waitingCount: 0,
  oldestWaitingAt: null,
  deadCount: 0,
  sentCount: 3,
  createdAt: ago(86_400_000),
  ...overrides,
});

describe("a destination is", () => {
  test.each([
    ["healthy after a message arrived", {}, "healthy"],
    ["unknown before any did", { lastSentAt: null }, "unknown"],
    ["unknown while a person has it off", { isEnabled: false }, "unknown"],
    ["broken when it switched itself off", { isEnabled: false, disabledReason: "gone" }, "breach"],
    [
      "healthy while a message waits a moment",
      { waitingCount: 1, oldestWaitingAt: ago(59_000) },
      "healthy",
    ],
    ["broken when one waits too long", { waitingCount: 1, oldestWaitingAt: ago(61_000) }, "breach"],
    [
      "broken when it gave up and nothing arrived since",
      { deadCount: 1, lastFailedAt: ago(1_000) },
      "breach",
    ],
    [
      "watched when it gave up and something arrived since",
      { deadCount: 1, lastFailedAt: ago(99_000) },
      "watch",
    ],
    ["watched when the last attempt failed", { lastFailedAt: ago(1_000) }, "watch"],
  ] as const)("%s", (_, overrides, expected) => {
    expect(judgeDestination(build(overrides), nowMs)).toBe(expected);
  });
});

test.each([
  [[], "unknown", "Nobody is told of an incident: there is no destination."],
  [[build()], "healthy", "Messages arrive at the only destination."],
  [[build(), build({ name: "team" })], "healthy", "Messages arrive at all 2 destinations."],
  [[build({ lastSentAt: null })], "unknown", "Nothing has arrived yet at on call: send a test."],
  [
    [build({ isEnabled: false })],
    "unknown",
    "Nobody is told of an incident: every destination is switched off.",
  ],
  [
    [build(), build({ name: "team", isEnabled: false, disabledReason: "gone" })],
    "breach",
    "Messages do not arrive at team.",
  ],
])("%# is answered first", (destinations, health, headline) => {
  const answer = prepareDestinationAnswer(destinations, nowMs);
  expect([answer.health, toPlainText(answer.headline)]).toEqual([health, headline]);
});

test("what waits is said with its time", () => {
  const waiting = { waitingCount: 2, oldestWaitingAt: ago(240_000), deadCount: 1 };
  expect(sayDestination(build(waiting), nowMs)).toBe(
    "2 waiting for 4\u202fmin, 1 given up in 7 days, last arrived 1\u202fmin ago",
  );
});

const message = (overrides: Partial<Notification>) =>
  ({ state: "sent", nextAt: null, remedy: null, ...overrides }) as Notification;

test.each([
  [{ state: "sent" }, "sent"],
  [{ state: "failed", nextAt: "2026-10-01T12:30:00.000Z" }, "failed, waiting until 12:30"],
  [{ state: "queued", nextAt: "2026-10-01T11:59:59.000Z" }, "waiting"],
  [{ state: "dead", remedy: "choose_channel" }, "given up: choose another channel"],
  [{ state: "cancelled" }, "not sent"],
] as const)("%j reads %s", (overrides, said) => {
  expect(sayDelivery(message(overrides), nowMs, "UTC")).toBe(said);
});
