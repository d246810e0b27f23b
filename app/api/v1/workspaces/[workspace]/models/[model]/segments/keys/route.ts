import { route } from "#lib/http/route.ts";
import { createSegmentKey } from "#lib/services/segment/create-segment-key.ts";
import { listSegmentKeys } from "#lib/services/segment/list-segment-keys.ts";

export const GET = route(listSegmentKeys);
export const POST = route(createSegmentKey);
