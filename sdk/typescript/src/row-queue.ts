import type { Delivery } from "./delivery.ts";
import { idleTimer } from "./host.ts";
import type { Settings } from "./options.ts";

/** A batch is due at any of these; what has piled up behind a slow server leaves in larger ones. */
const rowsDue = 500;
const charactersDue = 1024 * 1024;
const batchRowsMax = 5_000;
const batchCharactersMax = 4 * 1024 * 1024;

/** What was logged and not yet settled: bounded, and emptied in the background, one batch after the other. */
export class RowQueue {
  readonly #settings: Settings;
  readonly #delivery: Delivery;
  #incoming = new Map<string, string[]>();
  #incomingRows = 0;
  #incomingCharacters = 0;
  #pendingRows = 0;
  #pendingCharacters = 0;
  #stopTimer: (() => void) | null = null;
  #isPumping = false;
  /** Rows that come in now belong to this generation; all up to `#settledGeneration` are settled. */
  #generation = 0;
  #settledGeneration = -1;
  #waiting = new Set<() => void>();

  constructor(settings: Settings, delivery: Delivery) {
    this.#settings = settings;
    this.#delivery = delivery;
  }

  get pending(): number {
    return this.#pendingRows;
  }

  /** False when there is no room for it. */
  put(path: string, line: string): boolean {
    const isFull =
      this.#pendingRows >= this.#settings.bufferRows ||
      this.#pendingCharacters + line.length > this.#settings.bufferBytes;
    if (isFull) return false;
    const rows = this.#incoming.get(path);
    if (rows) rows.push(line);
    else this.#incoming.set(path, [line]);
    this.#incomingRows += 1;
    this.#incomingCharacters += line.length;
    this.#pendingRows += 1;
    this.#pendingCharacters += line.length;
    this.#schedule();
    return true;
  }

  /** Resolves to whether all that was put before is settled; at the latest after that time. */
  flush(timeoutMs: number): Promise<boolean> {
    const target = this.#incomingRows > 0 ? this.#generation : this.#generation - 1;
    if (this.#settledGeneration >= target) return Promise.resolve(true);
    return new Promise((resolve) => {
      const finish = (isSettled: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(isSettled);
      };
      const check = () => {
        if (this.#settledGeneration >= target) finish(true);
      };
      // Not an idle timer: whoever waits for a flush must not see the process end under it.
      const timer = setTimeout(() => finish(false), timeoutMs);
      this.#waiting.add(check);
      this.#pumpSoon(0);
    });
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
  }

  #schedule(): void {
    if (this.#isPumping) return;
    if (this.#incomingRows === rowsDue || this.#incomingCharacters >= charactersDue)
      this.#pumpSoon(0);
    else if (!this.#stopTimer) this.#pumpSoon(this.#settings.flushIntervalMs);
  }

  #pumpSoon(delayMs: number): void {
    if (this.#isPumping) return;
    this.#stopTimer?.();
    this.#stopTimer = idleTimer(() => {
      this.#stopTimer = null;
      void this.#pump();
    }, delayMs);
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      do await this.#empty();
      while (this.#isDue());
    } finally {
      this.#isPumping = false;
      if (this.#incomingRows > 0 && !this.#delivery.isAborted)
        this.#pumpSoon(this.#settings.flushIntervalMs);
    }
  }

  #isDue(): boolean {
    if (this.#delivery.isAborted || this.#incomingRows === 0) return false;
    return (
      this.#waiting.size > 0 ||
      this.#incomingRows >= rowsDue ||
      this.#incomingCharacters >= charactersDue
    );
  }

  async #empty(): Promise<void> {
    const taken = this.#incoming;
    this.#incoming = new Map();
    this.#incomingRows = 0;
    this.#incomingCharacters = 0;
    this.#generation += 1;
    for (const [path, rows] of taken) {
      for (const batch of toBatches(rows)) {
        await this.#delivery.deliver(path, batch);
        this.#pendingRows -= batch.length;
        this.#pendingCharacters -= charactersOf(batch);
      }
    }
    this.#settledGeneration = this.#generation - 1;
    for (const check of [...this.#waiting]) check();
  }
}

const charactersOf = (rows: string[]) => rows.reduce((sum, row) => sum + row.length, 0);

function* toBatches(rows: string[]): Generator<string[]> {
  let batch: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const isFull = batch.length >= batchRowsMax || characters + row.length > batchCharactersMax;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(row);
    characters += row.length;
  }
  if (batch.length > 0) yield batch;
}
