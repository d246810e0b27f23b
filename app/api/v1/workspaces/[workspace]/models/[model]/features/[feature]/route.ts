import { route } from "#lib/http/route.ts";
import { updateFeature } from "#lib/services/model/update-feature.ts";

export const PATCH = route(updateFeature);
