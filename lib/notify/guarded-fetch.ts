import { lookup as resolveName } from "node:dns";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { Agent, buildConnector } from "undici";
import { sendLimits } from "./limits.ts";
import { isRefusedAddress } from "./refuse-address.ts";

export interface GuardOptions {
  /** Host names and addresses in a private network that may be called all the same, and without TLS. */
  allowedHosts: readonly string[];
  timeoutMs?: number;
  /** Ends a message that takes more than one call. */
  signal?: AbortSignal;
}

export interface OutgoingRequest {
  url: string;
  method?: "POST" | "GET" | "PUT" | "PATCH";
  headers: Record<string, string>;
  body?: string;
}

/** What came of a call: an answer of any status, or none. */
export type CallResult =
  | { kind: "answer"; status: number; retryAfter: string | null; body: string }
  | {
      kind: "failure";
      /** `refused`: by us, before anything was sent. */
      failure: "refused" | "network" | "timeout";
      /** Nobody knows whether the receiver has it. */
      isOutcomeUnknown: boolean;
      message: string;
    };

/** Calls an address that a user typed. The address is checked where the connection is made, so that no name can point elsewhere
 *  a moment later; redirects are not followed, and both time and answer are bounded. Never throws. */
export async function guardedFetch(
  request: OutgoingRequest,
  { allowedHosts, timeoutMs = sendLimits.timeoutMs, signal }: GuardOptions,
): Promise<CallResult> {
  const refusal = refuseUrl(request.url, allowedHosts);
  if (refusal !== null) return failed("refused", false, refusal);
  const url = new URL(request.url);
  const state = { isConnected: false };
  const agent = createAgent(isAllowed(hostOf(url), allowedHosts), state);
  const signals = [AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])];
  const deadline = AbortSignal.any(signals);
  try {
    const answer = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method ?? "POST",
      headers: { "user-agent": "Plumbline", ...request.headers },
      body: request.body ?? null,
      signal: deadline,
    });
    const { "retry-after": retryAfter } = answer.headers;
    return {
      kind: "answer",
      status: answer.statusCode,
      retryAfter: typeof retryAfter === "string" ? retryAfter : null,
      body: await readBounded(answer.body),
    };
  } catch (error) {
    if (error instanceof RefusedAddress) return failed("refused", false, error.message);
    if (deadline.aborted) return failed("timeout", state.isConnected, "No answer in time.");
    return failed("network", state.isConnected, sayError(error));
  } finally {
    // Nothing is kept open: a call a second needs no pool, and a stalled one must not outlive its deadline.
    void agent.destroy();
  }
}

/** Why an address can't be called whatever it resolves to; null where it can. */
export function refuseUrl(text: string, allowedHosts: readonly string[]): string | null {
  if (!URL.canParse(text)) return "This is no address.";
  const url = new URL(text);
  const host = hostOf(url);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return `${url.protocol.slice(0, -1)} is not called; use https.`;
  if (isAllowed(host, allowedHosts)) return null;
  if (url.protocol === "http:")
    return `${host} is not called without TLS; use https, or have the host allowed.`;
  if (isIP(host) !== 0 && isRefusedAddress(host)) return refusalOf(host);
  return null;
}

class RefusedAddress extends Error {}

const refusalOf = (host: string) => `${host} is in a private network, which is not called.`;
const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, "").toLowerCase();
const isAllowed = (host: string, allowed: readonly string[]) =>
  allowed.some((each) => each.toLowerCase() === host);

function failed(
  failure: "refused" | "network" | "timeout",
  isOutcomeUnknown: boolean,
  message: string,
): CallResult {
  return { kind: "failure", failure, isOutcomeUnknown, message };
}

function createAgent(isHostAllowed: boolean, state: { isConnected: boolean }): Agent {
  const connect = buildConnector({
    timeout: sendLimits.connectTimeoutMs,
    lookup: isHostAllowed ? undefined : lookupPublic,
  });
  return new Agent({
    connections: 1,
    connect(options, callback) {
      connect(options, (...outcome) => {
        if (outcome[0] === null) state.isConnected = true;
        callback(...outcome);
      });
    },
  });
}

/** The addresses of a name, if every one of them is public: the connection goes to one of these and is not looked up again. */
const lookupPublic: LookupFunction = (hostname, options, callback) => {
  resolveName(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, "");
    if (found.length === 0 || found.some(({ address }) => isRefusedAddress(address)))
      return callback(new RefusedAddress(refusalOf(hostname)), "");
    const [first] = found;
    if (options.all === true || first === undefined) return callback(null, found);
    return callback(null, first.address, first.family);
  });
};

export type Resolved =
  | { kind: "address"; address: string }
  | { kind: "refused"; message: string }
  | { kind: "unresolved"; message: string };

/** Where to connect to for what does not speak HTTP, under the same rule. */
export function resolvePublic(host: string, allowedHosts: readonly string[]): Promise<Resolved> {
  const isHostAllowed = isAllowed(host.toLowerCase(), allowedHosts);
  return new Promise((resolve) => {
    resolveName(host, { all: true }, (error, found) => {
      const [first] = found ?? [];
      if (error !== null || first === undefined)
        return resolve({ kind: "unresolved", message: "The name does not resolve." });
      if (!isHostAllowed && found.some(({ address }) => isRefusedAddress(address)))
        return resolve({ kind: "refused", message: refusalOf(host) });
      return resolve({ kind: "address", address: first.address });
    });
  });
}

async function readBounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let left: number = sendLimits.answerBytesMax;
  for await (const chunk of body) {
    chunks.push(chunk.subarray(0, left));
    left -= chunk.byteLength;
    if (left <= 0) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Codes and reasons only: a driver's message may quote the address, which may be a secret. */
function sayError(error: unknown): string {
  for (
    let link = error, depth = 0;
    link instanceof Error && depth < 5;
    link = link.cause, depth++
  ) {
    if (link instanceof RefusedAddress) return link.message;
    if ("code" in link && typeof link.code === "string") return reasonOf(link.code);
  }
  return "The connection failed.";
}

const reasons: Record<string, string> = {
  ECONNREFUSED: "The connection was refused.",
  ECONNRESET: "The connection was reset.",
  EPIPE: "The connection was reset.",
  ENOTFOUND: "The name does not resolve.",
  EAI_AGAIN: "The name does not resolve just now.",
  UND_ERR_CONNECT_TIMEOUT: "No connection in time.",
  UND_ERR_SOCKET: "The connection was closed before the answer.",
};

function reasonOf(code: string): string {
  return reasons[code] ?? `The connection failed (${code}).`;
}
