import type { Counters } from "./counters.ts";
import { idleTimer } from "./host.ts";
import type { Settings } from "./options.ts";
import { retryDelayMs } from "./retry-delay.ts";
import type { Rejection } from "./stats.ts";
import type { TroubleLog } from "./trouble-log.ts";

/** A body of a few rows is smaller than what gzip adds to it is worth. */
const gzipFromCharacters = 1_024;
/** These speak of the server's state and not of this batch: it is kept until `retryMs` are over. */
const awayStatuses = new Set([408, 425, 429, 502, 503, 504]);
/** Any other 5xx may be this batch's own doing, and must not hold up what is behind it for long. */
const faultsMax = 5;

interface Answer {
  status: number;
  retryAfter: string | null;
  location: string | null;
  text: string;
}
type Outcome =
  | { kind: "answered"; answer: Answer }
  | { kind: "retry"; reason: string; retryAfter: string | null; isFault: boolean };

/** One batch to the data plane: sent, sent again where that can help, split where it is too large, given up where not. */
export class Delivery {
  readonly #settings: Settings;
  readonly #counters: Counters;
  readonly #log: TroubleLog;
  readonly #closing = new AbortController();

  constructor(settings: Settings, counters: Counters, log: TroubleLog) {
    this.#settings = settings;
    this.#counters = counters;
    this.#log = log;
  }

  get isAborted(): boolean {
    return this.#closing.signal.aborted;
  }

  abort(): void {
    this.#closing.abort();
  }

  /** Never rejects. Every row is counted as sent, rejected or dropped when it resolves. */
  async deliver(path: string, rows: string[]): Promise<void> {
    const parts = [rows];
    for (let part = parts.pop(); part; part = parts.pop()) {
      try {
        const isSettled = await this.#send(path, part);
        if (isSettled) continue;
        const half = Math.floor(part.length / 2);
        parts.push(part.slice(half), part.slice(0, half));
      } catch (error) {
        this.#drop("error", part, String(error));
      }
    }
  }

