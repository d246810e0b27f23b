import { route } from "#lib/http/route.ts";
import { getFeatureSkew } from "#lib/services/skew/get-feature-skew.ts";

export const GET = route(getFeatureSkew);
