import type { z } from "zod";
import type { Service } from "#lib/services/define-service.ts";
import { answerJson } from "./answer.ts";
import { assertStorable } from "./assert-storable.ts";
import { handle } from "./handle.ts";
import { openCall } from "./open-call.ts";
import { readJsonBody } from "./read-json-body.ts";

/** A service of a workspace as a route handler: who asks, in which workspace, with what; then the service's word. */
export function route<I extends z.ZodType, O extends z.ZodType>(service: Service<I, O>) {
  return handle(service.name, async (handled) => {
    const call = await openCall(handled);
    const { workspace: _, ...path } = handled.params;
    const output = await service.call(call, await readInput(handled.request, path));
    return answerJson(output, handled.requestId);
  });
}

/** One object for the schema: what the path names can't be overruled by a query or a body. */
export async function readInput(
  request: Request,
  path: Record<string, string>,
): Promise<Record<string, unknown>> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const body = hasBody ? await readJsonBody(request) : {};
  const input = { ...query, ...body, ...path };
  assertStorable(input);
  return input;
}
