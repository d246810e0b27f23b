import { route } from "#lib/http/route.ts";
import { getWorkspace } from "#lib/services/workspace/get-workspace.ts";
import { updateWorkspace } from "#lib/services/workspace/update-workspace.ts";

export const GET = route(getWorkspace);
export const PATCH = route(updateWorkspace);
