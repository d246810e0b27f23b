import { z } from "zod";
import { decodeHeader } from "./record.ts";
import type { LoggedBody } from "./repeated-bodies.ts";
import { loggedBodySchema, repeatWindowMs } from "./repeated-bodies.ts";
import type { FrameKind } from "./wal-frame.ts";
import { frameKinds, readFrames } from "./wal-frame.ts";
import type { WriteAheadLog } from "./write-ahead-log.ts";

const bodiesSchema = z.array(loggedBodySchema);

export function encodeBodies(bodies: readonly LoggedBody[]): { kind: FrameKind; body: Buffer } {
  return { kind: frameKinds.unanswered, body: Buffer.from(JSON.stringify(bodies)) };
}

/** Bodies that an earlier process logged, and may have died before it answered. A segment begins with those of the segments
 *  before it, so the newest tells everything. */
export async function recoverBodies(wal: WriteAheadLog): Promise<LoggedBody[]> {
  const newest = wal.recovered.findLast(({ bytes }) => bytes > 0);
  if (newest === undefined) return [];
  const known = new Map<string, LoggedBody>();
  let newestMs = 0;
  const data = await wal.read({ segment: newest.segment, from: 0, until: newest.bytes });
  for (const { kind, body } of readFrames(data, 0)) {
    if (kind === frameKinds.unanswered) {
      known.clear();
      for (const found of bodiesSchema.parse(JSON.parse(body.toString("utf8"))))
        known.set(found.digest, found);
    }
    if (kind !== frameKinds.rows) continue;
    const { body: logged, answered, receivedAtMs } = decodeHeader(body);
    newestMs = Math.max(newestMs, receivedAtMs);
    for (const digest of answered) known.delete(digest);
    if (logged !== null) known.set(logged.digest, logged);
  }
  return [...known.values()].filter(({ receivedAtMs }) => receivedAtMs > newestMs - repeatWindowMs);
}
