import { setImmediate } from "node:timers/promises";
import { RowWriter } from "#db/clickhouse/row-writer.ts";
import type { IngestAnswer, RowRejection } from "#lib/domain/wire.ts";
import type { Caller } from "./authenticate.ts";
import { digestBody } from "./body-digest.ts";
import { FeatureValues } from "./feature-values.ts";
import { encodeLabel } from "./label-row.ts";
import type { IngestMetrics } from "./metrics.ts";
import { NameCache } from "./name-cache.ts";
import { encodeOfflineFeatures } from "./offline-row.ts";
import type { RowContext } from "./open-row.ts";
import type { BodyRow, BodyType } from "./parse-body.ts";
import { parseBody } from "./parse-body.ts";
import type { MintedId } from "./prediction-row.ts";
import { encodePrediction } from "./prediction-row.ts";
import { RecordBuilder } from "./record-builder.ts";
import { RejectionBudget, writeRejection } from "./rejection-rows.ts";
import type { LoggedBody, RepeatedBodies, Working } from "./repeated-bodies.ts";
import { isJsonObject, isRowProblem } from "./row-fields.ts";
import type { RowProblem } from "./row-problem.ts";
import type { Appended, BatchSealer } from "./seal-batches.ts";
import type { Sequence } from "./sequence.ts";

export const endpoints = ["predictions", "labels", "features"] as const;
export type Endpoint = (typeof endpoints)[number];

export interface ReceiverOptions {
  sealer: Pick<BatchSealer, "append">;
  repeats: RepeatedBodies<Received>;
  /** Settles when the store has all that was logged so far. */
  storeAll: () => Promise<void>;
  sequence: Sequence;
  metrics: IngestMetrics;
  now: () => number;
  mintId: (timeMs: number) => string;
}

export interface Received {
  answer: IngestAnswer;
  /** Settles when the store has the rows. */
  stored: Promise<void>;
  /** To be called when the answer was handed over: the same body is a new one from then on. */
  answered: () => void;
}

interface BodyRequest {
  endpoint: Endpoint;
  body: Buffer;
  type: BodyType;
  caller: Caller;
  digest: string;
}

const encoders: Record<
  Endpoint,
  (row: unknown, context: RowContext) => RowProblem | MintedId | null
> = {
  predictions: encodePrediction,
  labels: encodeLabel,
  features: encodeOfflineFeatures,
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
    const { repeats, metrics } = this.#options;
    const { workspaceId } = caller.workspace;
    const digest = await digestBody({ workspaceId, endpoint, type, body });
    const request = { endpoint, body, type, caller, digest };
    for (let twin = repeats.twinOf(digest); twin !== undefined; twin = repeats.twinOf(digest)) {
      const received = await twin;
      if (received === null) continue;
      metrics.repeatsRecognised.inc({ endpoint });
      return received;
    }
    const working = repeats.begin(digest);
    try {
      const received = (await this.#recognise(request)) ?? (await this.#log(request, working));
      working.end(received);
      return received;
    } catch (error) {
      working.end(null);
      throw error;
    }
  }

  /** The answer to a body that is in the log already; null for one that is not. It is judged as it was when it was logged: where
   *  that comes to something else, by a setting that was changed since, the body is a new one. */
  async #recognise(request: BodyRequest): Promise<Received | null> {
    const { repeats, storeAll, metrics, now } = this.#options;
    const known = repeats.find(request.digest, now());
    if (known === null) return null;
    const answer = await this.#build(known.receivedAtMs, request, async (builder) => {
      const judged = await this.#judge(request, builder);
      builder.abandon();
      return judged;
    });
    if (answer.accepted !== known.acceptedCount) return null;
    metrics.repeatsRecognised.inc({ endpoint: request.endpoint });
    const stored = storeAll();
    stored.catch(() => undefined);
    return { answer, stored, answered: () => repeats.forget(request.digest) };
  }

  async #log(request: BodyRequest, working: Working<Received>): Promise<Received> {
    const { endpoint, digest, body } = request;
    const { repeats, metrics, now } = this.#options;
    return this.#build(now(), request, async (builder) => {
      const answer = await this.#judge(request, builder);
      const logged = loggedBody(answer, digest, builder.receivedAtMs);
      if (logged === null) working.end(null);
      const { stored } = await this.#write(builder, answer, logged);
      if (logged !== null) repeats.remember(logged, now());
      metrics.acceptedRows.inc({ endpoint }, answer.accepted);
      metrics.bodyBytes.inc({ endpoint }, body.length);
      return { answer, stored, answered: () => repeats.forget(digest) };
    });
  }

  async #build<T>(
    receivedAtMs: number,
    { caller }: BodyRequest,
    work: (builder: RecordBuilder) => Promise<T>,
  ): Promise<T> {
    const { sequence } = this.#options;
    sequence.advance(receivedAtMs);
    const writer = this.#writers.pop() ?? new RowWriter(writerBytes);
    const { workspaceId } = caller.workspace;
    const builder = new RecordBuilder({ workspaceId, receivedAtMs, sequence, writer });
    try {
      return await work(builder);
    } catch (error) {
      builder.abandon();
      throw error;
    } finally {
      if (writer.buffer.length <= keptWriterBytesMax && this.#writers.length < keptWritersMax)
        this.#writers.push(writer);
    }
  }

  /** When nothing but refused rows is left, the answer does not depend on whether they could be kept. */
  async #write(
    builder: RecordBuilder,
    answer: IngestAnswer,
    body: LoggedBody | null,
  ): Promise<Appended> {
    const isRefusalsOnly = answer.accepted === 0;
    if (builder.rowCount === 0) return nothingToStore;
    const { repeats, sealer } = this.#options;
    const answered = repeats.takeAnswered();
    try {
      return await sealer.append(builder.build({ body, answered }));
    } catch (error) {
      repeats.returnAnswered(answered);
      if (!isRefusalsOnly) throw error;
      return nothingToStore;
    }
  }

  async #judge(
    { endpoint, body, type, caller }: BodyRequest,
    builder: RecordBuilder,
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
    for (const row of parseBody(body, type)) {
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

/** Only whoever has the answer knows the ids that were minted, so a body with such rows never counts as sent before. */
function loggedBody(
  { accepted, ids }: IngestAnswer,
  digest: string,
  receivedAtMs: number,
): LoggedBody | null {
  if (accepted === 0 || ids !== undefined) return null;
  return { digest, receivedAtMs, acceptedCount: accepted };
}

function mintedAnswer(index: number, { predictionId, timeMs }: MintedId) {
  return { index, prediction_id: predictionId, timestamp: new Date(timeMs).toISOString() };
}

function textField(row: unknown, field: string): string {
  const value = isJsonObject(row) ? row[field] : "";
  return typeof value === "string" ? value : "";
}
