import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";

export interface Received {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** What a receiver does: it answers, never answers, or closes the connection when everything was read. */
export type Reply =
  | { status: number; body?: string; headers?: Record<string, string> }
  | "hang"
  | "reset";

export interface FakeReceiver {
  url: string;
  /** What came and no test has taken yet, in order. */
  received: Received[];
  /** What came, and is expected: it leaves the list. */
  take(): Received[];
  /** What it does from now on. */
  reply(next: (received: Received) => Reply): void;
  close(): Promise<void>;
}

/** A receiver outside. A suite closes it after asserting that nothing is left that no test expected. */
export async function startFakeReceiver(
  usual: (received: Received) => Reply = () => ({ status: 204 }),
): Promise<FakeReceiver> {
  let decide = usual;
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const got = await read(request);
    received.push(got);
    answer(response, decide(got));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    take: () => received.splice(0),
    reply(next) {
      decide = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

function answer(response: ServerResponse, reply: Reply): void {
  if (reply === "hang") return;
  if (reply === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status, reply.headers ?? {});
  response.end(reply.body ?? "");
}
