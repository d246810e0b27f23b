import type { FakeReceiver, Received, Reply } from "#lib/notify/testing/fake-receiver.ts";
import { startFakeReceiver } from "#lib/notify/testing/fake-receiver.ts";
import { verifyWebhook } from "#lib/notify/verify-webhook.ts";

export interface FakePipeline extends FakeReceiver {
  /** What was begun, by key: a second call under the same key begins nothing. */
  begun: Map<string, Record<string, unknown>>;
  usual(received: Received): Reply;
}

/** A pipeline that can be called: it refuses what is not signed with its secret just now, what has no key of its own and what is no
 *  JSON, and begins the same key once. */
export async function startFakePipeline({
  secret,
  now,
}: {
  secret: () => string;
  now: () => Date;
}): Promise<FakePipeline> {
  const begun: FakePipeline["begun"] = new Map();

  function usual({ method, headers, body }: Received): Reply {
    if (method !== "POST") return { status: 405, body: "POST alone" };
    const given = {
      id: headers["webhook-id"] ?? null,
      timestamp: headers["webhook-timestamp"] ?? null,
      signature: headers["webhook-signature"] ?? null,
    };
    if (!verifyWebhook(body, given, { secrets: [secret()], now: now() }))
      return { status: 401, body: "not signed as agreed" };
    const key = headers["idempotency-key"] ?? "";
    if (key === "" || key !== given.id) return { status: 400, body: "the key is missing" };
    const known = begun.get(key);
    if (known === undefined) begun.set(key, JSON.parse(body));
    else if (JSON.stringify(known) !== JSON.stringify(JSON.parse(body)))
      return { status: 409, body: "another body under the same key" };
    return { status: 202, body: "begun" };
  }

  const receiver = await startFakeReceiver(usual);
  return { ...receiver, begun, usual };
}
