import type { Rejection, Trouble } from "./stats.ts";

export interface PlumblineOptions {
  /** PLUMBLINE_API_KEY, when it is not given. Without a key the client is disabled, and says so once. */
  apiKey?: string;
  /** PLUMBLINE_URL, when it is not given, and http://localhost:3000 after that. */
  url?: string;
  model?: string;
  version?: string;
  environment?: string;
  /** What may wait in memory; when it is full, new rows are dropped. `bufferBytes` counts characters. */
  bufferRows?: number;
  bufferBytes?: number;
  flushIntervalMs?: number;
  requestTimeoutMs?: number;
  /** How long a batch is tried again while the server is away. */
  retryMs?: number;
  /** How long the end of the process may be held up. */
  exitTimeoutMs?: number;
  /** Called for each row that the server refused. */
  onRejected?: (rejection: Rejection) => void;
  /** Called, once a minute for each kind, with what went wrong. Without it Node prints a warning. */
  onError?: (trouble: Trouble) => void;
  fetch?: typeof globalThis.fetch;
}

export type Settings = Required<
  Pick<
    PlumblineOptions,
    | "url"
    | "environment"
    | "bufferRows"
    | "bufferBytes"
    | "flushIntervalMs"
    | "requestTimeoutMs"
    | "retryMs"
    | "exitTimeoutMs"
    | "fetch"
  >
> &
  Pick<PlumblineOptions, "apiKey" | "model" | "version" | "onRejected">;

export function resolveOptions(
  options: PlumblineOptions,
  env: Record<string, string | undefined>,
): Settings {
  return {
    apiKey: (options.apiKey ?? env.PLUMBLINE_API_KEY)?.trim() || undefined,
    url: (options.url || env.PLUMBLINE_URL || "http://localhost:3000").replace(/\/+$/, ""),
    model: options.model,
    version: options.version,
    environment: options.environment ?? "production",
    bufferRows: options.bufferRows ?? 100_000,
    bufferBytes: options.bufferBytes ?? 64 * 1024 * 1024,
    flushIntervalMs: options.flushIntervalMs ?? 500,
    requestTimeoutMs: options.requestTimeoutMs ?? 10_000,
    retryMs: options.retryMs ?? 15 * 60_000,
    exitTimeoutMs: options.exitTimeoutMs ?? 5_000,
    onRejected: options.onRejected,
    fetch: options.fetch ?? globalThis.fetch,
  };
}
