import { uuidBytes } from "#db/clickhouse/row-writer.ts";
import { partitionOf } from "./parse-timestamp.ts";
import type { RecordBuilder } from "./record-builder.ts";
import type { RowProblem } from "./row-problem.ts";

export interface Rejection extends RowProblem {
  endpoint: string;
  model: string;
  predictionId: string;
  /** The row as it was sent, cut to a size that a person can look at. */
  row: string;
  keyId: string;
}

const rowCharactersMax = 8 * 1024;
const nameCharactersMax = 256;

export function writeRejection(builder: RecordBuilder, rejection: Rejection): void {
  const { writer, receivedAtMs } = builder;
  builder.beginPlainRow(receivedAtMs);
  writer.string(rejection.endpoint);
  writer.string(cut(rejection.model, nameCharactersMax));
  writer.string(cut(rejection.predictionId, nameCharactersMax));
  writer.string(rejection.code);
  writer.string(rejection.path);
  writer.string(rejection.message);
  writer.string(cut(rejection.row, rowCharactersMax));
  writer.raw(uuidBytes(rejection.keyId));
  builder.endRow("rejections", partitionOf(receivedAtMs), null, receivedAtMs);
}

function cut(text: string, charactersMax: number): string {
  return (text.length > charactersMax ? text.slice(0, charactersMax) : text).toWellFormed();
}

interface Bucket {
  tokens: number;
  filledMs: number;
}

const burst = 200;
const perSecond = 5;
const workspacesMax = 10_000;

/** How many refused rows of a workspace are kept: a client that sends nothing but mistakes must not fill the store with them. */
export class RejectionBudget {
  readonly #buckets = new Map<string, Bucket>();

  take(workspaceId: string, nowMs: number): boolean {
    if (this.#buckets.size >= workspacesMax) this.#buckets.clear();
    const bucket = this.#buckets.get(workspaceId) ?? { tokens: burst, filledMs: nowMs };
    this.#buckets.set(workspaceId, bucket);
    bucket.tokens = Math.min(
      burst,
      bucket.tokens + (Math.max(0, nowMs - bucket.filledMs) / 1000) * perSecond,
    );
    bucket.filledMs = Math.max(bucket.filledMs, nowMs);
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}
