import { route } from "#lib/http/route.ts";
import { deleteOverride } from "#lib/services/schedule/delete-override.ts";

export const DELETE = route(deleteOverride);
