import { route } from "#lib/http/route.ts";
import { getWorstSegments } from "#lib/services/segment/get-worst-segments.ts";

export const GET = route(getWorstSegments);
