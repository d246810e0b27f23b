import { setImmediate } from "node:timers/promises";
import type { IngestAnswer, RowRejection } from "#lib/domain/wire.ts";
import type { Caller } from "./authenticate.ts";
import { FeatureValues } from "./feature-values.ts";
import { encodeLabel } from "./label-row.ts";
import type { IngestMetrics } from "./metrics.ts";
import { NameCache } from "./name-cache.ts";
import type { BodyRow, BodyType } from "./parse-body.ts";
import { parseBody } from "./parse-body.ts";
import type { MintedId, RowContext } from "./prediction-row.ts";
import { encodePrediction } from "./prediction-row.ts";
import { RecordBuilder } from "./record-builder.ts";
import { RejectionBudget, writeRejection } from "./rejection-rows.ts";
import { isJsonObject, isRowProblem } from "./row-fields.ts";
import type { RowProblem } from "./row-problem.ts";
import { RowWriter } from "./row-writer.ts";
import type { Appended, BatchSealer } from "./seal-batches.ts";
import type { Sequence } from "./sequence.ts";

export const endpoints = ["predictions", "labels"] as const;
export type Endpoint = (typeof endpoints)[number];

export interface ReceiverOptions {
  sealer: BatchSealer;
  sequence: Sequence;
  metrics: IngestMetrics;
  now: () => number;
  mintId: (timeMs: number) => string;
}

export interface Received {
  answer: IngestAnswer;
  /** Settles when the store has the rows. */
  stored: Promise<void>;
}

const encoders: Record<
  Endpoint,
  (row: unknown, context: RowContext) => RowProblem | MintedId | null
> = {
  predictions: encodePrediction,
  labels: encodeLabel,
};
/** Rows between two looks at the other requests: about 2 ms of work. */
const rowsPerTurn = 256;
const writerBytes = 256 * 1024;
const keptWriterBytesMax = 8 * 1024 * 1024;
const keptWritersMax = 8;
const nothingToStore: Appended = { stored: Promise.resolve() };

/** From a body to rows on the disk: a verdict for each row, and one record for those that are good. */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #names = new NameCache();
  readonly #budget = new RejectionBudget();
  readonly #writers: RowWriter[] = [];

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  async receive(
    endpoint: Endpoint,
    body: Buffer,
    type: BodyType,
    caller: Caller,
  ): Promise<Received> {
    const { sequence, now, metrics } = this.#options;
    const receivedAtMs = now();
    sequence.advance(receivedAtMs);
    const writer = this.#writers.pop() ?? new RowWriter(writerBytes);
    const workspaceId = caller.workspace.workspaceId;
    const builder = new RecordBuilder({ workspaceId, receivedAtMs, sequence, writer });
    try {
      const answer = await this.#judge(endpoint, parseBody(body, type), builder, caller);
      const { stored } = await this.#write(builder, answer.accepted === 0);
      metrics.acceptedRows.inc({ endpoint }, answer.accepted);
      metrics.bodyBytes.inc({ endpoint }, body.length);
      return { answer, stored };
    } catch (error) {
      builder.abandon();
      throw error;
    } finally {
      if (writer.buffer.length <= keptWriterBytesMax && this.#writers.length < keptWritersMax)
        this.#writers.push(writer);
    }
  }

  /** When nothing but refused rows is left, the answer does not depend on whether they could be kept. */
  async #write(builder: RecordBuilder, isRefusalsOnly: boolean): Promise<Appended> {
    if (builder.rowCount === 0) return nothingToStore;
    try {
      return await this.#options.sealer.append(builder.build());
    } catch (error) {
      if (!isRefusalsOnly) throw error;
      return nothingToStore;
    }
  }

  async #judge(
    endpoint: Endpoint,
    rows: Iterable<BodyRow>,
    builder: RecordBuilder,
    caller: Caller,
  ): Promise<IngestAnswer> {
    const encode = encoders[endpoint];
    const context: RowContext = {
      builder,
      workspace: caller.workspace,
      names: this.#names,
      features: new FeatureValues(),
      mintId: this.#options.mintId,
    };
    const rejected: RowRejection[] = [];
    const ids: NonNullable<IngestAnswer["ids"]> = [];
    let index = 0;
    for (const row of rows) {
      const verdict = row.problem ?? encode(row.value, context);
      if (isRowProblem(verdict))
        rejected.push(this.#reject(endpoint, index, row, verdict, builder, caller));
      else if (verdict !== null) ids.push(mintedAnswer(index, verdict));
      index++;
      if (index % rowsPerTurn === 0) await setImmediate();
    }
    const answer: IngestAnswer = { accepted: index - rejected.length, rejected };
    return ids.length > 0 ? { ...answer, ids } : answer;
  }

  #reject(
    endpoint: Endpoint,
    index: number,
    row: BodyRow,
    { code, path, message }: RowProblem,
    builder: RecordBuilder,
    caller: Caller,
  ): RowRejection {
    const { metrics } = this.#options;
    metrics.rejectedRows.inc({ endpoint, code });
    const predictionId = textField(row.value, "prediction_id");
    const model = textField(row.value, "model");
    if (this.#budget.take(caller.workspace.workspaceId, builder.receivedAtMs)) {
      writeRejection(builder, {
        endpoint,
        model,
        predictionId,
        code,
        path,
        message,
        row: row.text(),
        keyId: caller.keyId,
      });
    } else {
      metrics.suppressedRejections.inc();
    }
    const shownId =
      predictionId === "" || predictionId.length > 128 ? {} : { prediction_id: predictionId };
    return { index, ...shownId, code, path, message };
  }
}

function mintedAnswer(index: number, { predictionId, timeMs }: MintedId) {
  return { index, prediction_id: predictionId, timestamp: new Date(timeMs).toISOString() };
}

function textField(row: unknown, field: string): string {
  const value = isJsonObject(row) ? row[field] : "";
  return typeof value === "string" ? value : "";
}
