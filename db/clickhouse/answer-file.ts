import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, unlink } from "node:fs/promises";
import { basename, dirname, isAbsolute } from "node:path";
import { setImmediate } from "node:timers/promises";

/** Answers in files. What goes through a socket is copied five times on its way, and takes the store as long to send as to find; one that runs on
 *  this machine can put it into a file and only say where. Any other knows nothing of the header that asks for it, and sends the answer. */

export const wantsFile = { "X-Plumbline-Answer": "file" };

const fileHeader = "x-plumbline-answer-file";
/** Nothing else is opened, whatever a store says. */
const namePattern = /^plumbline-[0-9a-f-]{36}\.answer$/;
const chunkBytes = 256 * 1024;
/** After so many, what else waits in this process has its turn. */
const chunksInTurn = 16;

/** Where the answer is; null where it was sent. */
export function answerPath(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): string | null {
  const said = headers[fileHeader];
  if (typeof said !== "string") return null;
  const path = decodeURIComponent(said);
  const isOwn =
    isAbsolute(path) && basename(dirname(path)) === "spool" && namePattern.test(basename(path));
  if (!isOwn) throw new Error("The store names a file that is none of its answers.");
  return path;
}

/** The answer is nobody else's, and goes once it is open. null where it is not on this machine, or not ours to read. */
export async function openAnswer(path: string): Promise<FileHandle | null> {
  const file = await open(path, "r").catch(nullIfNotOurs);
  if (file !== null) await unlink(path).catch(nullIfNotOurs);
  return file;
}

function nullIfNotOurs(error: unknown): null {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (["ENOENT", "EACCES", "EPERM"].includes(code)) return null;
  throw error;
}

/** In chunks of which each is written over once the next but one is asked for. Closes the file. What was written a moment ago is still in memory:
 *  to read it takes no longer than to have a thread do so, which would have it in the cache of another core. */
export async function* readAnswer(file: FileHandle): AsyncGenerator<Uint8Array> {
  // Of a reader that joins a chunk to the next, both must hold; and what is a part of more is not given back by it.
  const room = Buffer.allocUnsafeSlow(2 * chunkBytes);
  try {
    for (let i = 1; ; i += 1) {
      const from = (i % 2) * chunkBytes;
      const size = readSync(file.fd, room, from, chunkBytes, null);
      if (size === 0) return;
      yield room.subarray(from, from + size);
      if (i % chunksInTurn === 0) await setImmediate();
    }
  } finally {
    await file.close();
  }
}
