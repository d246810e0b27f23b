import { route } from "#lib/http/route.ts";
import { updateBusinessValue } from "#lib/services/performance/update-business-value.ts";

export const PATCH = route(updateBusinessValue);
