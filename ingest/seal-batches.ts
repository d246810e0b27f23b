import type { Batch } from "./batch.ts";
import { encodeSeal, storedLater } from "./batch.ts";
import type { RowsRecord } from "./record.ts";
import { encodeRecord } from "./record.ts";
import { frameKinds } from "./wal-frame.ts";
import type { WalRange, WriteAheadLog } from "./write-ahead-log.ts";

export interface SealLimits {
  rowsMax: number;
  bytesMax: number;
  ageMs: number;
}

/** A batch below a block of the store is one part; a second of rows is few enough parts for it to merge. */
const sealDefaults: SealLimits = { rowsMax: 50_000, bytesMax: 32 * 1024 ** 2, ageMs: 1_000 };

interface OpenBatch extends Batch {
  rows: number;
}

export interface Appended {
  /** Settles when the store has the rows. In an object, since awaiting the append must not await it. */
  stored: Promise<void>;
}

export interface SealerOptions {
  wal: WriteAheadLog;
  mintId: () => string;
  /** A range that now holds rows which are not stored yet. */
  onOpened: (batch: Batch) => void;
  onSealed: (batch: Batch) => void;
  onError: (error: unknown) => void;
  limits?: Partial<SealLimits>;
}

/** Gathers acknowledged records until they are a batch: by rows, by bytes, or by age. */
export class BatchSealer {
  readonly #options: SealerOptions;
  readonly #limits: SealLimits;
  #open: OpenBatch | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** Seals are written one after the other, so that batches are sent in the order of the log. */
  #sealing: Promise<void> = Promise.resolve();

  constructor(options: SealerOptions) {
    this.#options = options;
    this.#limits = { ...sealDefaults, ...options.limits };
  }

  /** Resolves when the record is on the disk; `stored` settles when the store has it. */
  async append(record: RowsRecord): Promise<Appended> {
    const range = await this.#options.wal.append(frameKinds.rows, encodeRecord(record), true);
    return { stored: this.#add(range, record.header.rowCount) };
  }

  /** Seals what is open now, without waiting for its size or age. */
  flush(): Promise<void> {
    if (this.#open !== null) this.#seal(this.#open);
    return this.#sealing;
  }

  /** Rows that an earlier process acknowledged and had not sealed. */
  adopt(range: WalRange): void {
    const batch = newBatch(range, this.#options.mintId());
    this.#options.onOpened(batch);
    this.#seal(batch);
  }

  #add(range: WalRange, rows: number): Promise<void> {
    if (this.#open !== null && this.#open.segment !== range.segment) this.#seal(this.#open);
    const open = this.#open ?? this.#begin(range);
    open.until = range.until;
    open.rows += rows;
    if (open.rows >= this.#limits.rowsMax || open.until - open.from >= this.#limits.bytesMax)
      this.#seal(open);
    return open.stored.promise;
  }

  #begin(range: WalRange): OpenBatch {
    const open = newBatch(range, this.#options.mintId());
    this.#open = open;
    this.#timer = setTimeout(() => this.#seal(open), this.#limits.ageMs);
    this.#options.onOpened(open);
    return open;
  }

  #seal(batch: OpenBatch): void {
    if (this.#open === batch) {
      this.#open = null;
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
    }
    this.#sealing = this.#sealing.then(() => this.#writeSeal(batch));
  }

  async #writeSeal(batch: OpenBatch): Promise<void> {
    const { wal, onSealed, onError } = this.#options;
    try {
      await wal.append(frameKinds.seal, [encodeSeal(batch)], false);
      onSealed(batch);
    } catch (error) {
      onError(error);
      await new Promise((resolve) => setTimeout(resolve, this.#limits.ageMs));
      if (!wal.isClosed) await this.#writeSeal(batch);
    }
  }
}

function newBatch(range: WalRange, id: string): OpenBatch {
  return { ...range, id, isReplay: false, stored: storedLater(), rows: 0 };
}
