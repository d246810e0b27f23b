import { route } from "#lib/http/route.ts";
import { suggestSegmentKeys } from "#lib/services/segment/suggest-segment-keys.ts";

export const GET = route(suggestSegmentKeys);
