import { setTimeout as pause } from "node:timers/promises";
import { seededRandom } from "#lib/stats/testing/random.ts";
import type { CrashLabel, CrashOffline, CrashPrediction } from "./crash-rows.ts";
import {
  crashLabel,
  crashModels,
  crashOffline,
  crashPrediction,
  crashTime,
  encodeBody,
} from "./crash-rows.ts";

export interface CrashLoadOptions {
  url: string;
  key: string;
  seed: number;
  clients: number;
  /** Every row was made before this. */
  untilMs: number;
  /** A client waits up to this long between two bodies. */
  paceMsMax: number;
}

/** What was sent of one kind, by what became of it. */
export interface Sent<T> {
  /** By key; of a key that was sent again, what was sent last. */
  acknowledged: Map<string, T>;
  /** Bodies that were given up without an answer: each is stored whole or not at all. */
  unanswered: T[][];
  /** Bodies that were given up after a refusal: nothing of them is stored. */
  refused: T[][];
}

export const predictionKey = (row: CrashPrediction | CrashOffline) => row.prediction_id;
export const labelKey = (row: CrashLabel) => `${row.prediction_id} ${row.label_timestamp}`;

const rowsMin = 50;
const rowsMax = 400;
const answerMsMax = 20_000;
const retryMs = 25;
const deliveryMsMax = 120_000;
const rememberedMax = 800;
/** A bucket is written to for a moment only: if its figures are once left as they should not be, they stay so. */
const bodiesPerBucket = 2;

/** Clients that send batches and repeat the very same body until it is acknowledged, as SDKs do; one body in five is sent
 *  once only, by a client that does not care. */
export class CrashLoad {
  readonly predictions: Sent<CrashPrediction> = newSent();
  readonly labels: Sent<CrashLabel> = newSent();
  readonly offline: Sent<CrashOffline> = newSent();
  /** Predictions that were sent again on purpose, with other values. */
  readonly resent = new Set<string>();
  acknowledgedRows = 0;
  attemptsWithoutAnswer = 0;
  refusals = 0;
  readonly #options: CrashLoadOptions;
  readonly #running: Promise<void>[] = [];
  readonly #waiters = new Set<() => void>();
  #acknowledgedBodies = 0;
  #failure: unknown = null;
  #isStopping = false;

  constructor(options: CrashLoadOptions) {
    this.#options = options;
  }

