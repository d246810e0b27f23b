import { AppError } from "#lib/domain/errors.ts";

/** All of a body, refused as soon as it is known to be longer than it may be. */
export async function readBounded(request: Request, bytesMax: number): Promise<Buffer> {
  const tooLarge = () => new AppError("too_large", `A body has at most ${bytesMax} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > bytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
