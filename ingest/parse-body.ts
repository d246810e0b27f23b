import { isUtf8 } from "node:buffer";
import { AppError } from "#lib/domain/errors.ts";
import { wireLimits } from "#lib/domain/limits.ts";
import type { RowProblem } from "./row-problem.ts";

export const bodyTypes = ["application/json", "application/x-ndjson"] as const;
export const bodyTypesMessage = `Content-Type must be ${bodyTypes.join(" or ")}.`;
export type BodyType = (typeof bodyTypes)[number];

/** One row as it was sent. */
export interface BodyRow {
  value: unknown;
  /** Why it could not even be read. */
  problem: RowProblem | null;
  /** The row as text, for a person who looks at refused rows. */
  text: () => string;
}

export function bodyTypeOf(contentType: string | undefined): BodyType {
  const [named, ...parameters] = (contentType ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const known = bodyTypes.find((type) => type === named);
  if (known === undefined) throw new AppError("unsupported_type", bodyTypesMessage);
  const charset = parameters
    .find((parameter) => parameter.startsWith("charset="))
    ?.slice("charset=".length)
    .replaceAll('"', "");
  if (charset !== undefined && charset !== "utf-8" && charset !== "utf8") {
    throw new AppError("unsupported_type", "Text must be in UTF-8.");
  }
  return known;
}

/** The rows of a body, one after the other. Throws where the whole body can't be read. */
export function* parseBody(body: Buffer, type: BodyType): Generator<BodyRow, void> {
  const content = withoutByteOrderMark(body);
  if (type === "application/json") yield* parseJson(content);
  else yield* parseLines(content);
}

function withoutByteOrderMark(body: Buffer): Buffer {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

function* parseJson(body: Buffer): Generator<BodyRow, void> {
  if (!isUtf8(body)) throw new AppError("invalid_request", "The body is not valid UTF-8.");
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new AppError("invalid_request", `The body is not valid JSON: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  if (typeof parsed !== "object" || parsed === null) {
    throw new AppError("invalid_request", "The body must be a JSON object, or an array of them.");
  }
  const rows: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
  if (rows.length === 0) throw emptyBody();
  if (rows.length > wireLimits.rowsPerBodyMax) throw tooManyRows();
  for (const value of rows) yield { value, problem: null, text: () => toText(value) };
}

/** Lines are judged one by one: a bad one is a bad row. Blank lines are none. */
function* parseLines(body: Buffer): Generator<BodyRow, void> {
  const lines = isUtf8(body) ? textLines(body.toString("utf8")) : byteLines(body);
  let count = 0;
  for (const line of lines) {
    if (line === null) {
      count++;
      yield { value: null, problem: badEncoding, text: () => "" };
    } else if (line.trim() !== "") {
      count++;
      yield parseLine(line);
    }
    if (count > wireLimits.rowsPerBodyMax) throw tooManyRows();
  }
  if (count === 0) throw emptyBody();
}

function parseLine(line: string): BodyRow {
  const text = () => line;
  if (line.length > wireLimits.rowBytesMax) return { value: null, problem: tooLong, text };
  try {
    return { value: JSON.parse(line), problem: null, text };
  } catch (error) {
    const message = `The line is not valid JSON: ${messageOf(error)}`;
    return { value: null, problem: { code: "invalid_json", path: "", message }, text };
  }
}

function* textLines(text: string): Generator<string, void> {
  let from = 0;
  while (from < text.length) {
    const end = text.indexOf("\n", from);
    const until = end === -1 ? text.length : end;
    yield text.slice(from, until);
    from = until + 1;
  }
}

/** Null for a line whose bytes are not UTF-8. */
function* byteLines(body: Buffer): Generator<string | null, void> {
  let from = 0;
  while (from < body.length) {
    const end = body.indexOf(0x0a, from);
    const until = end === -1 ? body.length : end;
    const line = body.subarray(from, until);
    yield isUtf8(line) ? line.toString("utf8") : null;
    from = until + 1;
  }
}

const badEncoding: RowProblem = {
  code: "invalid_encoding",
  path: "",
  message: "The line is not valid UTF-8",
};
const tooLong: RowProblem = {
  code: "too_large",
  path: "",
  message: `The row is larger than ${wireLimits.rowBytesMax} bytes`,
};

function emptyBody(): AppError {
  return new AppError("invalid_request", "The body holds no rows.");
}

function tooManyRows(): AppError {
  return new AppError("too_large", `The body holds more than ${wireLimits.rowsPerBodyMax} rows.`);
}

/** V8 quotes the source, which may be long and private: the position is enough. NaN is Python's favourite. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const at = /at position \d+/.exec(message)?.[0] ?? "it ends too early";
  const isNonFinite =
    /Unexpected token '[NI]'/.test(message) || message.includes("No number after minus sign");
  return isNonFinite ? `${at} (NaN and Infinity are sent as strings)` : at;
}

function toText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "";
  }
}
