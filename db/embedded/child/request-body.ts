import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import type { Readable, Transform } from "node:stream";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createZstdDecompress } from "node:zlib";
import { ClickHouseFault } from "./clickhouse-fault.ts";
import { notServed } from "./statement.ts";

/** A statement that arrives as the body, its inline data included. */
const textBytesMax = 64 * 1024 * 1024;

export async function readTextBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  await pipeline(request, decoder(request), async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > textBytesMax) throw tooLarge(textBytesMax);
      chunks.push(chunk);
    }
  }).catch(asFault);
  return Buffer.concat(chunks).toString("utf8");
}

/** Writes what the engine shall read: the data that stood in the statement, then the body. Returns false if there is none. */
export async function spoolBody(
  path: string,
  inlineData: string,
  body: Readable | undefined,
  encodingOf: IncomingMessage,
  bytesMax: number,
): Promise<number> {
  let size = 0;
  const file = createWriteStream(path, { flags: "wx", mode: 0o600, highWaterMark: 1024 * 1024 });
  try {
    if (inlineData !== "") {
      const head = body === undefined ? inlineData : `${inlineData}\n`;
      size += Buffer.byteLength(head);
      file.write(head);
    }
    if (body === undefined) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      file.on("error", reject);
      file.end(resolve);
      await promise;
      return size;
    }
    await pipeline(
      body,
      decoder(encodingOf),
      async function* count(source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          size += chunk.length;
          if (size > bytesMax) throw tooLarge(bytesMax);
          yield chunk;
        }
      },
      file,
    ).catch(asFault);
    return size;
  } catch (error) {
    file.destroy();
    await rm(path, { force: true });
    throw error;
  }
}

function decoder(request: IncomingMessage): Transform {
  const encoding = String(request.headers["content-encoding"] ?? "identity").toLowerCase();
  switch (encoding) {
    case "identity":
    case "":
      return new PassThrough();
    case "gzip":
      return createGunzip();
    case "zstd":
      return createZstdDecompress();
    case "br":
      return createBrotliDecompress();
    default:
      throw notServed(`Content-Encoding ${encoding}`);
  }
}

function tooLarge(bytesMax: number): ClickHouseFault {
  return new ClickHouseFault(62, "BODY_TOO_LARGE", `The body is larger than ${bytesMax} bytes`);
}

function asFault(error: unknown): never {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (
    code.startsWith("Z_") ||
    code.startsWith("ZSTD_") ||
    code.startsWith("ERR_BROTLI") ||
    code.startsWith("ERR__ERROR")
  ) {
    throw new ClickHouseFault(
      354,
      "ZLIB_INFLATE_FAILED",
      `The body cannot be decompressed: ${error instanceof Error ? error.message : code}`,
    );
  }
  throw error;
}
