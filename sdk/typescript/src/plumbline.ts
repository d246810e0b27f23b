import { Counters } from "./counters.ts";
import { Delivery } from "./delivery.ts";
import type { EncodedRow } from "./encode-row.ts";
import {
  encodeChange,
  encodeLabel,
  encodeOfflineFeatures,
  encodePrediction,
} from "./encode-row.ts";
import { hostEnv, onBeforeExit } from "./host.ts";
import type { PlumblineOptions, Settings } from "./options.ts";
import { resolveOptions } from "./options.ts";
import { RowQueue } from "./row-queue.ts";
import type { Change, Label, OfflineFeatures, Prediction } from "./rows.ts";
import type { Stats } from "./stats.ts";
import { TroubleLog } from "./trouble-log.ts";
import { uuid7 } from "./uuid7.ts";

const predictionsPath = "/v1/predictions";
const labelsPath = "/v1/labels";
const featuresPath = "/v1/features";
const changesPath = "/v1/changes";

/** Logs predictions, labels and offline features in the background. No `log` method waits or throws; what could not be sent is counted in
 *  `stats` and told to `onError` or, without it, printed as a warning once a minute. */
export class Plumbline {
  readonly #settings: Settings;
  readonly #counters = new Counters();
  readonly #log: TroubleLog;
  readonly #delivery: Delivery;
  readonly #queue: RowQueue;
  readonly #stopListening: () => void;
  readonly #isEnabled: boolean;
  #isClosed = false;
  #isExiting = false;

  constructor(options: PlumblineOptions = {}) {
    this.#settings = resolveOptions(options, hostEnv);
    this.#log = new TroubleLog(options.onError);
    this.#delivery = new Delivery(this.#settings, this.#counters, this.#log);
    this.#queue = new RowQueue(this.#settings, this.#delivery);
    const reason = whyDisabled(this.#settings);
    this.#isEnabled = reason === null;
    if (reason !== null) this.#log.say("disabled", `disabled: ${reason}`);
    this.#stopListening = this.#isEnabled ? onBeforeExit(() => void this.#flushAtExit()) : () => {};
  }

  /** Returns the prediction's id, which its label will name. */
  logPrediction(row: Prediction): string {
    const nowMs = Date.now();
    const predictionId = idOf(row, nowMs);
    this.#put(predictionsPath, () => encodePrediction(row, predictionId, nowMs, this.#settings));
    return predictionId;
  }

  /** Returns the predictions' ids, in order. */
  logBatch(rows: Iterable<Prediction>): string[] {
    const ids: string[] = [];
    try {
      for (const row of rows) ids.push(this.logPrediction(row));
    } catch (error) {
      this.#drop("invalid", `rows could not be read: ${String(error)}`);
    }
    return ids;
  }

  /** Logs what turned out to be true of a prediction. */
  logLabel(row: Label): void {
    const nowMs = Date.now();
    this.#put(labelsPath, () => encodeLabel(row, nowMs, this.#settings));
  }

  /** Logs what the offline store says that the features of a prediction were. */
  logFeatures(row: OfflineFeatures): void {
    const nowMs = Date.now();
    this.#put(featuresPath, () => encodeOfflineFeatures(row, nowMs, this.#settings));
  }

  /** Tells that something was changed, such as that a version was deployed; returns the change's id. */
  change(row: Change): string {
    const nowMs = Date.now();
    const changeId = row.id ?? uuid7(nowMs);
    this.#put(changesPath, () => encodeChange(row, changeId, nowMs, this.#settings));
    return changeId;
  }

  /** Resolves to true when all that was logged before is sent, rejected or dropped; never rejects. */
  flush(timeoutMs = 10_000): Promise<boolean> {
    return this.#queue.flush(timeoutMs);
  }

  /** Flushes and stops; what is logged afterwards is dropped. */
  async close(timeoutMs = 10_000): Promise<boolean> {
    this.#isClosed = true;
    this.#stopListening();
    const isFlushed = await this.flush(timeoutMs);
    if (!isFlushed) this.#log.say("closed", `closed with ${this.#queue.pending} rows not yet sent`);
    this.#delivery.abort();
    this.#queue.stop();
    return isFlushed;
  }

  get stats(): Stats {
    return this.#counters.snapshot(this.#queue.pending);
  }

  #put(path: string, encode: () => EncodedRow): void {
    if (!this.#isEnabled) return;
    if (this.#isClosed) {
      this.#drop("closed", "a row was dropped: the client is closed");
      return;
    }
    try {
      const { line, altered } = encode();
      if (altered.length > 0) {
        this.#counters.add("altered");
        this.#log.say("altered", `left out, since it is not finite: ${altered.join(", ")}`);
      }
      if (this.#queue.put(path, line)) this.#counters.add("logged");
      else
        this.#drop(
          "full",
          "rows are dropped: the buffer is full, since the server takes them slower than they are logged",
        );
    } catch (error) {
      this.#drop("invalid", `a row could not be logged: ${wordsOf(error)}`);
    }
  }

  #drop(reason: "full" | "closed" | "invalid", message: string): void {
    this.#counters.drop(reason);
    this.#log.say(reason, message);
  }

  /** Node says "before exit" again each time that the loop is empty: what did not leave in time is not waited for twice. */
  async #flushAtExit(): Promise<void> {
    if (this.#isExiting || this.#queue.pending === 0) return;
    this.#isExiting = true;
    this.#isExiting = !(await this.flush(this.#settings.exitTimeoutMs));
    if (!this.#isExiting) return;
    this.#log.say("closed", `the process ended with ${this.#queue.pending} rows not yet sent`);
    this.#delivery.abort();
  }
}

function idOf(row: Prediction, nowMs: number): string {
  try {
    return row.predictionId === undefined || row.predictionId === null
      ? uuid7(nowMs)
      : String(row.predictionId);
  } catch {
    return uuid7(nowMs);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : "it can't be read";
}

function whyDisabled(settings: Settings): string | null {
  if (!settings.apiKey) return "no apiKey was given and PLUMBLINE_API_KEY is not set";
  if (typeof settings.fetch !== "function") return "this runtime has no fetch; pass one";
  try {
    const { protocol } = new URL(settings.url);
    return protocol === "http:" || protocol === "https:" ? null : `${settings.url} is no http URL`;
  } catch {
    return `${settings.url} is no URL`;
  }
}
