import { route } from "#lib/http/route.ts";
import { decideRun } from "#lib/services/action/decide-run.ts";

export const POST = route(decideRun);
