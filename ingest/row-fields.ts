import { wireLimits } from "#lib/domain/limits.ts";
import type { EncodedName, NameCache } from "./name-cache.ts";
import { parseTimestamp, timestampMsMax, timestampMsMin } from "./parse-timestamp.ts";
import type { RowProblem } from "./row-problem.ts";
import { malformedText, nameProblem, problem, timestampProblem, wrongType } from "./row-problem.ts";

/** One row as JSON.parse left it. `null` in an optional field means that it is absent. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function unknownField(
  row: JsonObject,
  known: ReadonlySet<string>,
  parent: string,
): RowProblem | null {
  for (const key in row) {
    if (!known.has(key))
      return problem("unknown_field", parent + key, "is not a field of the contract");
  }
  return null;
}

/** A name that may be left out; the fallback is encoded like any other. */
export function readName(
  row: JsonObject,
  field: string,
  names: NameCache,
  fallback: string | null,
): EncodedName | RowProblem {
  const value = row[field] ?? fallback;
  if (value === null) return problem("missing_field", field, "is missing");
  if (typeof value !== "string") return wrongType(field, "a string", value);
  const name = names.get(value);
  return typeof name === "string" ? nameProblem(field, name) : name;
}

/** An identifier the client chose: at most 128 bytes; "" when absent. */
export function readId(row: JsonObject, field: string): string | RowProblem {
  const value = row[field];
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return wrongType(field, "a string", value);
  if (value === "") return problem("invalid_value", field, "must not be empty");
  return textProblem(field, value, wireLimits.predictionIdBytesMax) ?? value;
}

export function readRequiredId(row: JsonObject, field: string): string | RowProblem {
  const id = readId(row, field);
  return id === "" ? problem("missing_field", field, "is missing") : id;
}

export function textProblem(path: string, value: string, bytesMax: number): RowProblem | null {
  if (value.length * 3 > bytesMax && Buffer.byteLength(value) > bytesMax) {
    return problem("too_long", path, `is longer than ${bytesMax} bytes`);
  }
  return value.isWellFormed() ? null : malformedText(path);
}

/** A finite number of at least `minimum`; null when absent. */
export function readNumber(
  row: JsonObject,
  field: string,
  minimum: number,
): number | null | RowProblem {
  const value = row[field];
  if (value === undefined || value === null) return null;
  if (typeof value !== "number") return wrongType(field, "a number", value);
  if (!Number.isFinite(value))
    return problem("invalid_value", field, "is too large for a 64-bit float");
  if (value < minimum) return problem("invalid_value", field, `must be at least ${minimum}`);
  return value;
}

/** A time that any row may carry: inside what the store can hold. */
export function readStoredTime(path: string, value: unknown): number | RowProblem {
  const time = parseTimestamp(value);
  if (typeof time === "string") return timestampProblem(path, time);
  if (time < timestampMsMin || time > timestampMsMax) {
    return problem("invalid_value", path, "is outside 1970 to 2106");
  }
  return time;
}

/** The time that a row stands at: not expired, and not further ahead than clocks differ. */
export function readEventTime(
  path: string,
  value: unknown,
  nowMs: number,
  retentionDays: number | null,
): number | RowProblem {
  const time = parseTimestamp(value);
  if (typeof time === "string") return timestampProblem(path, time);
  if (time > nowMs + wireLimits.futureMsMax) {
    return problem(
      "in_the_future",
      path,
      `is more than ${wireLimits.futureMsMax / 60_000} minutes ahead of the server's clock`,
    );
  }
  const oldest =
    retentionDays === null
      ? timestampMsMin
      : Math.max(timestampMsMin, nowMs - retentionDays * 86_400_000);
  if (time >= oldest) return time;
  const bound =
    retentionDays === null || oldest === timestampMsMin
      ? "1970"
      : `the ${retentionDays} days that raw rows are kept`;
  return problem("too_old", path, `lies before ${bound}`);
}

export function isRowProblem(value: unknown): value is RowProblem {
  return typeof value === "object" && value !== null && "message" in value;
}
