import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import Fastify from "fastify";
import { AppError } from "#lib/domain/errors.ts";
import { toProblem } from "#lib/http/to-problem.ts";
import type { Authenticator } from "./authenticate.ts";
import { BufferPool } from "./buffer-pool.ts";
import type { Health } from "./health.ts";
import type { InFlight } from "./in-flight.ts";
import type { IngestMetrics } from "./metrics.ts";
import { bodyTypeOf, bodyTypesMessage } from "./parse-body.ts";
import { readBody } from "./read-body.ts";
import type { Endpoint, Received, Receiver } from "./receive.ts";
import { endpoints } from "./receive.ts";
import type { BatchSealer } from "./seal-batches.ts";

export interface ServerOptions {
  authenticator: Authenticator;
  receiver: Receiver;
  sealer: BatchSealer;
  inFlight: InFlight;
  metrics: IngestMetrics;
  health: () => Health;
  /** Refuses a body before it is read, when the log could not take it. */
  assertRoom: () => void;
  onError: (error: unknown, requestId: string) => void;
  mintRequestId: () => string;
  storedTimeoutMs?: number;
  /** How long the body of a request may take, at every door but that of a baseline's file. */
  bodyTimeoutMs?: number;
}

const storedTimeoutMsDefault = 30_000;
const headersTimeoutMs = 60_000;
const bodyTimeoutMsDefault = 60_000;
/** The server knows one limit for all doors: that of a file of 2 GiB, which 1.2 MB/s meets. The others have their own. */
const requestTimeoutMs = 30 * 60_000;
const fileDoor = "/v1/baselines";
const requestTimeoutAnswer = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n";

const bodies = new BufferPool({ bytesMax: 4 * 1024 ** 2, countMax: 8 });

/** The data plane's doors. Whatever is not 202 has stored nothing of the body. */
export function createServer(options: ServerOptions): FastifyInstance {
  const server = Fastify({
    logger: false,
    genReqId: options.mintRequestId,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: headersTimeoutMs },
    keepAliveTimeout: 72_000,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    return503OnClosing: true,
    forceCloseConnections: "idle",
  });
  server.addHook("onRequest", (request, reply, done) => {
    const isFile = request.method === "POST" && request.routeOptions.url === fileDoor;
    if (!isFile) boundBody(request, reply, options.bodyTimeoutMs ?? bodyTimeoutMsDefault);
    done();
  });
  // The body is read by readBody, with limits of its own.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _payload, done) => done(null));
  server.setErrorHandler((error, request, reply) => answerError(options, error, request, reply));
  server.setNotFoundHandler((request, reply) => {
    const missing = new AppError(
      "not_found",
      `There is no ${request.method} ${request.url.split("?")[0]} here.`,
    );
    return answerError(options, missing, request, reply);
  });
  for (const endpoint of endpoints) {
    server.post(`/v1/${endpoint}`, (request, reply) => accept(options, endpoint, request, reply));
  }
  server.get("/healthz", async () => ({ status: "alive" }));
  server.get("/readyz", async (_request, reply) => {
    const health = options.health();
    return reply
      .status(health.isReady ? 200 : 503)
      .send({ ready: health.isReady, notes: health.notes });
  });
  server.get("/metrics", async (_request, reply) => {
    const { registry } = options.metrics;
    return reply.type(registry.contentType).send(await registry.metrics());
  });
  return server;
}

/** As the server does with a request that is late: whoever sends byte by byte holds no connection. */
function boundBody({ raw }: FastifyRequest, reply: FastifyReply, timeoutMs: number): void {
  const timer = setTimeout(() => {
    if (raw.complete) return;
    if (!reply.raw.headersSent) raw.socket.write(requestTimeoutAnswer);
    raw.destroy();
  }, timeoutMs);
  raw.once("close", () => clearTimeout(timer));
}

async function accept(
  options: ServerOptions,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { authenticator, receiver, inFlight, metrics } = options;
  const startedMs = performance.now();
  const caller = await authenticator.authenticate(request.headers.authorization, "ingest");
  const type = bodyTypeOf(request.headers["content-type"]);
  const waitsForStore = readAck(request.query);
  options.assertRoom();
  const lease = inFlight.lease(caller.workspace.workspaceId);
  try {
    const body = await readBody(request.raw, lease, bodies);
    const received = await receiver
      .receive(endpoint, body, type, caller)
      .finally(() => bodies.give(body));
    const answer = JSON.stringify(
      waitsForStore ? await whenStored(options, received) : received.answer,
    );
    const status = received.answer.accepted > 0 ? 202 : 422;
    metrics.requests.inc({ endpoint, status });
    metrics.ackSeconds.observe((performance.now() - startedMs) / 1000);
    reply.raw.once("finish", received.answered);
    return await reply.status(status).type("application/json; charset=utf-8").send(answer);
  } finally {
    lease.release();
  }
}

function readAck(query: unknown): boolean {
  const entries = Object.entries(query as Record<string, unknown>);
  for (const [name, value] of entries) {
    if (name !== "ack")
      throw new AppError("invalid_request", `There is no query parameter ${name}; only ack.`);
    if (value !== "disk" && value !== "stored")
      throw new AppError("invalid_request", "ack must be disk or stored.");
  }
  return entries.some(([, value]) => value === "stored");
}

/** The rows are on the disk and will be stored: after the timeout the answer says that it could not wait for it. */
async function whenStored(options: ServerOptions, { answer, stored }: Received) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), options.storedTimeoutMs ?? storedTimeoutMsDefault);
  });
  void options.sealer.flush();
  const isStored = await Promise.race([stored.then(() => true).catch(() => false), late]);
  clearTimeout(timer);
  return { ...answer, stored: isStored };
}

function answerError(
  options: ServerOptions,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const { status, headers, problem } = toProblem(fromFastify(error), request.id);
  if (status === 500) options.onError(error, request.id);
  options.metrics.requests.inc({ endpoint: endpointOf(request), status });
  // What is left of the body was not read: the connection can't be used for another request.
  if (!request.raw.complete) reply.header("connection", "close");
  return reply
    .status(status)
    .headers(headers)
    .send(Buffer.from(JSON.stringify(problem)));
}

function endpointOf(request: FastifyRequest): string {
  return request.routeOptions.url?.replace("/v1/", "") ?? "unknown";
}

/** Fastify's own refusals (a malformed URL, a header too large) are the request's fault. */
function fromFastify(error: unknown): unknown {
  const status =
    typeof error === "object" && error !== null && "statusCode" in error
      ? error.statusCode
      : undefined;
  if (status === 415) return new AppError("unsupported_type", bodyTypesMessage, { cause: error });
  const isRequestFault = typeof status === "number" && status >= 400 && status < 500;
  return isRequestFault
    ? new AppError("invalid_request", "The request can't be read.", { cause: error })
    : error;
}
