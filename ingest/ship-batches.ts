import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { insertRawRows } from "#db/clickhouse/inserts/raw-rows.ts";
import type { PostgresPool } from "#db/postgres/client.ts";
import { recordArrivals } from "#db/postgres/queries/arrival.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { untilDone } from "./backoff.ts";
import type { Batch } from "./batch.ts";
import { BufferPool } from "./buffer-pool.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import { insertAgain } from "./insert-once.ts";
import type { IngestMetrics } from "./metrics.ts";
import { ModelIds } from "./model-ids.ts";
import { NativeBlocks } from "./native-block.ts";
import type { PlannedBatch } from "./plan-batch.ts";
import { planBatch } from "./plan-batch.ts";
import type { Sequence } from "./sequence.ts";
import type { Arrival } from "./split-rows.ts";
import { splitRows } from "./split-rows.ts";
import { readWitness } from "./witness.ts";
import type { WriteAheadLog } from "./write-ahead-log.ts";

export interface ShipperOptions {
  wal: WriteAheadLog;
  folder: string;
  clickhouse: ClickHouseClient;
  postgres: PostgresPool;
  metrics: IngestMetrics;
  sequence: Sequence;
  now: () => number;
  mintId: () => string;
  onFailure: (step: ShipStep, error: unknown, attempt: number) => void;
  concurrency?: number;
  backoff?: { firstMs: number; mostMs: number };
}

export type ShipStep = "read" | "register" | "insert" | "mark";

interface Tracked {
  batch: Batch;
  openedAtMs: number;
  isStored: boolean;
}

const insertTimeoutMs = 120_000;

/** Sends sealed batches to the store, marks what they made stale, and then lets go of the log. */
export class Shipper {
  readonly #options: ShipperOptions;
  readonly #models: ModelIds;
  readonly #reads = new BufferPool({ bytesMax: 8 * 1024 ** 2, countMax: 2 });
  readonly #blocks = new NativeBlocks();
  readonly #stopping = new AbortController();
  readonly #tracked: Tracked[] = [];
  readonly #sealed: Batch[] = [];
  readonly #working = new Set<Promise<void>>();
  #failing: { step: ShipStep; message: string; sinceMs: number } | null = null;
  #releasing: Promise<void> = Promise.resolve();

  constructor(options: ShipperOptions) {
    this.#options = options;
    this.#models = new ModelIds(options);
  }

  /** From here on the batch's part of the log must be kept. */
  track(batch: Batch): void {
    this.#tracked.push({ batch, openedAtMs: this.#options.now(), isStored: false });
  }

  enqueue(batch: Batch): void {
    this.#sealed.push(batch);
    this.#work();
  }

  get failing(): { step: ShipStep; message: string; sinceMs: number } | null {
    return this.#failing;
  }

  get oldestUnstoredAgeMs(): number {
    const oldest = this.#tracked[0];
    return oldest === undefined ? 0 : this.#options.now() - oldest.openedAtMs;
  }

  get unstoredCount(): number {
    return this.#tracked.length;
  }

