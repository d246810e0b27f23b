import { route } from "#lib/http/route.ts";
import { createOverride } from "#lib/services/schedule/create-override.ts";

export const POST = route(createOverride);
