import type { Runtime } from "#lib/runtime.ts";
import { getRuntime } from "#lib/runtime.ts";
import { answerProblem } from "./answer.ts";
import { observeRequest } from "./metrics.ts";
import { requestIdOf } from "./request-id.ts";

/** What Next hands a route handler beside the request. */
export interface RouteContext {
  params: Promise<Record<string, string | string[] | undefined> | undefined>;
}

export interface Handled {
  request: Request;
  params: Record<string, string>;
  runtime: Runtime;
  requestId: string;
}

/** Around every handler: an id, failures as problems, and a measured time. */
export function handle(name: string, answer: (handled: Handled) => Promise<Response>) {
  return async (request: Request, context: RouteContext): Promise<Response> => {
    const startedMs = performance.now();
    const runtime = getRuntime();
    const requestId = requestIdOf(request);
    const response = await answerOrProblem();
    observeRequest(name, request.method, response.status, performance.now() - startedMs);
    return response;

    async function answerOrProblem(): Promise<Response> {
      try {
        const params = singleParams(await context.params);
        return await answer({ request, params, runtime, requestId });
      } catch (error) {
        // Nobody waits for this answer any more, and what broke off with it is no failure of ours.
        if (request.signal.aborted) return new Response(null, { status: 499 });
        return answerProblem(error, requestId, runtime.log);
      }
    }
  };
}

function singleParams(params: Awaited<RouteContext["params"]>): Record<string, string> {
  const single = Object.entries(params ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(single);
}
