import { route } from "#lib/http/route.ts";
import { getActionItem } from "#lib/services/action-item/get-action-item.ts";
import { updateActionItem } from "#lib/services/action-item/update-action-item.ts";

export const GET = route(getActionItem);
export const PATCH = route(updateActionItem);
