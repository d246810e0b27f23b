import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

/** Safe: both are the platform's web stream, declared once by the DOM and once by Node. */
export function toNodeStream(body: NonNullable<Request["body"]>): Readable {
  return Readable.fromWeb(body as ReadableStream);
}

export function toWebStream(body: Readable): BodyInit {
  // Safe for the same reason.
  return Readable.toWeb(body) as BodyInit;
}
