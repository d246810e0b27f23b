import { z } from "zod";
import type { WalRange } from "./write-ahead-log.ts";

const sealSchema = z.object({ id: z.uuid(), segment: z.int(), from: z.int(), until: z.int() });

/** A stretch of the log that is sent as one. It is written down before it is sent, so that a replay sends the same rows
 *  under the same tokens. */
export interface Batch extends WalRange {
  id: string;
  /** Sealed by an earlier process, which may have sent it. */
  isReplay: boolean;
  stored: PromiseWithResolvers<void>;
}

export function encodeSeal({ id, segment, from, until }: Batch): Buffer {
  return Buffer.from(JSON.stringify({ id, segment, from, until }));
}

export function decodeSeal(body: Buffer): Batch {
  const seal = sealSchema.parse(JSON.parse(body.toString("utf8")));
  return { ...seal, isReplay: true, stored: storedLater() };
}

/** Nobody may be waiting for it: then its rejection is no news. */
export function storedLater(): PromiseWithResolvers<void> {
  const stored = Promise.withResolvers<void>();
  stored.promise.catch(() => undefined);
  return stored;
}
