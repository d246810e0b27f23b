import { encode } from "next-auth/jwt";
import { inject } from "vitest";
import { getRuntime } from "#lib/runtime.ts";
import type { RouteContext } from "../handle.ts";

export const origin = "http://localhost:3000";
const secret = "a secret of at least 32 characters";

/** The web process's runtime on the test's stores. */
export function startWeb(overrides: Record<string, string> = {}) {
  process.env.DATABASE_URL = inject("databaseUrl");
  process.env.CLICKHOUSE_URL = inject("clickhouseUrl");
  process.env.PLUMBLINE_SECRET = secret;
  process.env.PLUMBLINE_URL = origin;
  process.env.PLUMBLINE_LOG_LEVEL = "fatal";
  Object.assign(process.env, overrides);
  return getRuntime();
}

export async function cookieOf(userId: string): Promise<string> {
  return `next-auth.session-token=${await encode({ token: { sub: userId }, secret })}`;
}

export interface Ask {
  method?: string;
  path?: string;
  query?: Record<string, string>;
  params?: Record<string, string>;
  cookie?: string;
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

type Handler = (request: Request, context: RouteContext) => Promise<Response>;

/** Calls a route handler as Next does, from our own page unless `headers` say otherwise. */
export async function ask(handler: Handler, wanted: Ask = {}) {
  const { method = "GET", query = {}, params = {}, cookie, key, body } = wanted;
  const request = new Request(`${origin}${wanted.path ?? "/api"}?${new URLSearchParams(query)}`, {
    method,
    headers: {
      ...(cookie === undefined ? {} : { cookie, "sec-fetch-site": "same-origin" }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...wanted.headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
