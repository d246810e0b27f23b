import { route } from "#lib/http/route.ts";
import { getRun } from "#lib/services/action/get-run.ts";

export const GET = route(getRun);
