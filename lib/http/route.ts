import type { z } from "zod";
import { AppError } from "#lib/domain/errors.ts";
import type { Service } from "#lib/services/define-service.ts";
import { openWorkspace } from "#lib/services/workspace/open-workspace.ts";
import { answerJson } from "./answer.ts";
import { getIdentity } from "./authenticate.ts";
import { handle } from "./handle.ts";
import { readJsonBody } from "./read-json-body.ts";

/** A service of a workspace as a route handler: who asks, in which workspace, with what; then the service's word. */
export function route<I extends z.ZodType, O extends z.ZodType>(service: Service<I, O>) {
  return handle(service.name, async ({ request, params, runtime, requestId }) => {
    const { workspace: slug, ...path } = params;
    if (slug === undefined) throw new AppError("not_found", "No workspace is named.");
    const now = runtime.now();
    const identity = await getIdentity(request);
    const opened = await openWorkspace(runtime.postgres, identity, slug, now);
    const { postgres, clickhouse, publicUrl } = runtime;
    const call = { postgres, clickhouse, publicUrl, ...opened, now, signal: request.signal };
    const output = await service.call(call, await readInput(request, path));
    return answerJson(output, requestId);
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
  return { ...query, ...body, ...path };
}
