import { AppError } from "#lib/domain/errors.ts";
import { readBounded } from "./read-bounded.ts";

/** Every body of the management API is a form that a person filled in, or a script in a person's stead. */
const bodyBytesMax = 1024 * 1024;

/** The body as an object; an empty body is an empty object. */
export async function readJsonBody(request: Request): Promise<Record<string, unknown>> {
  const bytes = await readBounded(request, bodyBytesMax);
  if (bytes.length === 0) return {};
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new AppError("unsupported_type", "Send the body as content-type application/json.");
  }
  return parseObject(bytes);
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
