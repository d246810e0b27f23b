import { route } from "#lib/http/route.ts";
import { createActionItem } from "#lib/services/action-item/create-action-item.ts";
import { listActionItems } from "#lib/services/action-item/list-action-items.ts";

export const GET = route(listActionItems);
export const POST = route(createActionItem);
