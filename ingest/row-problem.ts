import { wireLimits } from "#lib/domain/limits.ts";
import type { RowErrorCode } from "#lib/domain/wire.ts";
import type { NameProblem } from "./name-cache.ts";
import type { TimestampProblem } from "./parse-timestamp.ts";
import { timestampProblems } from "./parse-timestamp.ts";

/** Why a row was refused; the message is for the person who sent it. */
export interface RowProblem {
  code: RowErrorCode;
  path: string;
  message: string;
}

const pathCharactersMax = 200;

export function problem(code: RowErrorCode, path: string, message: string): RowProblem {
  const shown = shortened(path).toWellFormed();
  return { code, path: shown, message: shown === "" ? message : `${shown} ${message}` };
}

/** A scalar was due. An object or array in its place is judged by its depth first: it may be an attack. */
export function wrongType(path: string, expected: string, value: unknown): RowProblem {
  if (isDeeperThan(value, wireLimits.depthMax)) {
    return problem("too_deep", path, `is nested deeper than ${wireLimits.depthMax} levels`);
  }
  return problem("wrong_type", path, `must be ${expected}, got ${kindOf(value)}`);
}

export function nameProblem(path: string, reason: NameProblem): RowProblem {
  switch (reason) {
    case "empty":
      return problem("invalid_value", path, "must not be empty");
    case "too_long":
      return problem("too_long", path, `is longer than ${wireLimits.nameBytesMax} bytes`);
    case "control":
      return problem("invalid_value", path, "holds control characters");
    case "malformed":
      return malformedText(path);
  }
}

export function rowTooLarge(): RowProblem {
  return problem("too_large", "", `The row is larger than ${wireLimits.rowBytesMax} bytes`);
}

export function malformedText(path: string): RowProblem {
  return problem(
    "invalid_encoding",
    path,
    "holds half of a surrogate pair, which UTF-8 has no form for",
  );
}

export function timestampProblem(path: string, reason: TimestampProblem): RowProblem {
  const code = reason === "type" ? "wrong_type" : "invalid_value";
  return problem(code, path, timestampProblems[reason]);
}

function shortened(path: string): string {
  return path.length > pathCharactersMax ? `${path.slice(0, pathCharactersMax)}…` : path;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return typeof value === "undefined" ? "nothing" : `a ${typeof value}`;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const child of Object.values(value)) {
    if (isDeeperThan(child, levels - 1)) return true;
  }
  return false;
}
