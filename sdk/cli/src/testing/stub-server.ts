import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
}

export interface StubAnswer {
  status: number;
  body?: object;
  headers?: Record<string, string>;
  /** Answers before the body was read. */
  isEarly?: boolean;
  /** Says nothing until then. */
  until?: Promise<void>;
}

export type Route = (received: Received) => StubAnswer | "reset";

/** Routes by "METHOD /path"; a list is used up one by one, and its last one stays. */
export async function startStub(routes: Record<string, Route | Route[]>) {
  const received: Received[] = [];
  const calls = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://stub");
    const name = `${request.method} ${url.pathname}`;
    const notFound: Route = () => ({ status: 404, body: { detail: `no ${name} here` } });
    const found = routes[name] ?? notFound;
    const list = Array.isArray(found) ? found : [found];
    const call = calls.get(name) ?? 0;
    calls.set(name, call + 1);
    const route = list[Math.min(call, list.length - 1)];
    const one: Received = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: "",
    };
    const early = route?.(one);
    if (early !== "reset" && early?.isEarly) {
      write(response, early);
      return;
    }
    const raw = await readAll(request);
    one.body = (request.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw).toString();
    received.push(one);
    const answer = route?.(one) ?? { status: 500 };
    if (answer === "reset") request.socket.resetAndDestroy();
    else {
      await answer.until;
      write(response, answer);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function write(response: ServerResponse, { status, body = {}, headers = {} }: StubAnswer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
