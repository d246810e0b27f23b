import type { Server } from "./api-client.ts";
import { Failure } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

export const serverOptions = { url: { type: "string" }, key: { type: "string" } } as const;

export function resolveServer(
  values: { url?: string | undefined; key?: string | undefined },
  { env }: Terminal,
): Server {
  const key = (values.key ?? env.PLUMBLINE_API_KEY)?.trim();
  if (!key) throw new Failure(2, "no key: give --key, or set PLUMBLINE_API_KEY");
  const url = (values.url || env.PLUMBLINE_URL || "http://localhost:3000").replace(/\/+$/, "");
  if (!/^https?:\/\/[^/]/.test(url)) throw new Failure(2, `--url ${url} is no http or https URL`);
  return { url, key };
}
