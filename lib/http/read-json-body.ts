import { AppError } from "#lib/domain/errors.ts";

/** Every body of the management API is a form that a person filled in, or a script in a person's stead. */
const bodyBytesMax = 1024 * 1024;

/** The body as an object; an empty body is an empty object. */
export async function readJsonBody(request: Request): Promise<Record<string, unknown>> {
  const bytes = await readBounded(request);
  if (bytes.length === 0) return {};
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new AppError("unsupported_type", "Send the body as content-type application/json.");
  }
  return parseObject(bytes);
}

async function readBounded(request: Request): Promise<Buffer> {
  const tooLarge = () => new AppError("too_large", `A body has at most ${bodyBytesMax} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > bodyBytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > bodyBytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseObject(bytes: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : "it is not UTF-8";
    throw new AppError("invalid_request", `The body can't be read as JSON: ${reason}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AppError("invalid_request", "The body is a JSON object.");
  }
  return { ...value };
}
