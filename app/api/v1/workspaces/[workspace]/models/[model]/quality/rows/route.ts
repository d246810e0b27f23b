import { route } from "#lib/http/route.ts";
import { listBadRows } from "#lib/services/quality/list-bad-rows.ts";

export const GET = route(listBadRows);
