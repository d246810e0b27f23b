import { readFile, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { listSegments, segmentPath, syncedPath } from "../wal-segment.ts";

/** Leaves of a dead process's log what a sync had reached; the checkpoint, which is never synced, is gone. Answers how many
 *  bytes were thrown away. */
export async function cutPower(walFolder: string): Promise<number> {
  let thrownAway = 0;
  for (const segment of await listSegments(walFolder)) {
    const path = segmentPath(walFolder, segment);
    const { size } = await stat(path);
    const synced = await syncedBytes(walFolder, segment, size);
    if (synced >= size) continue;
    await truncate(path, synced);
    thrownAway += size - synced;
  }
  await rm(join(walFolder, "checkpoint"), { force: true });
  return thrownAway;
}

/** Bytes that were written and that no sync has reached yet. */
export async function unsyncedBytes(walFolder: string): Promise<number> {
  const segment = (await listSegments(walFolder)).at(-1);
  if (segment === undefined) return 0;
  try {
    const { size } = await stat(segmentPath(walFolder, segment));
    return size - (await syncedBytes(walFolder, segment, size));
  } catch {
    return 0;
  }
}

async function syncedBytes(walFolder: string, segment: number, size: number): Promise<number> {
  const recorded = await readFile(syncedPath(walFolder, segment), "utf8").catch(() => null);
  // A segment of an earlier process was cut or read whole when it was opened, and nobody writes to it since.
  return recorded === null ? size : Math.min(size, Number(recorded));
}
