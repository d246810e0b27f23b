import { Agent, request as send } from "undici";
import { AppError } from "#lib/domain/errors.ts";
import { importRequestTimeoutMs } from "#lib/domain/limits.ts";
import { handle } from "./handle.ts";
import { toNodeStream, toWebStream } from "./node-stream.ts";

const seconds = 1000;
/** A stalled client must not hold a connection for ever; `?ack=stored` may take a while. */
const agent = new Agent({
  connections: 128,
  connectTimeout: 2 * seconds,
  headersTimeout: 120 * seconds,
  bodyTimeout: 120 * seconds,
  keepAliveTimeout: 4 * seconds,
});

/** An answer of this size costs less whole than as a stream; that of a good batch is a line. */
const smallBytes = 64 * 1024;

/** What belongs to one hop, and the cookie, which is none of ingest's business. */
const notPassedOn = new Set([
  "connection",
  "cookie",
  "expect",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The data plane at the console's own address: on one machine there is one URL to know. Bodies are streamed both ways, status
 *  and headers stay as they are. The address comes from the environment, so nobody can point this anywhere else. */
export const passToIngest = handle("passToIngest", async ({ request, runtime, requestId }) => {
  const { pathname, search } = new URL(request.url);
  const headers = passedOn(request.headers);
  headers["x-request-id"] = requestId;
  const body = request.body === null ? null : toNodeStream(request.body);
  const answer = await send(new URL(`${pathname}${search}`, runtime.env.PLUMBLINE_INGEST_URL), {
    method: methodOf(request),
    headers,
    body,
    dispatcher: agent,
    // The rows of a baseline are stored before it is answered.
    ...(pathname === "/v1/baselines" ? { headersTimeout: 2 * importRequestTimeoutMs } : {}),
    signal: request.signal,
  }).catch((cause: unknown) => {
    body?.destroy();
    throw unavailable(cause);
  });
  const length = Number(answer.headers["content-length"] ?? Number.POSITIVE_INFINITY);
  const small = length <= smallBytes ? await answer.body.arrayBuffer() : null;
  return new Response(small ?? toWebStream(answer.body), {
    status: answer.statusCode,
    headers: passedOn(answer.headers),
  });
});

function passedOn(
  headers: Headers | Record<string, string | string[] | undefined>,
): Record<string, string> {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  const kept: Record<string, string> = {};
  for (const [name, value] of entries) {
    if (value === undefined || notPassedOn.has(name.toLowerCase())) continue;
    kept[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return kept;
}

function methodOf(request: Request): "GET" | "POST" | "PUT" | "DELETE" {
  switch (request.method) {
    case "GET":
    case "POST":
    case "PUT":
    case "DELETE":
      return request.method;
    default:
      throw new AppError("invalid_request", `${request.method} is not understood here.`);
  }
}

/** After the connection was there, nobody can tell whether the rows were taken: sent again with the same ids, they count once. */
function unavailable(cause: unknown): AppError {
  return new AppError(
    "unavailable",
    "The data plane does not answer. Send the same rows again, with the same ids: each counts once.",
    { retryAfterSeconds: 5, cause },
  );
}
