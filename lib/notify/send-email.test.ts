import { expect, test } from "vitest";
import type { DestinationSettings } from "#lib/domain/destination.ts";
import { renderEmail } from "./render-email.ts";
import { sendEmail } from "./send-email.ts";
import { buildMessage } from "./testing/build-message.ts";
import type { SmtpManners } from "./testing/fake-smtp.ts";
import { startFakeSmtp } from "./testing/fake-smtp.ts";

const ids = { id: "n1", incidentId: "i1" };
const guard = { allowedHosts: ["127.0.0.1"], timeoutMs: 2_000 };

async function send(
  manners: SmtpManners = {},
  settings: Partial<DestinationSettings<"email">> = {},
  allowedHosts = guard.allowedHosts,
) {
  const server = await startFakeSmtp(manners);
  try {
    const outcome = await sendEmail(
      {
        host: "127.0.0.1",
        port: server.port,
        security: "none",
        from: "plumbline@example.com",
        to: ["ada@example.com", "bob@example.com"],
        ...settings,
      },
      renderEmail(buildMessage({ title: "eta drifts: 😀" })),
      { ...ids, guard: { ...guard, allowedHosts } },
    );
    return { outcome, mails: server.mails };
  } finally {
    await server.close();
  }
}

test("a mail goes to everybody, in one thread for each incident, with the same id over all attempts", async () => {
  const { outcome, mails } = await send();
  expect(outcome).toMatchObject({ kind: "sent", text: expect.stringContaining("queued") });
  const [mail = ""] = mails;
  expect(mail).toContain("Message-ID: <n1@example.com>");
  expect(mail).toContain("References: <incident-i1@example.com>");
  expect(mail).toMatch(/To: ada@example\.com, bob@example\.com/);
  expect(mail).toContain("multipart/alternative");
});

test.each([
  ["that puts it off", { toRecipient: "451 later" }, "retry", "network", false],
  [
    "that knows no such mailbox",
    { toRecipient: "550 no such user" },
    "permanent",
    "client_error",
    null,
  ],
  ["that refuses the mail itself", { afterData: "554 spam" }, "permanent", "client_error", null],
  ["that is busy with it", { afterData: "452 full" }, "retry", "network", false],
  ["that closes after the whole mail", { afterData: null }, "retry", "network", true],
] as const)("a server %s", async (_, manners, kind, failure, isOutcomeUnknown) => {
  const { outcome } = await send(manners);
  expect(outcome).toMatchObject({ kind, failure });
  if (outcome.kind === "retry") expect(outcome.isOutcomeUnknown).toBe(isOutcomeUnknown);
});

test("a password that is wrong is said, and is not told", async () => {
  const credentials = { username: "ada", password: "s3cret-word" };
  const manners = { toAuth: "535 5.7.8 s3cret-word is wrong" };
  const { outcome } = await send(manners, credentials);
  expect(outcome).toMatchObject({ kind: "permanent", failure: "auth_error", remedy: "reconnect" });
  expect(JSON.stringify(outcome)).not.toContain("s3cret-word");
});

test("nothing is sent in the clear where STARTTLS was asked for", async () => {
  const { outcome, mails } = await send({}, { security: "starttls" });
  expect(outcome.kind).not.toBe("sent");
  expect(mails).toEqual([]);
});

test("a server in a private network is not called unless it is allowed", async () => {
  const { outcome, mails } = await send({}, {}, []);
  expect(outcome).toMatchObject({ kind: "permanent", failure: "refused" });
  expect(mails).toEqual([]);
});
