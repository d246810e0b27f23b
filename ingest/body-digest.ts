import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { BodyType } from "./parse-body.ts";

const digestBytes = 16;
/** Other requests are answered between the turns: a turn is about 2 ms. */
const bytesPerTurn = 2 * 1024 * 1024;

export interface DigestedBody {
  workspaceId: string;
  endpoint: string;
  type: BodyType;
  body: Buffer;
}

/** Two requests with the same digest ask for the same. */
export async function digestBody(request: DigestedBody): Promise<string> {
  const { workspaceId, endpoint, type, body } = request;
  const hash = createHash("sha256").update(`${workspaceId}\n${endpoint}\n${type}\n`);
  for (let from = 0; from < body.length; from += bytesPerTurn) {
    if (from > 0) await setImmediate();
    hash.update(body.subarray(from, from + bytesPerTurn));
  }
  return hash.digest().toString("base64url", 0, digestBytes);
}