  start(): void {
    for (let client = 0; client < this.#options.clients; client++) {
      this.#running.push(
        this.#run(client).catch((error: unknown) => {
          this.#failure = error;
          this.#wake();
        }),
      );
    }
  }

  /** Resolves when so many more bodies than now are acknowledged. */
  async untilAcknowledged(more: number): Promise<void> {
    const wanted = this.#acknowledgedBodies + more;
    await this.#until(() => this.#acknowledgedBodies >= wanted);
  }

  /** Resolves when so many more bodies than now were refused. */
  async untilRefused(more: number): Promise<void> {
    const wanted = this.refusals + more;
    await this.#until(() => this.refusals >= wanted);
  }

  /** Lets every client finish the body that it has in hand. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#running);
    if (this.#failure !== null) throw this.#failure;
  }

  async #until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      if (this.#failure !== null) throw this.#failure;
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
    this.#waiters.clear();
  }

  async #run(client: number): Promise<void> {
    const { seed, clients, paceMsMax, untilMs } = this.#options;
    const random = seededRandom(seed * 1_000 + client);
    const remembered: CrashPrediction[] = [];
    let bodies = 0;
    const newId = (serial: number) => ({
      model: random() < 0.5 ? crashModels.regression : crashModels.classes,
      prediction_id: `${seed}-${client}-${serial}`,
      timestamp: crashTime(
        untilMs,
        client + clients * Math.floor(bodies / bodiesPerBucket),
        random,
      ),
    });
    for (let serial = 0; !this.#isStopping; bodies++) {
      const isPatient = random() >= 0.2;
      const againShare = isPatient && random() < 0.25 ? 0.15 : 0;
      const count = rowsMin + Math.floor(random() * (rowsMax - rowsMin + 1));
      const rows: CrashPrediction[] = [];
      while (rows.length < count) {
        const known = remembered[Math.floor(random() * remembered.length)];
        const isAgain = known !== undefined && random() < againShare;
        if (isAgain) this.resent.add(known.prediction_id);
        rows.push(
          isAgain ? crashPrediction(idOf(known), random) : crashPrediction(newId(serial++), random),
        );
      }
      const isTaken = await this.#send("predictions", rows, isPatient, random);
      if (isTaken) remember(remembered, rows);
      if (isTaken && random() < 0.3) {
        const labels = rows.slice(0, rowsMin).map((row) => crashLabel(row, random));
        // A key twice in one body: the last row wins there as well, and the map below agrees.
        await this.#send("labels", labels, isPatient, random);
      }
      if (isTaken && random() < 0.3) {
        const offline = rows.slice(-rowsMin).map((row) => crashOffline(row, random));
        await this.#send("features", offline, isPatient, random);
      }
      await pause(random() * paceMsMax);
    }
  }

  async #send(
    endpoint: "predictions" | "labels" | "features",
    rows: CrashPrediction[] | CrashLabel[] | CrashOffline[],
    isPatient: boolean,
    random: () => number,
  ): Promise<boolean> {
    const { body, contentType } = encodeBody(rows, random() < 0.5 ? "json" : "ndjson");
    const outcome = await this.#deliver(endpoint, body, contentType, rows.length, isPatient);
    if (endpoint === "predictions") {
      settle(this.predictions, rows as CrashPrediction[], predictionKey, outcome);
    } else if (endpoint === "labels") settle(this.labels, rows as CrashLabel[], labelKey, outcome);
    else settle(this.offline, rows as CrashOffline[], predictionKey, outcome);
    if (outcome !== "acknowledged") return false;
    this.acknowledgedRows += rows.length;
    this.#acknowledgedBodies++;
    this.#wake();
    return true;
  }

  #countRefusal({ status, retryAfter }: PostAnswer): void {
    if (status !== 503 && status !== 429) throw new Error(`A body was answered ${status}.`);
    if (!(Number(retryAfter) > 0)) throw new Error(`${status} did not say when to come again.`);
    this.refusals++;
    this.#wake();
  }

  async #deliver(
    endpoint: string,
    body: string,
    contentType: string,
    rowCount: number,
    isPatient: boolean,
  ): Promise<keyof Sent<unknown>> {
    const { url, key } = this.#options;
    const deadline = performance.now() + deliveryMsMax;
    for (;;) {
      const answer = await post(`${url}/v1/${endpoint}`, key, body, contentType);
      if (answer?.status === 202) {
        if (answer.accepted !== rowCount)
          throw new Error(`Of ${rowCount} rows ${answer.accepted} were accepted.`);
        return "acknowledged";
      }
      if (answer === null) this.attemptsWithoutAnswer++;
      else this.#countRefusal(answer);
      if (!isPatient) return answer === null ? "unanswered" : "refused";
      if (performance.now() > deadline) throw new Error("A body was not taken for two minutes.");
      await pause(retryMs);
    }
  }
}

function newSent<T>(): Sent<T> {
  return { acknowledged: new Map(), unanswered: [], refused: [] };
}

function settle<T>(
  sent: Sent<T>,
  rows: readonly T[],
  keyOf: (row: T) => string,
  outcome: keyof Sent<unknown>,
): void {
  if (outcome === "acknowledged") for (const row of rows) sent.acknowledged.set(keyOf(row), row);
  else sent[outcome].push([...rows]);
}

function idOf({ model, prediction_id, timestamp }: CrashPrediction) {
  return { model, prediction_id, timestamp };
}

function remember(remembered: CrashPrediction[], rows: readonly CrashPrediction[]): void {
  remembered.push(...rows);
  if (remembered.length > rememberedMax) remembered.splice(0, remembered.length - rememberedMax);
}

interface PostAnswer {
  status: number;
  accepted: number;
  retryAfter: string | null;
}

/** Null: no answer came, and what became of the body is unknown. */
async function post(
  url: string,
  key: string,
  body: string,
  contentType: string,
): Promise<PostAnswer | null> {
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": contentType, authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(answerMsMax),
    });
    const text = await response.text();
    const accepted = response.status === 202 ? Number(JSON.parse(text).accepted) : 0;
    return { status: response.status, accepted, retryAfter: response.headers.get("retry-after") };
  } catch {
    return null;
  }
}
