import { accountRoute } from "#lib/http/account-route.ts";
import { createWorkspace } from "#lib/services/workspace/create-workspace.ts";

export const POST = accountRoute(createWorkspace);
