import { route } from "#lib/http/route.ts";
import { getLabelDelay } from "#lib/services/freshness/get-label-delay.ts";

export const GET = route(getLabelDelay);
