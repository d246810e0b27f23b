import { createHmac } from "node:crypto";
import { equalSignature } from "./equal-signature.ts";

const signaturesMax = 10;
const ageMsMax = 5 * 60_000;

export interface WebhookHeaders {
  id: string | null;
  timestamp: string | null;
  signature: string | null;
}

/** Whether whoever knows one of the secrets signed exactly these bytes just now, by Standard Webhooks 1.0.0. */
export function verifyWebhook(
  rawBody: string,
  { id, timestamp, signature }: WebhookHeaders,
  { secrets, now }: { secrets: readonly string[]; now: Date },
): boolean {
  if (id === null || timestamp === null || signature === null) return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() - Number(timestamp) * 1000) > ageMsMax) return false;
  const given = signature.split(" ").slice(0, signaturesMax);
  return secrets.some((secret) => {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${rawBody}`).digest("base64");
    return given.some((each) => equalSignature(each, `v1,${mac}`));
  });
}
