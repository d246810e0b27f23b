import { createHmac } from "node:crypto";
import { equalSignature } from "./equal-signature.ts";

const ageSecondsMax = 300;

/** Whether Slack sent exactly these bytes within the last five minutes (request signature v0). */
export function verifySlack(
  rawBody: string,
  {
    timestamp,
    signature,
    signingSecret,
    now,
  }: { timestamp: string | null; signature: string | null; signingSecret: string; now: Date },
): boolean {
  if (timestamp === null || signature === null || !/^\d{1,12}$/.test(timestamp)) return false;
  const ageSeconds = Math.abs(now.getTime() / 1000 - Number(timestamp));
  if (ageSeconds > ageSecondsMax) return false;
  const base = `v0:${timestamp}:${rawBody}`;
  const expected = `v0=${createHmac("sha256", signingSecret).update(base).digest("hex")}`;
  return equalSignature(signature, expected);
}
