import { route } from "#lib/http/route.ts";
import { runAcceptanceTests } from "#lib/services/action-item/run-acceptance-tests.ts";

export const POST = route(runAcceptanceTests);
