import { Failure } from "./failure.ts";

export interface Reply {
  status: number;
  retryAfter: string | undefined;
  text: string;
}

export function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

/** A refusal in the server's own words: the problem's detail, and a line for each thing that is wrong. */
export function toFailure(reply: Reply, what: string): Failure {
  const problem = parseObject(reply.text);
  const said = problem.detail ?? problem.title ?? reply.text.slice(0, 300).trim();
  const details = Array.isArray(problem.details) ? problem.details : problem.errors;
  const lines = Array.isArray(details) ? details.map(describeDetail) : [];
  const hint = hintFor(reply.status);
  const message = [
    `${what}: ${String(said) || "no reason given"} (${reply.status})`,
    ...lines,
    ...hint,
  ];
  return new Failure(reply.status >= 500 || reply.status === 429 ? 3 : 1, message.join("\n  "));
}

function describeDetail(detail: unknown): string {
  const { path, message, expected, received, column, row } =
    typeof detail === "object" && detail !== null ? (detail as Record<string, unknown>) : {};
  const place = [
    column !== undefined && `column ${JSON.stringify(column)}`,
    row !== undefined && `row ${String(row)}`,
    column === undefined && row === undefined && path !== undefined && String(path),
  ].filter((part) => part !== false);
  const expectation = [
    expected !== undefined && `expected ${String(expected)}`,
    received !== undefined && `received ${String(received)}`,
  ].filter((part) => part !== false);
  const tail = expectation.length > 0 ? ` (${expectation.join(", ")})` : "";
  return `${place.length > 0 ? `${place.join(", ")}: ` : ""}${String(message ?? "")}${tail}`;
}

function hintFor(status: number): string[] {
  if (status === 401) return ["Check --key, or PLUMBLINE_API_KEY."];
  if (status === 403)
    return ["The key lacks the scope for this; make another in the settings of the console."];
  if (status === 404) return ["Check --url, or PLUMBLINE_URL."];
  return [];
}