  /** Settles when the store has everything that is tracked now. */
  async storeAll(): Promise<void> {
    await Promise.all(this.#tracked.map(({ batch }) => batch.stored.promise));
  }

  /** Waits until everything that was tracked is stored, or the time is over. */
  async drain(timeoutMs: number): Promise<boolean> {
    const all = this.storeAll().then(() => true);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), timeoutMs);
    });
    const isDrained = await Promise.race([all, late]);
    clearTimeout(timer);
    return isDrained;
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error("The server is stopping."));
    await Promise.allSettled(this.#working);
    await this.#releasing;
    for (const { batch } of this.#tracked)
      batch.stored.reject(new Error("The server is stopping."));
  }

  #work(): void {
    const concurrency = this.#options.concurrency ?? 2;
    while (this.#working.size < concurrency && this.#sealed.length > 0) {
      const batch = this.#sealed.shift();
      if (batch === undefined) return;
      const work: Promise<void> = this.#ship(batch)
        .catch(() => undefined)
        .finally(() => {
          this.#working.delete(work);
          if (!this.#stopping.signal.aborted) this.#work();
        });
      this.#working.add(work);
    }
  }

  async #ship(batch: Batch): Promise<void> {
    const { wal, metrics } = this.#options;
    const startedMs = this.#options.now();
    const data = this.#reads.take(batch.until - batch.from);
    try {
      const plan = await this.#step("read", async () =>
        planBatch(await wal.read(batch, data), batch.from),
      );
      await this.#store(batch, plan);
    } finally {
      this.#reads.give(data);
    }
    metrics.shippedBatches.inc();
    metrics.shipSeconds.observe((this.#options.now() - startedMs) / 1000);
    this.#complete(batch);
  }

  async #store(batch: Batch, plan: PlannedBatch): Promise<void> {
    const { clickhouse, postgres, metrics } = this.#options;
    await this.#step("register", () => this.#models.register(plan));
    const { inserts, arrivals, orphanCount } = await splitRows(
      plan,
      (key) => this.#models.find(key)?.bytes ?? null,
      (table) => this.#blocks.take(table),
    );
    metrics.orphanRows.inc(orphanCount);
    for (const { table, partition, block, lastRows } of inserts) {
      const insert = {
        table,
        token: `${batch.id}:${table}:${partition}`,
        block: block.encode(),
        timeoutMs: insertTimeoutMs,
        witnesses: lastRows.map((place) => readWitness(table, place)),
      };
      let mayBeSent = batch.isReplay;
      await this.#step("insert", () => {
        const send = mayBeSent ? insertAgain : insertRawRows;
        mayBeSent = true;
        return send(clickhouse, insert);
      });
      // Only what the store has taken: an insert that was given up may still be reading its block.
      this.#blocks.give(block, insert.block);
    }
    const dirty = this.#dirtyBuckets(plan);
    const arrived = this.#arrivals(plan, arrivals);
    await this.#step("mark", async () => {
      const now = new Date(this.#options.now());
      await markDirtyBuckets(postgres.db, dirty, now);
      await recordArrivals(postgres.db, arrived, now);
    });
    metrics.shippedRows.inc(plan.rowCount - orphanCount);
  }

  #dirtyBuckets(plan: PlannedBatch) {
    return [...plan.models].flatMap(([key, { workspaceId, buckets }]) => {
      const modelId = this.#models.find(key)?.id;
      return modelId === undefined
        ? []
        : [...buckets].map((bucket) => ({ workspaceId, modelId, bucket }));
    });
  }

  #arrivals(plan: PlannedBatch, arrivals: readonly Arrival[]) {
    return arrivals.flatMap(({ modelKey, ...arrival }) => {
      const workspaceId = plan.models.get(modelKey)?.workspaceId;
      const modelId = this.#models.find(modelKey)?.id;
      return workspaceId === undefined || modelId === undefined
        ? []
        : [{ workspaceId, modelId, ...arrival }];
    });
  }

  async #step<T>(step: ShipStep, work: () => Promise<T>): Promise<T> {
    const { firstMs, mostMs } = this.#options.backoff ?? { firstMs: 100, mostMs: 2_000 };
    const done = await untilDone(work, {
      firstMs,
      mostMs,
      signal: this.#stopping.signal,
      onFailure: (error, attempt) => {
        const message = error instanceof Error ? error.message : String(error);
        this.#failing = { step, message, sinceMs: this.#failing?.sinceMs ?? this.#options.now() };
        this.#options.metrics.shipFailures.inc({ step });
        this.#options.onFailure(step, error, attempt);
      },
    });
    if (this.#failing?.step === step) this.#failing = null;
    return done;
  }

  #complete(batch: Batch): void {
    const tracked = this.#tracked.find((entry) => entry.batch === batch);
    if (tracked !== undefined) tracked.isStored = true;
    batch.stored.resolve();
    this.#releasing = this.#releasing
      .then(() => this.#release())
      .catch((error) => this.#options.onFailure("read", error, 1));
  }

  /** Moves the checkpoint over what is stored without a gap, and deletes the closed segments behind it. */
  async #release(): Promise<void> {
    const { wal, folder, sequence } = this.#options;
    let last: Batch | null = null;
    while (this.#tracked[0]?.isStored === true) last = this.#tracked.shift()?.batch ?? null;
    if (last === null) return;
    await writeCheckpoint(folder, {
      segment: last.segment,
      offset: last.until,
      sequenceMs: sequence.lastMilliseconds,
    });
    const firstNeeded = this.#tracked[0]?.batch.segment ?? wal.currentSegment;
    await wal.releaseBefore(Math.min(firstNeeded, wal.currentSegment));
  }
}
