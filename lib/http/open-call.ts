import { AppError } from "#lib/domain/errors.ts";
import type { CallContext } from "#lib/services/context.ts";
import { openWorkspace } from "#lib/services/workspace/open-workspace.ts";
import { getIdentity } from "./authenticate.ts";
import type { Handled } from "./handle.ts";

/** Who asks, and in which workspace: what every service of a workspace is called with. */
export async function openCall({ request, params, runtime }: Handled): Promise<CallContext> {
  const slug = params.workspace;
  if (slug === undefined) throw new AppError("not_found", "No workspace is named.");
  const now = runtime.now();
  const identity = await getIdentity(request);
  const opened = await openWorkspace(runtime.postgres, identity, slug, now);
  const { postgres, clickhouse, publicUrl, outgoing } = runtime;
  return { postgres, clickhouse, publicUrl, outgoing, ...opened, now, signal: request.signal };
}
