import { route } from "#lib/http/route.ts";
import { deleteAction } from "#lib/services/action/delete-action.ts";
import { updateAction } from "#lib/services/action/update-action.ts";

export const PATCH = route(updateAction);
export const DELETE = route(deleteAction);
