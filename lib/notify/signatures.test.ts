import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { mintWebhookSecret, signWebhook } from "./sign-webhook.ts";
import { verifyPagerduty } from "./verify-pagerduty.ts";
import { verifySlack } from "./verify-slack.ts";

test("webhooks are signed as the reference vector of Standard Webhooks says", () => {
  const headers = signWebhook('{"test": 2432232314}', {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    at: new Date(1_614_265_330_000),
    secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  });
  expect(headers).toEqual({
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("while a secret is exchanged both sign, the new one first", () => {
  const secrets = [
    mintWebhookSecret(() => Buffer.alloc(32, 1)),
    mintWebhookSecret(() => Buffer.alloc(32, 2)),
  ];
  const sign = (each: string[]) =>
    signWebhook("{}", { id: "a", at: new Date(0), secrets: each })["webhook-signature"];
  expect(sign(secrets)).toBe(secrets.map((secret) => sign([secret])).join(" "));
});

const slack = {
  signingSecret: "8f742231b10e8888abcd99yyyzzz85a5",
  timestamp: "1531420618",
  signature: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
};
const slackBody =
  "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
const at = (offsetSeconds: number) => new Date((1_531_420_618 + offsetSeconds) * 1_000);

test.each([
  ["as Slack's documentation signs it", slackBody, {}, 0, true],
  ["five minutes late", slackBody, {}, 300, true],
  ["later than five minutes: a replay", slackBody, {}, 301, false],
  ["from the future", slackBody, {}, -301, false],
  ["parsed and written again", slackBody.replace("text=&", "&text="), {}, 0, false],
  ["with another time", slackBody, { timestamp: "1531420619" }, 0, false],
  ["with a time that is none", slackBody, { timestamp: "soon" }, 0, false],
  ["without a time", slackBody, { timestamp: null }, 0, false],
  ["without a signature", slackBody, { signature: null }, 0, false],
  ["with half of a signature", slackBody, { signature: slack.signature.slice(0, 40) }, 0, false],
  [
    "with another secret",
    slackBody,
    { signingSecret: "8f742231b10e8888abcd99yyyzzz85a6" },
    0,
    false,
  ],
])("a request of Slack %s", (_, body, overrides, offset, isRight) => {
  expect(verifySlack(body, { ...slack, ...overrides, now: at(offset) })).toBe(isRight);
});

const secret = "a secret of the subscription";
const pagerdutyBody = '{"event":{"id":"01","event_type":"incident.acknowledged"}}';
const signed = (body: string, by = secret) =>
  `v1=${createHmac("sha256", by).update(body).digest("hex")}`;

test.each([
  ["signed", signed(pagerdutyBody), true],
  [
    "signed with the old and the new secret",
    `${signed(pagerdutyBody, "old")},${signed(pagerdutyBody)}`,
    true,
  ],
  [
    "signed with a space between",
    `${signed(pagerdutyBody, "old")}, ${signed(pagerdutyBody)}`,
    true,
  ],
  ["signed with another secret", signed(pagerdutyBody, "old"), false],
  ["whose body was changed", signed(`${pagerdutyBody} `), false],
  ["whose signature is only contained", `x${signed(pagerdutyBody)}`, false],
  ["with an empty signature", "", false],
  ["without a signature", null, false],
])("an event of PagerDuty %s", (_, signatures, isRight) => {
  expect(verifyPagerduty(pagerdutyBody, { signatures, secret })).toBe(isRight);
});
