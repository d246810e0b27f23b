import { route } from "#lib/http/route.ts";
import { testAction } from "#lib/services/action/test-action.ts";

export const POST = route(testAction);
