import type { Logger } from "#lib/log.ts";
import { toProblem } from "./to-problem.ts";

/** An answer of the API is data: should a browser ever open one as a page, nothing in it may run. */
const safeHeaders = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
};

export function answerJson(body: unknown, requestId: string, status = 200): Response {
  const headers = { ...safeHeaders, "x-request-id": requestId };
  if (body === undefined) return new Response(null, { status: 204, headers });
  return Response.json(body, { status, headers });
}

export function answerProblem(error: unknown, requestId: string, log: Logger): Response {
  const { status, headers, problem, cause } = toProblem(error, requestId);
  if (cause !== undefined)
    log.error({ err: cause, requestId, code: problem.code }, "request failed");
  return Response.json(problem, { status, headers: { ...safeHeaders, ...headers } });
}
