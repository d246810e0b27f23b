import { writeSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { mkdir, open } from "node:fs/promises";
import type { FolderLock } from "#db/folder-lock.ts";
import { lockFolder } from "#db/folder-lock.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { FrameKind } from "./wal-frame.ts";
import { encodeFrame } from "./wal-frame.ts";
import type { ScannedSegment } from "./wal-segment.ts";
import {
  createSegment,
  deleteSegment,
  listSegments,
  readRange,
  scanSegment,
  syncedPath,
  writesAreSynced,
} from "./wal-segment.ts";

export interface WalOptions {
  folder: string;
  bytesMax: number;
  /** A segment is closed when it has grown past this; it can only be deleted whole. */
  segmentBytes?: number;
  /** Writes beside each segment how far it is synced, so that a test can throw away the rest, as a power cut would. */
  recordSynced?: boolean;
  /** What a new segment begins with, so that nothing before it has to be read for that. Null: nothing. */
  preamble?: () => { kind: FrameKind; body: Buffer } | null;
}

/** Where a frame lies. Positions compare by segment, then by offset. */
export interface WalRange {
  segment: number;
  from: number;
  until: number;
}

interface Pending {
  buffers: Buffer[];
  bytes: number;
  resolve: (range: WalRange) => void;
  reject: (error: Error) => void;
}

interface Segment {
  number: number;
  file: FileHandle;
  syncedFile: FileHandle | null;
  bytes: number;
}

const defaultSegmentBytes = 64 * 1024 ** 2;
/** One group's write is bounded so that its latency is. */
const groupBytesMax = 16 * 1024 ** 2;

/** An append is done when it is on the disk. Appends that arrive while the disk is busy share the next write and sync. */
export class WriteAheadLog {
  /** What was found at opening, oldest first. */
  readonly recovered: readonly ScannedSegment[];
  readonly bytesMax: number;
  readonly #folder: string;
  readonly #segmentBytes: number;
  readonly #recordSynced: boolean;
  readonly #preamble: NonNullable<WalOptions["preamble"]>;
  readonly #lock: FolderLock;
  readonly #sizes = new Map<number, number>();
  #queue: Pending[] = [];
  #queuedBytes = 0;
  #current: Segment | null = null;
  #nextNumber: number;
  /** The newest segment that holds anything. It stays until the next one does. */
  #newestSynced: number;
  #committing: Promise<void> | null = null;
  #isClosed = false;

  private constructor(options: WalOptions, lock: FolderLock, recovered: readonly ScannedSegment[]) {
    this.#folder = options.folder;
    this.bytesMax = options.bytesMax;
    this.#segmentBytes =
      options.segmentBytes ?? Math.min(defaultSegmentBytes, Math.ceil(options.bytesMax / 8));
    this.#recordSynced = options.recordSynced ?? false;
    this.#preamble = options.preamble ?? (() => null);
    this.#lock = lock;
    this.recovered = recovered;
    for (const { segment, bytes } of recovered) this.#sizes.set(segment, bytes);
    this.#nextNumber = (recovered.at(-1)?.segment ?? 0) + 1;
    this.#newestSynced = recovered.findLast(({ bytes }) => bytes > 0)?.segment ?? 0;
  }

  static async open(options: WalOptions): Promise<WriteAheadLog> {
    await mkdir(options.folder, { recursive: true });
    const lock = lockFolder(options.folder, "Ingest");
    try {
      const segments = await listSegments(options.folder);
      const recovered: ScannedSegment[] = [];
      for (const segment of segments) {
        recovered.push(await scanSegment(options.folder, segment, segment === segments.at(-1)));
      }
      return new WriteAheadLog(options, lock, recovered);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** On disk, or about to be. */
  get bytes(): number {
    let bytes = this.#queuedBytes;
    for (const size of this.#sizes.values()) bytes += size;
    return bytes;
  }

  get isFull(): boolean {
    return this.bytes >= this.bytesMax;
  }

  /** The segment that appends go to; the older ones are closed. */
  get currentSegment(): number {
    return this.#current?.number ?? this.#nextNumber;
  }

  /** Resolves when the frame is on the disk. `pieces` must not change until then. A seal is always taken: it frees room. */
  append(kind: FrameKind, pieces: readonly Buffer[], isBounded: boolean): Promise<WalRange> {
    const { buffers, bytes } = encodeFrame(kind, pieces);
    if (this.#isClosed)
      return Promise.reject(
        new AppError("unavailable", "The server is stopping.", { retryAfterSeconds: 1 }),
      );
    if (isBounded && this.bytes + bytes > this.bytesMax) return Promise.reject(fullError());
    const { promise, resolve, reject } = Promise.withResolvers<WalRange>();
    this.#queue.push({ buffers, bytes, resolve, reject });
    this.#queuedBytes += bytes;
    this.#committing ??= this.#commit();
    return promise;
  }

  /** `into`, when given, is as long as the range. */
  read(range: WalRange, into?: Buffer): Promise<Buffer> {
    return readRange(this.#folder, range.segment, range.from, range.until, into);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Deletes the segments before this one, which hold no rows that are still needed. */
  async releaseBefore(segment: number): Promise<void> {
    for (const known of [...this.#sizes.keys()].sort((a, b) => a - b)) {
      if (known >= Math.min(segment, this.#newestSynced)) return;
      await deleteSegment(this.#folder, known);
      this.#sizes.delete(known);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#committing;
    await this.#closeCurrent();
    this.#lock.release();
  }

  async #commit(): Promise<void> {
    // Appends of the same turn of the event loop share one sync.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#write(group);
      } catch (error) {
        const refusal = new AppError("unavailable", "The log could not be written.", {
          retryAfterSeconds: 5,
          cause: error,
        });
        for (const pending of group) pending.reject(refusal);
      }
    }
    this.#committing = null;
  }

  #takeGroup(): Pending[] {
    let count = 0;
    let bytes = 0;
    for (const pending of this.#queue) {
      if (count > 0 && bytes + pending.bytes > groupBytesMax) break;
      bytes += pending.bytes;
      count++;
    }
    this.#queuedBytes -= bytes;
    return this.#queue.splice(0, count);
  }

  async #write(group: readonly Pending[]): Promise<void> {
    const segment = await this.#segment();
    const preamble = segment.bytes === 0 ? this.#preamble() : null;
    const first = preamble === null ? null : encodeFrame(preamble.kind, [preamble.body]);
    const start = segment.bytes;
    const bytes = group.reduce((sum, pending) => sum + pending.bytes, first?.bytes ?? 0);
    this.#sizes.set(segment.number, start + bytes);
    try {
      await writeAll(
        segment.file,
        [...(first?.buffers ?? []), ...group.flatMap((pending) => pending.buffers)],
        start,
      );
      if (!writesAreSynced) await segment.file.datasync();
    } catch (error) {
      await this.#abandonTail(segment);
      throw error;
    }
    segment.bytes = start + bytes;
    this.#newestSynced = segment.number;
    if (segment.syncedFile !== null)
      writeSync(segment.syncedFile.fd, String(segment.bytes).padStart(16), 0);
    let from = start + (first?.bytes ?? 0);
    for (const pending of group) {
      pending.resolve({ segment: segment.number, from, until: from + pending.bytes });
      from += pending.bytes;
    }
  }

  async #segment(): Promise<Segment> {
    if (this.#current !== null && this.#current.bytes < this.#segmentBytes) return this.#current;
    await this.#closeCurrent();
    const number = this.#nextNumber++;
    const file = await createSegment(this.#folder, number);
    const syncedFile = this.#recordSynced
      ? await open(syncedPath(this.#folder, number), "w")
      : null;
    this.#current = { number, file, syncedFile, bytes: 0 };
    this.#sizes.set(number, 0);
    return this.#current;
  }

  async #closeCurrent(): Promise<void> {
    const segment = this.#current;
    this.#current = null;
    await segment?.file.close();
    await segment?.syncedFile?.close();
  }

  /** After a failed write or sync nothing is known of the tail: what was refused must not come back at the next start. */
  async #abandonTail(segment: Segment): Promise<void> {
    this.#sizes.set(segment.number, segment.bytes);
    try {
      await segment.file.truncate(segment.bytes);
      await segment.file.sync();
    } catch {
      // The disk refuses even that: the next append opens a segment of its own, and fails by itself if it must.
    }
    await this.#closeCurrent();
  }
}

async function writeAll(
  file: FileHandle,
  buffers: readonly Buffer[],
  position: number,
): Promise<void> {
  let rest = [...buffers];
  let at = position;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest, at);
    at += bytesWritten;
    let skipped = bytesWritten;
    while (rest.length > 0 && skipped >= (rest[0]?.length ?? 0))
      skipped -= rest.shift()?.length ?? 0;
    if (skipped > 0) rest = [rest[0]?.subarray(skipped) ?? Buffer.alloc(0), ...rest.slice(1)];
  }
}

function fullError(): AppError {
  return new AppError(
    "unavailable",
    "The log is full: the store takes rows more slowly than they arrive, or is away.",
    {
      retryAfterSeconds: 5,
    },
  );
}
