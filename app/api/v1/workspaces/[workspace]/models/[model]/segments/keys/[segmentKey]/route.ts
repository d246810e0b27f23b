import { route } from "#lib/http/route.ts";
import { deleteSegmentKey } from "#lib/services/segment/delete-segment-key.ts";

export const DELETE = route(deleteSegmentKey);
