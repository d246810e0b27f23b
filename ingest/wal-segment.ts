import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame } from "./wal-frame.ts";
import { frameKinds, readFrames } from "./wal-frame.ts";

const pattern = /^(\d{12})\.wal$/;

export function segmentPath(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(12, "0")}.wal`);
}

/** How much of a segment a sync has reached, beside it: what a power cut would leave. */
export function syncedPath(folder: string, segment: number): string {
  return `${segmentPath(folder, segment)}.synced`;
}

export async function listSegments(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** On Linux a write to such a file returns when it is on the disk: one turn in the thread pool instead of two, under a busy
 *  processor up to 10 ms of an acknowledgement. Elsewhere the flag means less than a sync does. */
export const writesAreSynced = process.platform === "linux";
const { O_CREAT, O_EXCL, O_RDWR, O_DSYNC } = constants;
const segmentFlags = O_CREAT | O_EXCL | O_RDWR | (writesAreSynced ? O_DSYNC : 0);

/** The name itself must survive a power cut too, so the folder is synced. */
export async function createSegment(folder: string, segment: number): Promise<FileHandle> {
  const file = await open(segmentPath(folder, segment), segmentFlags, 0o600);
  await syncFolder(folder);
  return file;
}

export async function deleteSegment(folder: string, segment: number): Promise<void> {
  await rm(segmentPath(folder, segment), { force: true });
  await rm(syncedPath(folder, segment), { force: true });
}

/** Without its rows: a full log does not fit in memory. */
export interface FoundFrame extends Pick<Frame, "kind" | "from" | "until"> {
  seal: Buffer | null;
}

export interface ScannedSegment {
  segment: number;
  frames: FoundFrame[];
  bytes: number;
  /** Cut off at the end: what a crash had not finished writing. Zero bytes in a healthy segment. */
  tornBytes: number;
}

/** Reads a whole segment and cuts it after its last whole frame; the cut part is kept beside it when it may be damage. */
export async function scanSegment(
  folder: string,
  segment: number,
  isLast: boolean,
): Promise<ScannedSegment> {
  const path = segmentPath(folder, segment);
  const data = await readFile(path);
  const frames: FoundFrame[] = [];
  for (const { kind, from, until, body } of readFrames(data, 0)) {
    frames.push({ kind, from, until, seal: kind === frameKinds.seal ? Buffer.from(body) : null });
  }
  const bytes = frames.at(-1)?.until ?? 0;
  const tornBytes = data.length - bytes;
  if (tornBytes > 0) {
    if (!isLast) await writeFile(`${path}.damaged`, data.subarray(bytes));
    await truncate(path, bytes);
  }
  await syncSegment(folder, segment, bytes);
  return { segment, frames, bytes, tornBytes };
}

/** What a killed process wrote may be known to the system alone. It is about to be sealed and sent: a power cut must not
 *  take it any more. */
async function syncSegment(folder: string, segment: number, bytes: number): Promise<void> {
  const file = await open(segmentPath(folder, segment), "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await writeSynced(folder, segment, bytes);
}

/** Only where a process with `recordSynced` made the segment. */
async function writeSynced(folder: string, segment: number, bytes: number): Promise<void> {
  try {
    await writeFile(syncedPath(folder, segment), String(bytes).padStart(16), { flag: "r+" });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

export async function readRange(
  folder: string,
  segment: number,
  from: number,
  until: number,
  data: Buffer = Buffer.allocUnsafeSlow(until - from),
): Promise<Buffer> {
  const file = await open(segmentPath(folder, segment), "r");
  try {
    let done = 0;
    while (done < data.length) {
      const { bytesRead } = await file.read(data, done, data.length - done, from + done);
      if (bytesRead === 0)
        throw new Error(`Segment ${segment} ends at ${from + done}, before ${until}.`);
      done += bytesRead;
    }
    return data;
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