  async #send(path: string, rows: string[]): Promise<boolean> {
    // The same bytes each time: ids and times are what the server knows a repeated row by.
    const body = await toBody(rows.join("\n"));
    const giveUpAtMs = Date.now() + this.#settings.retryMs;
    let faults = 0;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#attempt(path, body);
      if (outcome.kind === "answered") return this.#conclude(outcome.answer, rows);
      if (outcome.isFault) faults += 1;
      const delayMs = retryDelayMs(attempt, outcome.retryAfter, Date.now(), Math.random());
      if (this.isAborted) {
        this.#drop("closed", rows, `closed before they were sent: ${outcome.reason}`);
        return true;
      }
      if (faults >= faultsMax || Date.now() + delayMs > giveUpAtMs) {
        this.#drop("unavailable", rows, `gave up after ${attempt + 1} attempts: ${outcome.reason}`);
        return true;
      }
      this.#counters.add("retries");
      this.#log.say("retry", `${outcome.reason}; trying again in ${Math.round(delayMs)} ms`);
      await pause(delayMs, this.#closing.signal);
    }
  }

  async #attempt(path: string, body: Body): Promise<Outcome> {
    const request = new AbortController();
    const abort = () => request.abort();
    const stopTimer = idleTimer(abort, this.#settings.requestTimeoutMs);
    this.#closing.signal.addEventListener("abort", abort);
    if (this.isAborted) abort();
    try {
      // Called bare: a browser's fetch refuses to be anyone's method.
      const { fetch } = this.#settings;
      const response = await fetch(`${this.#settings.url}${path}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${this.#settings.apiKey}`,
          "content-type": "application/x-ndjson",
          accept: "application/json",
          ...(body.isGzip && { "content-encoding": "gzip" }),
        },
        body: body.bytes,
        redirect: "manual",
        signal: request.signal,
      });
      return toOutcome({
        status: response.status,
        retryAfter: response.headers.get("retry-after"),
        location: response.headers.get("location"),
        text: await response.text(),
      });
    } catch (error) {
      const words = request.signal.aborted ? "the request took too long" : causeOf(error);
      return { kind: "retry", reason: `no answer: ${words}`, retryAfter: null, isFault: false };
    } finally {
      stopTimer();
      this.#closing.signal.removeEventListener("abort", abort);
    }
  }

  /** False when the batch must be split. */
  #conclude(answer: Answer, rows: string[]): boolean {
    if (answer.status === 202 || answer.status === 422) {
      const rejected = rejectedOf(answer.text);
      if (rejected) {
        this.#countVerdict(rejected, rows);
        return true;
      }
      if (answer.status === 202) {
        this.#counters.add("sent", rows.length);
        return true;
      }
    }
    if (answer.status === 413 && rows.length > 1) return false;
    this.#drop(`http_${answer.status}`, rows, wordsOf(answer));
    return true;
  }

  #countVerdict(rejected: unknown[], rows: string[]): void {
    this.#counters.add("sent", rows.length - rejected.length);
    this.#counters.add("rejected", rejected.length);
    const rejections = rejected.map((item) => toRejection(item, rows));
    const [first] = rejections;
    if (!first) return;
    this.#log.say(
      "rejected",
      `${rejections.length} of ${rows.length} rows were rejected; the first, ${first.predictionId}: ${first.code} at ${first.path}: ${first.message}`,
    );
    for (const rejection of rejections) {
      try {
        this.#settings.onRejected?.(rejection);
      } catch (error) {
        this.#log.say("hook", `onRejected threw: ${String(error)}`);
      }
    }
  }

  #drop(reason: string, rows: string[], words: string): void {
    this.#counters.drop(reason, rows.length);
    const kind = reason === "unavailable" || reason === "closed" ? reason : "refused";
    this.#log.say(kind, `${rows.length} rows were dropped: ${words}`);
  }
}

interface Body {
  bytes: string | ArrayBuffer;
  isGzip: boolean;
}

async function toBody(text: string): Promise<Body> {
  if (text.length < gzipFromCharacters || typeof CompressionStream === "undefined")
    return { bytes: text, isGzip: false };
  const compressed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return { bytes: await new Response(compressed).arrayBuffer(), isGzip: true };
}

function toOutcome(answer: Answer): Outcome {
  const isAway = awayStatuses.has(answer.status);
  if (!isAway && answer.status < 500) return { kind: "answered", answer };
  return {
    kind: "retry",
    reason: wordsOf(answer),
    retryAfter: answer.retryAfter,
    isFault: !isAway,
  };
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stopTimer();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const stopTimer = idleTimer(done, delayMs);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error ? cause.message || cause.name : String(error);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function rejectedOf(text: string): unknown[] | null {
  const { rejected } = parseObject(text);
  return Array.isArray(rejected) ? rejected : null;
}

/** The server's own words: a problem document's detail, or whatever it said. */
function wordsOf(answer: Answer): string {
  if (answer.location)
    return `the server answered ${answer.status}: moved to ${answer.location}; set that as the url`;
  const { detail, title } = parseObject(answer.text);
  return `the server answered ${answer.status}: ${String(detail ?? title ?? answer.text.slice(0, 200))}`;
}

function toRejection(item: unknown, rows: string[]): Rejection {
  const verdict = typeof item === "object" && item !== null ? { ...item } : {};
  const { index, prediction_id, code, path, message } = verdict as Record<string, unknown>;
  const row = parseObject(typeof index === "number" ? (rows[index] ?? "") : "");
  const id = prediction_id ?? row.prediction_id;
  return {
    predictionId: typeof id === "string" ? id : undefined,
    code: String(code ?? ""),
    path: String(path ?? ""),
    message: String(message ?? ""),
    row,
  };
}
