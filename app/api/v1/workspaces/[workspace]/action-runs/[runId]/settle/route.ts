import { route } from "#lib/http/route.ts";
import { settleRun } from "#lib/services/action/settle-run.ts";

export const POST = route(settleRun);
