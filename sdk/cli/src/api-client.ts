import type { IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "./failure.ts";
import type { Reply } from "./problem.ts";
import { toFailure } from "./problem.ts";

export interface Server {
  url: string;
  key: string;
}

export interface Call {
  method: "GET" | "POST";
  path: string;
  headers?: Record<string, string | number>;
  body?: Buffer;
  /** Streamed once: a call with it is never repeated. */
  stream?: Readable;
  attemptsMax?: number;
  /** How long the server may be silent; a minute where it is left out. */
  idleTimeoutMs?: number;
  /** The same from when all is sent until the answer; as long as before that where it is left out. */
  answerTimeoutMs?: number;
  /** All is sent, and the answer is waited for. */
  onSent?: () => void;
}

/** Without a byte moving for so long, in either direction, the server is taken for gone. */
const idleTimeoutMs = 60_000;
const keepAliveMs = 30_000;
const answerBytesMax = 64 * 1024 * 1024;
/** A person is waiting; a batch job may ask for more. */
const attemptsMaxDefault = 3;
const backoffMsMax = 30_000;
const retryAfterMsMax = 300_000;
const awayStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** One call, repeated while the server is away and the call can be. Resolves to any other answer, good or bad. */
export async function callServer(
  server: Server,
  call: Call,
  onRetry: (reason: string) => void = () => {},
): Promise<Reply> {
  const { attemptsMax = attemptsMaxDefault } = call;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await attemptCall(server, call);
    const isAway = outcome instanceof Failure || awayStatuses.has(outcome.status);
    if (!isAway) return outcome;
    if (call.stream || attempt >= attemptsMax) {
      if (outcome instanceof Failure) throw outcome;
      return outcome;
    }
    const retryAfter = outcome instanceof Failure ? undefined : outcome.retryAfter;
    const delayMs = retryDelayMs(attempt, retryAfter);
    onRetry(outcome instanceof Failure ? outcome.message : `the server answered ${outcome.status}`);
    await sleep(delayMs);
  }
}

/** The answer's JSON where the status is as expected; a Failure in the server's words where it is not. */
export function expectStatus(reply: Reply, status: number, what: string): Record<string, unknown> {
  if (reply.status !== status) throw toFailure(reply, what);
  try {
    return JSON.parse(reply.text) as Record<string, unknown>;
  } catch {
    throw new Failure(1, `${what}: the answer is not JSON; is this URL a Plumbline?`);
  }
}

function retryDelayMs(attempt: number, retryAfter: string | undefined): number {
  const seconds = Number(retryAfter);
  if (retryAfter !== undefined && Number.isFinite(seconds))
    return Math.min(Math.max(seconds, 0) * 1_000, retryAfterMsMax);
  return Math.min(backoffMsMax, 250 * 2 ** attempt) * (0.5 + Math.random() / 2);
}

async function attemptCall(server: Server, call: Call): Promise<Reply | Failure> {
  try {
    return await exchange(server, call);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    const words = error instanceof Error ? error.message : String(error);
    return new Failure(3, `no answer from ${server.url}${code}: ${words}`);
  }
}

function exchange(server: Server, call: Call): Promise<Reply> {
  const url = new URL(`${server.url}${call.path}`);
  const open = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = open(url, {
      method: call.method,
      timeout: call.idleTimeoutMs ?? idleTimeoutMs,
      headers: {
        authorization: `Bearer ${server.key}`,
        accept: "application/json",
        "user-agent": "plumbline-cli/0.1.0",
        ...(call.body && { "content-length": call.body.length }),
        ...call.headers,
      },
    });
    request.on("timeout", () => request.destroy(new Error("nothing was heard for too long")));
    request.on("error", reject);
    // A machine that is gone says nothing either; the system asks it.
    request.setSocketKeepAlive(true, keepAliveMs);
    request.on("finish", () => {
      if (call.answerTimeoutMs !== undefined) request.setTimeout(call.answerTimeoutMs);
      call.onSent?.();
    });
    request.on("response", (response) => {
      // An answer before the end of the body is a refusal: the rest need not be sent.
      call.stream?.unpipe(request);
      call.stream?.destroy();
      readAnswer(response).then((reply) => {
        resolve(reply);
        request.destroy();
      }, reject);
    });
    if (!call.stream) {
      request.end(call.body);
      return;
    }
    call.stream.on("error", (error) => request.destroy(error));
    call.stream.pipe(request);
  });
}

async function readAnswer(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += (chunk as Buffer).length;
    if (size > answerBytesMax) throw new Error("the answer is too large");
    chunks.push(chunk as Buffer);
  }
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers["retry-after"],
    text: Buffer.concat(chunks).toString(),
  };
}
