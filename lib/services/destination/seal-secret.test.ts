import { expect, test } from "vitest";
import type { OpenDestination } from "#lib/domain/destination.ts";
import { closeSettings, openSettings, parseSettings } from "./open-settings.ts";
import { createSealer, SealBroken } from "./seal-secret.ts";

const sealer = createSealer("a secret of at least 32 characters");

test("what is sealed opens with the same secret at the same place, and nowhere else", () => {
  const sealed = sealer.seal("xoxb-1", "row a");
  expect(sealed).not.toContain("xoxb");
  expect(sealer.open(sealed, "row a")).toBe("xoxb-1");
  expect(() => sealer.open(sealed, "row b")).toThrow(SealBroken);
  expect(() => createSealer("another secret of 32 characters!").open(sealed, "row a")).toThrow(
    SealBroken,
  );
});

test("the same text is sealed otherwise each time, and no bit of it may change", () => {
  const sealed = sealer.seal("text", "row");
  expect(sealer.seal("text", "row")).not.toBe(sealed);
  const [version, nonce, body = "", tag] = sealed.split(".");
  const turned = Buffer.from(body, "base64");
  turned[0] = (turned[0] ?? 0) ^ 1;
  for (const broken of [
    [version, nonce, turned.toString("base64"), tag],
    [version, nonce, body, Buffer.alloc(16).toString("base64")],
    [version, nonce, body, ""],
    ["v2", nonce, body, tag],
    [],
  ])
    expect(() => sealer.open(broken.join("."), "row")).toThrow(SealBroken);
});

const id = "00000000-0000-4000-8000-000000000001";
const whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const destinations: [OpenDestination, string[]][] = [
  [
    {
      kind: "slack_webhook",
      settings: { url: "https://hooks.slack.com/services/T00/B00/secretpath" },
    },
    ["secretpath"],
  ],
  [
    {
      kind: "slack_bot",
      settings: {
        botToken: "xoxb-secretpath",
        signingSecret: "secretsign",
        channel: "C0123456789",
        apiUrl: "https://slack.com/api",
      },
    },
    ["secretpath", "secretsign"],
  ],
  [
    {
      kind: "pagerduty",
      settings: { routingKey: "s".repeat(32), eventsUrl: "https://events.eu.pagerduty.com" },
    },
    ["s".repeat(32)],
  ],
  [
    { kind: "webhook", settings: { url: "https://example.com/secretpath", signingSecret: whsec } },
    ["secretpath", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  ],
  [
    {
      kind: "email",
      settings: {
        host: "smtp.example.com",
        port: 587,
        security: "starttls",
        from: "a@example.com",
        to: ["b@example.com"],
        username: "a",
        password: "secretpath",
      },
    },
    ["secretpath"],
  ],
];

test.each(destinations)(
  "the secrets of %j are stored sealed and come back",
  (destination, secrets) => {
    const stored = closeSettings(sealer, id, destination);
    for (const secret of secrets) expect(JSON.stringify(stored)).not.toContain(secret);
    expect(openSettings(sealer, { id, kind: destination.kind, ...stored })).toEqual(destination);
  },
);

test.each([
  ["slack_webhook", { url: "hooks.slack.com" }, "url", /https/],
  ["slack_webhook", {}, "url", /string/],
  ["slack_bot", { botToken: "xoxb-1", channel: "#general" }, "channel", /C0123456789/],
  ["slack_bot", { botToken: "secret", channel: "C0123456789" }, "botToken", /xoxb-/],
  ["pagerduty", { routingKey: "short" }, "routingKey", /32 letters/],
  ["webhook", { url: "https://a.example/", signingSecret: "x" }, "signingSecret", /whsec_/],
  ["webhook", { url: "https://user:pass@a.example/", signingSecret: whsec }, "url", /https/],
  ["email", { host: "h", port: 0, security: "tls", from: "a@b.co", to: ["a@b.co"] }, "port", /1/],
  ["email", { host: "h", port: 25, security: "tls", from: "a@b.co", to: [] }, "to", /1/],
] as const)("%s with %j is refused, naming %s", (kind, settings, field, why) => {
  const refused = (() => {
    try {
      parseSettings(kind, settings);
    } catch (error) {
      return error;
    }
    return null;
  })();
  expect(refused).toMatchObject({
    issues: [{ path: [field], message: expect.stringMatching(why) }],
  });
});
