import { route } from "#lib/http/route.ts";
import { testActionItem } from "#lib/services/action-item/test-action-item.ts";

export const POST = route(testActionItem);
