import { createWriteStream } from "node:fs";
import { mkdtemp, open, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "#lib/domain/errors.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { baselineLimits } from "#lib/domain/limits.ts";

export interface SpooledFile {
  path: string;
  sizeBytes: number;
  remove(): Promise<void>;
}

const prefix = "plumbline-upload-";

/** Takes away the files of uploads whose process died: no upload lasts a day. */
export async function removeAbandonedUploads(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(folder, name);
    // Another upload may be taking it away at the same moment.
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < now.getTime() - grainMs["1d"])
      await rm(path, { recursive: true, force: true });
  }
}

/** Keeps an upload on the disk while it is looked at: the columns of a Parquet file are named at its end. */
export async function spoolFile(stream: Readable, folder: string = tmpdir()): Promise<SpooledFile> {
  const own = await mkdtemp(join(folder, prefix));
  const remove = () => rm(own, { recursive: true, force: true });
  const path = join(own, "file");
  let sizeBytes = 0;
  try {
    await pipeline(
      stream,
      async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          sizeBytes += chunk.length;
          if (sizeBytes > baselineLimits.fileBytesMax) throw tooLarge();
          yield chunk;
        }
      },
      createWriteStream(path, { mode: 0o600 }),
    );
    if (sizeBytes === 0) throw new AppError("invalid_request", "The file is empty.");
    return { path, sizeBytes, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

export function tooLarge(): AppError {
  return new AppError(
    "too_large",
    `A baseline is at most ${baselineLimits.fileBytesMax / 1024 ** 3} GiB. A sample of the rows is enough.`,
  );
}

const magic = "PAR1";
const footerBytesMax = 32 * 1024 * 1024;

/** A Parquet file with nothing but its description: enough to name its columns. */
export async function readParquetStub({ path, sizeBytes }: SpooledFile): Promise<Buffer> {
  const notParquet = () =>
    new AppError(
      "invalid_request",
      "The file is not Parquet: it does not begin and end with PAR1.",
    );
  if (sizeBytes < 12) throw notParquet();
  const file = await open(path, "r");
  try {
    const tail = await readAt(file, sizeBytes - 8, 8);
    const head = await readAt(file, 0, 4);
    if (head.toString("latin1") !== magic || tail.toString("latin1", 4) !== magic)
      throw notParquet();
    const footerBytes = tail.readUInt32LE(0);
    if (footerBytes > sizeBytes - 12) throw notParquet();
    if (footerBytes > footerBytesMax)
      throw new AppError("too_large", "The description of the Parquet file is larger than 32 MiB.");
    const footer = await readAt(file, sizeBytes - 8 - footerBytes, footerBytes + 8);
    return Buffer.concat([Buffer.from(magic), footer]);
  } finally {
    await file.close();
  }
}

const headerBytesMax = 256 * 1024;

/** The names in the first line of a CSV file, and how many bytes to leave out before it. */
export async function readCsvHeader({ path, sizeBytes }: SpooledFile): Promise<string[]> {
  const file = await open(path, "r");
  try {
    const head = (await readAt(file, 0, Math.min(sizeBytes, headerBytesMax))).toString("utf8");
    const line = firstLine(head.replace(/^\uFEFF/, ""));
    if (line === null)
      throw new AppError(
        "invalid_request",
        "The first line of the CSV file is longer than 256 KiB; it must name the columns.",
      );
    return splitCsvLine(line);
  } finally {
    await file.close();
  }
}

function firstLine(text: string): string | null {
  const end = text.search(/\r?\n/);
  if (end >= 0) return text.slice(0, end);
  return text.length < headerBytesMax ? text : null;
}

function splitCsvLine(line: string): string[] {
  const cells: string[] = [];
  let rest = line;
  while (true) {
    const match = /^\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(,|$)/.exec(rest);
    if (match === null)
      throw new AppError(
        "invalid_request",
        "The first line of the CSV file has a quote that does not end.",
      );
    cells.push(match[1] === undefined ? (match[2] ?? "").trim() : match[1].replaceAll('""', '"'));
    if (match[3] !== ",") return cells;
    rest = rest.slice(match[0].length);
  }
}

async function readAt(
  file: Awaited<ReturnType<typeof open>>,
  position: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}
