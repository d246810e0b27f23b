import { expect, test } from "vitest";
import { signWebhook } from "./sign-webhook.ts";
import { verifyWebhook } from "./verify-webhook.ts";

// The reference vector of the libraries of Standard Webhooks.
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const body = '{"test": 2432232314}';
const headers = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: "1614265330",
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
const now = new Date(1_614_265_330_000);
const minutes = (count: number) => new Date(now.getTime() + count * 60_000);
const other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

test("the reference vector holds, also beside another secret and signature", () => {
  expect(verifyWebhook(body, headers, { secrets: [secret], now })).toBe(true);
  const both = { ...headers, signature: `v1,AAAA ${headers.signature}` };
  expect(verifyWebhook(body, both, { secrets: [other, secret], now: minutes(4) })).toBe(true);
});

test.each<[string, Parameters<typeof verifyWebhook>]>([
  ["other bytes", [`${body} `, headers, { secrets: [secret], now }]],
  ["another id", [body, { ...headers, id: "msg_1" }, { secrets: [secret], now }]],
  ["another secret", [body, headers, { secrets: [other], now }]],
  ["no secret", [body, headers, { secrets: [], now }]],
  ["an old message", [body, headers, { secrets: [secret], now: minutes(6) }]],
  ["one from ahead", [body, headers, { secrets: [secret], now: minutes(-6) }]],
  ["a time that is none", [body, { ...headers, timestamp: "1e9" }, { secrets: [secret], now }]],
  ["no signature", [body, { ...headers, signature: null }, { secrets: [secret], now }]],
  ["an empty one", [body, { ...headers, signature: "" }, { secrets: [secret], now }]],
])("%s is not believed", (_, args) => {
  expect(verifyWebhook(...args)).toBe(false);
});

test("what we sign ourselves is believed", () => {
  const signed = signWebhook(body, { id: "run", at: now, secrets: [other, secret] });
  const given = {
    id: signed["webhook-id"] ?? null,
    timestamp: signed["webhook-timestamp"] ?? null,
    signature: signed["webhook-signature"] ?? null,
  };
  expect(verifyWebhook(body, given, { secrets: [secret], now })).toBe(true);
});
