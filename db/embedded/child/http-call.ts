import { randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ClickHouseFault } from "./clickhouse-fault.ts";
import { notServed } from "./statement.ts";

export interface HttpCall {
  queryId: string;
  /** What stood in the URL; an INSERT's data then is the body. */
  urlQuery: string | undefined;
  database: string;
  defaultFormat: string;
  settings: Map<string, string>;
  params: Map<string, string>;
  responseEncoding: "gzip" | "zstd" | undefined;
  /** Whether the client runs on this machine and would rather have a file to read than what is in it. */
  isFileWanted: boolean;
}

export interface Credentials {
  username: string;
  password: string;
}

const executionSecondsMax = 3_600;

/** Parts of the HTTP interface that are no settings of the engine. */
const notSettings = new Set([
  "query",
  "query_id",
  "database",
  "default_format",
  "user",
  "password",
  "quota_key",
  "wait_end_of_query",
  "buffer_size",
  "stacktrace",
  "client_protocol_version",
  "decompress",
  "compress",
]);

export function authenticate(request: IncomingMessage, url: URL, expected: Credentials): void {
  const given = readCredentials(request, url);
  if (given.username === expected.username && isEqual(given.password, expected.password)) return;
  throw new ClickHouseFault(
    516,
    "AUTHENTICATION_FAILED",
    `${given.username}: Authentication failed: password is incorrect, or there is no user with such name`,
  );
}

function readCredentials(request: IncomingMessage, url: URL): Credentials {
  const user = request.headers["x-clickhouse-user"];
  if (typeof user === "string") {
    return { username: user, password: String(request.headers["x-clickhouse-key"] ?? "") };
  }
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, "base64").toString("utf8");
    const colon = text.indexOf(":");
    return {
      username: colon < 0 ? text : text.slice(0, colon),
      password: colon < 0 ? "" : text.slice(colon + 1),
    };
  }
  return {
    username: url.searchParams.get("user") ?? "default",
    password: url.searchParams.get("password") ?? "",
  };
}

function isEqual(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

export function readCall(request: IncomingMessage, url: URL): HttpCall {
  const call: HttpCall = {
    queryId: url.searchParams.get("query_id") || randomUUID(),
    urlQuery: url.searchParams.get("query") ?? undefined,
    database:
      url.searchParams.get("database") ?? headerText(request, "x-clickhouse-database") ?? "default",
    defaultFormat:
      url.searchParams.get("default_format") ??
      headerText(request, "x-clickhouse-format") ??
      "TabSeparated",
    settings: new Map(),
    params: new Map(),
    responseEncoding: undefined,
    isFileWanted: headerText(request, "x-plumbline-answer") === "file",
  };
  if (!/^[A-Za-z0-9]+$/.test(call.defaultFormat))
    throw new ClickHouseFault(73, "UNKNOWN_FORMAT", "Unknown format");
  for (const [name, value] of url.searchParams) {
    if (name.startsWith("session_")) throw notServed("HTTP sessions (session_id)");
    if (name === "role") throw notServed("roles");
    if (name === "compress" || name === "decompress") {
      if (value !== "0")
        throw notServed("native compression (compress, decompress); use gzip or zstd");
      continue;
    }
    if (notSettings.has(name)) continue;
    if (name.startsWith("param_")) {
      call.params.set(parameterName(name.slice(6)), value);
    } else {
      if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
        throw new ClickHouseFault(115, "UNKNOWN_SETTING", `Unknown setting '${name}'`);
      call.settings.set(name, value);
    }
  }
  boundExecutionTime(call.settings);
  if (call.settings.get("enable_http_compression") === "1")
    call.responseEncoding = acceptedEncoding(request);
  if (/^multipart\//i.test(request.headers["content-type"] ?? ""))
    throw notServed("multipart bodies");
  return call;
}

function headerText(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}

function parameterName(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw new ClickHouseFault(36, "BAD_ARGUMENTS", `Bad query parameter name '${name}'`);
  return name;
}

/** Nothing may hold one of the few sessions for ever. */
function boundExecutionTime(settings: Map<string, string>): void {
  const asked = settings.get("max_execution_time");
  if (asked === undefined) return;
  const seconds = Number(asked);
  if (Number.isFinite(seconds) && (seconds <= 0 || seconds > executionSecondsMax)) {
    settings.set("max_execution_time", String(executionSecondsMax));
  }
}

function acceptedEncoding(request: IncomingMessage): "gzip" | "zstd" | undefined {
  const accepted = String(request.headers["accept-encoding"] ?? "");
  if (/\bgzip\b/.test(accepted)) return "gzip";
  return /\bzstd\b/.test(accepted) ? "zstd" : undefined;
}
