import { route } from "#lib/http/route.ts";
import { updateAttribute } from "#lib/services/fairness/update-attribute.ts";

export const PATCH = route(updateAttribute);
