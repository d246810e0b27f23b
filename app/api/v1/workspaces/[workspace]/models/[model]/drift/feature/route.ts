import { route } from "#lib/http/route.ts";
import { getFeatureDrift } from "#lib/services/drift/get-feature-drift.ts";

export const GET = route(getFeatureDrift);
