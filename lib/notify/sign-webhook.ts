import { createHmac } from "node:crypto";

/** The headers of Standard Webhooks 1.0.0. The id stays the same over all attempts, the time is that of the attempt, and what is
 *  signed is exactly what is sent. More than one secret while one is exchanged. */
export function signWebhook(
  body: string,
  { id, at, secrets }: { id: string; at: Date; secrets: readonly string[] },
): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / 1000);
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
    return `v1,${mac}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signatures.join(" "),
  };
}

/** `randomBytes` comes from the caller: node:crypto's in a process, a seeded one in a test. */
export function mintWebhookSecret(randomBytes: (size: number) => Uint8Array): string {
  return `whsec_${Buffer.from(randomBytes(32)).toString("base64")}`;
}
