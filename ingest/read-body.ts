import type { IncomingMessage } from "node:http";
import type { Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { AppError } from "#lib/domain/errors.ts";
import { wireLimits } from "#lib/domain/limits.ts";
import type { BufferPool } from "./buffer-pool.ts";
import type { Lease } from "./in-flight.ts";

const encodings = ["identity", "gzip", "zstd"] as const;
type Encoding = (typeof encodings)[number];
const decompressChunkBytes = 256 * 1024;
/** A body that is refused for its size is read on and thrown away up to this, so that the client can read the answer. */
const discardedBytesMax = 128 * 1024 * 1024;

/** The whole body, decompressed. Every limit holds while reading, so that nothing larger is ever held. It may come from the
 *  pool: whoever has read it gives it back. */
export async function readBody(
  request: IncomingMessage,
  lease: Lease,
  pool: BufferPool,
): Promise<Buffer> {
  const encoding = encodingOf(request.headers["content-encoding"]);
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > wireLimits.bodyBytesMax) {
    await discard(request);
    throw bodyTooLarge();
  }
  const sent = await collect(request, lease, pool);
  if (encoding === "identity") return sent;
  try {
    return await decompress(
      encoding === "gzip" ? gunzip() : createZstdDecompress({ chunkSize: decompressChunkBytes }),
      sent,
      lease,
    );
  } finally {
    pool.give(sent);
  }
}

function gunzip(): Transform {
  return createGunzip({ chunkSize: decompressChunkBytes });
}

function encodingOf(header: string | undefined): Encoding {
  const named = (header ?? "identity").trim().toLowerCase();
  const known = encodings.find((encoding) => encoding === named);
  if (known === undefined) {
    throw new AppError(
      "unsupported_type",
      `Content-Encoding must be one of ${encodings.join(", ")}.`,
    );
  }
  return known;
}

async function collect(request: IncomingMessage, lease: Lease, pool: BufferPool): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const end = Promise.withResolvers<void>();
  const onData = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > wireLimits.bodyBytesMax) {
      end.reject(bodyTooLarge());
      return;
    }
    try {
      lease.add(chunk.length);
      chunks.push(chunk);
    } catch (error) {
      end.reject(error);
    }
  };
  request.on("data", onData);
  request.on("end", end.resolve);
  request.on("error", end.reject);
  request.on("close", () =>
    end.reject(new AppError("invalid_request", "The body ended before it was complete.")),
  );
  try {
    await end.promise;
  } catch (error) {
    request.off("data", onData);
    if (!request.destroyed) await discard(request);
    throw error;
  }
  if (chunks.length === 1) return chunks[0] ?? Buffer.alloc(0);
  const body = pool.take(bytes);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

async function decompress(stream: Transform, sent: Buffer, lease: Lease): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.end(sent);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > wireLimits.decompressedBytesMax) {
        throw new AppError(
          "too_large",
          `The body decompresses to more than ${wireLimits.decompressedBytesMax} bytes.`,
        );
      }
      lease.add(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      "invalid_request",
      "The body can't be decompressed: it is damaged or cut off.",
      { cause: error },
    );
  } finally {
    stream.destroy();
  }
  return Buffer.concat(chunks);
}

function bodyTooLarge(): AppError {
  return new AppError("too_large", `The body is larger than ${wireLimits.bodyBytesMax} bytes.`);
}

/** Reads on without keeping anything, until the end or the bound. */
function discard(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > discardedBytesMax) resolve();
    });
    request.on("close", resolve);
    request.on("end", resolve);
    request.resume();
  });
}
