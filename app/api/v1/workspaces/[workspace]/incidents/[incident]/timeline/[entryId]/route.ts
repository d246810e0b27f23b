import { route } from "#lib/http/route.ts";
import { updateEntry } from "#lib/services/timeline/update-entry.ts";

export const PATCH = route(updateEntry);
