import { route } from "#lib/http/route.ts";
import { listChangeEvents } from "#lib/services/change/list-change-events.ts";
import { recordChangeEvents } from "#lib/services/change/record-change-events.ts";

export const GET = route(listChangeEvents);
export const POST = route(recordChangeEvents);
