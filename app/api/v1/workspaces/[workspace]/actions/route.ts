import { route } from "#lib/http/route.ts";
import { createAction } from "#lib/services/action/create-action.ts";
import { listActions } from "#lib/services/action/list-actions.ts";

export const GET = route(listActions);
export const POST = route(createAction);
