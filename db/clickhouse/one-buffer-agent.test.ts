import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { OneBufferAgent } from "./one-buffer-agent.ts";

let server: Server | undefined;
const agent = new OneBufferAgent({ keepAlive: true, maxSockets: 1 });

afterEach(async () => {
  agent.destroy();
  server?.closeAllConnections();
  if (server !== undefined) await new Promise((resolve) => server?.close(resolve));
});

async function listen(answer: (response: ServerResponse) => void): Promise<number> {
  server = createServer((_, response) => answer(response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function ask(port: number): Promise<IncomingMessage> {
  const [answer] = await once(get({ host: "127.0.0.1", port, agent }), "response");
  return answer;
}

/** More than a buffer, and so no two stretches of it are alike. */
const body = Buffer.from(Uint32Array.from({ length: 300_000 }, (_, i) => i).buffer);

describe("an answer that is longer than the buffer", () => {
  test("is whole, though all its chunks are held until its end", async () => {
    const port = await listen((response) => response.end(body));
    for (let turn = 0; turn < 3; turn += 1) {
      const chunks: Buffer[] = [];
      for await (const chunk of await ask(port)) chunks.push(chunk);
      expect(chunks.length).toBeGreaterThan(1);
      expect(Buffer.concat(chunks).equals(body)).toBe(true);
    }
  });

  test("is whole in chunks of its sender's, read slowly", async () => {
    const port = await listen((response) => {
      for (let at = 0; at < body.length; at += 10_007)
        response.write(body.subarray(at, at + 10_007));
      response.end();
    });
    const chunks: Buffer[] = [];
    for await (const chunk of await ask(port)) {
      chunks.push(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(Buffer.concat(chunks).equals(body)).toBe(true);
  });

  test("fails where the connection is cut", async () => {
    let cut = () => {};
    const port = await listen((response) => {
      response.write(body.subarray(0, 200_000));
      cut = () => response.destroy();
    });
    const answer = await ask(port);
    cut();
    await expect(answer.toArray()).rejects.toThrow("aborted");
  });
});

test("one connection serves one question after the other", async () => {
  let connections = 0;
  const port = await listen((response) => response.end(body));
  server?.on("connection", () => {
    connections += 1;
  });
  for (let turn = 0; turn < 3; turn += 1) await (await ask(port)).toArray();
  expect(connections).toBe(1);
});
