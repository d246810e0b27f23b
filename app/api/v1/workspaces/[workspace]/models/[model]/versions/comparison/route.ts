import { route } from "#lib/http/route.ts";
import { getVersionComparison } from "#lib/services/version/get-version-comparison.ts";

export const GET = route(getVersionComparison);
