import { route } from "#lib/http/route.ts";
import { listSegments } from "#lib/services/segment/list-segments.ts";

export const GET = route(listSegments);
