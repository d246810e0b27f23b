import { route } from "#lib/http/route.ts";
import { getFreshness } from "#lib/services/freshness/get-freshness.ts";

export const GET = route(getFreshness);
