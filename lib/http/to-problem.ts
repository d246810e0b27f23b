import { z } from "zod";
import type { Problem } from "#lib/api/request.ts";
import type { ErrorCode, ErrorDetail } from "#lib/domain/errors.ts";
import { AppError } from "#lib/domain/errors.ts";

const statusOf = {
  invalid_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_large: 413,
  unsupported_type: 415,
  limit_exceeded: 429,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<ErrorCode, number>;

const titleOf = {
  invalid_request: "The request is not valid",
  unauthorized: "Not signed in",
  forbidden: "Not allowed",
  not_found: "Not found",
  conflict: "In conflict with what is there",
  stale: "Changed by somebody else meanwhile",
  too_large: "Too large",
  unsupported_type: "Unsupported type",
  limit_exceeded: "Too many",
  internal: "Something went wrong here",
  unavailable: "Not available just now",
} as const satisfies Record<ErrorCode, string>;

/** Past these a list of mistakes helps nobody. */
const detailsMax = 50;

export interface ProblemAnswer {
  status: number;
  headers: Record<string, string>;
  problem: Problem;
  /** Belongs in the log, beside the request's id: all of what nobody foresaw, and what led to the rest. */
  cause?: unknown;
}

/** Any failure as RFC 9457 says it. What was not foreseen keeps its message to itself. */
export function toProblem(error: unknown, requestId: string): ProblemAnswer {
  const foreseen = foresee(error);
  const code = foreseen?.code ?? "internal";
  const status = statusOf[code];
  const retryAfterSeconds = foreseen?.retryAfterSeconds;
  return {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      "x-request-id": requestId,
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
      ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }),
    },
    problem: {
      type: "about:blank",
      title: titleOf[code],
      status,
      code,
      detail: foreseen?.message ?? `This is our mistake. Quote ${requestId} when you report it.`,
      requestId,
      ...(foreseen === null || foreseen.details.length === 0
        ? {}
        : { errors: foreseen.details.slice(0, detailsMax) }),
    },
    ...(foreseen === null ? { cause: error } : {}),
    ...(foreseen?.cause === undefined ? {} : { cause: foreseen.cause }),
  };
}

function foresee(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (error instanceof z.core.$ZodError) {
    const details = error.issues.map(toDetail);
    const first = details[0];
    const where =
      first === undefined ? "" : `: ${first.path === "" ? "" : `${first.path} `}${first.message}`;
    return new AppError("invalid_request", `The request does not fit its schema${where}.`, {
      details,
    });
  }
  return isStoreAway(error)
    ? new AppError("unavailable", "A store does not answer just now; nothing is lost. Try again.", {
        retryAfterSeconds: 5,
        cause: error,
      })
    : null;
}

/** A connection that failed, Postgres shutting down or starting, a query that either store cut off for its time or memory. */
const awayCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "57014",
  "57P01",
  "57P02",
  "57P03",
  "159",
  "202",
  "241",
]);

/** The drivers' errors arrive wrapped in those of what uses them. */
function isStoreAway(error: unknown): boolean {
  for (
    let link = error, depth = 0;
    link instanceof Error && depth < 5;
    link = link.cause, depth++
  ) {
    if ("code" in link && awayCodes.has(String(link.code))) return true;
  }
  return false;
}

function toDetail(issue: z.core.$ZodIssue): ErrorDetail {
  return {
    path: issue.path.map(String).join("."),
    message: issue.message,
    ...("expected" in issue && typeof issue.expected === "string"
      ? { expected: issue.expected }
      : {}),
    ...(issue.code === "invalid_type" && "input" in issue
      ? { received: typeName(issue.input) }
      : {}),
  };
}

/** A value's type in JSON's words; never the value itself, which may be a secret. */
function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}
