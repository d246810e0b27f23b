import { afterAll, beforeAll, expect, test } from "vitest";
import { guardedFetch, refuseUrl, resolvePublic } from "./guarded-fetch.ts";
import { isRefusedAddress } from "./refuse-address.ts";
import type { FakeReceiver } from "./testing/fake-receiver.ts";
import { startFakeReceiver } from "./testing/fake-receiver.ts";

let receiver: FakeReceiver;
beforeAll(async () => {
  receiver = await startFakeReceiver();
});
afterAll(() => receiver.close());

const allowed = { allowedHosts: ["127.0.0.1"] };
const send = (overrides: { url?: string; timeoutMs?: number } = {}) =>
  guardedFetch(
    { url: overrides.url ?? `${receiver.url}/hook?token=t`, headers: { "x-a": "b" }, body: "{}" },
    { ...allowed, timeoutMs: overrides.timeoutMs ?? 5_000 },
  );

test.each([
  "0.0.0.0",
  "10.1.2.3",
  "100.64.0.1",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.1",
  "192.168.1.1",
  "198.18.0.1",
  "203.0.113.5",
  "224.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::ffff:10.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b::10.0.0.1",
  "fe80::1",
  "fe80::1%eth0",
  "fc00::1",
  "fd12:3456::1",
  "ff02::1",
  "2001::1",
  "2001:db8::1",
  "2002:7f00:1::",
  "localhost",
  "",
])("%s is not called", (address) => {
  expect(isRefusedAddress(address)).toBe(true);
});

test.each([
  "1.1.1.1",
  "8.8.8.8",
  "172.15.255.255",
  "172.32.0.1",
  "192.167.255.255",
  "99.255.255.255",
  "2606:4700:4700::1111",
  "2a00:1450:4001::1",
  "::ffff:8.8.8.8",
  "64:ff9b::808:808",
])("%s is called", (address) => {
  expect(isRefusedAddress(address)).toBe(false);
});

test.each([
  ["https://127.0.0.1/", "private network"],
  ["https://127.1/", "private network"],
  ["https://0x7f000001/", "private network"],
  ["https://2130706433/", "private network"],
  ["https://[::1]/", "private network"],
  ["https://[::ffff:127.0.0.1]/", "private network"],
  ["http://example.com/", "without TLS"],
  ["ftp://example.com/", "use https"],
  ["file:///etc/passwd", "use https"],
  ["nonsense", "no address"],
])("%s is refused before anything is sent", async (url, why) => {
  const expected = { kind: "failure", failure: "refused", isOutcomeUnknown: false };
  const result = await guardedFetch({ url, headers: {} }, { allowedHosts: [] });
  expect(result).toMatchObject(expected);
  expect(result).toMatchObject({ message: expect.stringContaining(why) });
});

test("a name that resolves into this machine is refused where the connection is made", async () => {
  expect(refuseUrl("https://localhost:1/", [])).toBeNull();
  const result = await guardedFetch(
    { url: "https://localhost:1/", headers: {} },
    { allowedHosts: [] },
  );
  expect(result).toMatchObject({ kind: "failure", failure: "refused" });
  expect(await resolvePublic("localhost", [])).toMatchObject({ kind: "refused" });
  expect(await resolvePublic("localhost", ["localhost"])).toMatchObject({ kind: "address" });
});

test("what is allowed is called, with what was given to send", async () => {
  receiver.reply(() => ({ status: 201, body: "taken", headers: { "retry-after": "7" } }));
  expect(await send()).toEqual({ kind: "answer", status: 201, body: "taken", retryAfter: "7" });
  expect(receiver.take()).toMatchObject([
    { method: "POST", path: "/hook?token=t", body: "{}", headers: { "x-a": "b" } },
  ]);
});

test("a redirect is an answer, and is not followed", async () => {
  receiver.reply(() => ({ status: 302, headers: { location: `${receiver.url}/else` } }));
  expect(await send()).toMatchObject({ kind: "answer", status: 302 });
  expect(receiver.take()).toHaveLength(1);
});

test("only the beginning of a long answer is read", async () => {
  receiver.reply(() => ({ status: 200, body: "x".repeat(5_000_000) }));
  const result = await send();
  expect(result.kind === "answer" && result.body.length).toBe(16_384);
  receiver.take();
});

test("who never answers is left after the time, and nobody knows whether it has the message", async () => {
  receiver.reply(() => "hang");
  expect(await send({ timeoutMs: 200 })).toMatchObject({
    kind: "failure",
    failure: "timeout",
    isOutcomeUnknown: true,
  });
  expect(receiver.take()).toHaveLength(1);
});

test("a reset after everything was written leaves the outcome unknown", async () => {
  receiver.reply(() => "reset");
  expect(await send()).toMatchObject({
    kind: "failure",
    failure: "network",
    isOutcomeUnknown: true,
  });
  expect(receiver.take()).toHaveLength(1);
});

test("where nobody listens nothing was sent, and the message gives no address away", async () => {
  const gone = await startFakeReceiver();
  await gone.close();
  const result = await send({ url: `${gone.url}/secret` });
  expect(result).toEqual({
    kind: "failure",
    failure: "network",
    isOutcomeUnknown: false,
    message: "The connection was refused.",
  });
});
