import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GET, POST } from "#app/v1/[...path]/route.ts";
import type { Runtime } from "#lib/runtime.ts";
import { origin, startWeb } from "./testing/web.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let runtime: Runtime;
let server: Server;
let answer: Answer = (_, response) => response.end();
const context = { params: Promise.resolve({}) };

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const { port } = server.address() as AddressInfo;
  runtime = startWeb({ PLUMBLINE_INGEST_URL: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await runtime.close();
});

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  POST(
    new Request(`${origin}/v1/a%2Fb?ack=stored`, {
      method: "POST",
      body,
      headers,
      ...{ duplex: "half" },
    }),
    context,
  );

test("path, query, headers and bytes go on as they came, but for what belongs to one hop and the cookie", async () => {
  let seen: IncomingMessage | undefined;
  const bytes: Buffer[] = [];
  answer = async (request, response) => {
    seen = request;
    for await (const chunk of request) bytes.push(chunk);
    response.writeHead(202, { "content-type": "application/json", "retry-after": "3", "x-a": "b" });
    response.end('{"accepted":1}');
  };
  const gzipped = new Uint8Array([0x1f, 0x8b, 0, 255]);
  const answered = await post(gzipped, {
    authorization: "Bearer pl_x",
    "content-encoding": "gzip",
    "content-type": "application/x-ndjson",
    cookie: "next-auth.session-token=secret",
  });
  expect(answered.status).toBe(202);
  expect(answered.headers.get("retry-after")).toBe("3");
  expect(answered.headers.get("x-a")).toBe("b");
  expect(await answered.json()).toEqual({ accepted: 1 });
  expect(seen?.url).toBe("/v1/a%2Fb?ack=stored");
  expect(seen?.headers).toMatchObject({
    authorization: "Bearer pl_x",
    "content-encoding": "gzip",
    "content-type": "application/x-ndjson",
    "x-request-id": expect.any(String),
  });
  expect(seen?.headers.cookie).toBeUndefined();
  expect(Buffer.concat(bytes)).toEqual(Buffer.from(gzipped));
});

test("the first bytes arrive while the last are not sent yet, in both directions", async () => {
  answer = (request, response) => {
    response.writeHead(200);
    request.on("data", (chunk) => response.write(chunk));
    request.on("end", () => response.end());
  };
  let upload: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      upload = controller;
    },
  });
  const pending = post(body);
  upload?.enqueue(new TextEncoder().encode("one"));
  const answered = await pending;
  const reader = answered.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("one");
  upload?.enqueue(new TextEncoder().encode("two"));
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("two");
  upload?.close();
  expect((await reader?.read())?.done).toBe(true);
});

test("an answer that comes before the end of the body is passed on", async () => {
  answer = (_, response) => response.writeHead(413).end("{}");
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
  });
  expect((await post(endless)).status).toBe(413);
});

test("while ingest is away the answer is 503 with a wait, as a problem", async () => {
  answer = (request) => request.socket.destroy();
  const request = new Request(`${origin}/v1/predictions`);
  const answered = await GET(request, context);
  expect(answered.status).toBe(503);
  expect(answered.headers.get("retry-after")).toBe("5");
  expect(await answered.json()).toMatchObject({ code: "unavailable" });
});
