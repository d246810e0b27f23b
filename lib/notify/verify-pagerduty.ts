import { createHmac } from "node:crypto";
import { equalSignature } from "./equal-signature.ts";

const signaturesMax = 10;

/** Whether PagerDuty sent exactly these bytes (webhooks V3). It names a signature for each secret while one is exchanged; any one
 *  will do. It signs no time: whoever calls this keeps the ids that it has seen. */
export function verifyPagerduty(
  rawBody: string,
  { signatures, secret }: { signatures: string | null; secret: string },
): boolean {
  if (signatures === null) return false;
  const expected = `v1=${createHmac("sha256", secret).update(rawBody).digest("hex")}`;
  return signatures
    .split(",")
    .slice(0, signaturesMax)
    .some((signature) => equalSignature(signature.trim(), expected));
}
