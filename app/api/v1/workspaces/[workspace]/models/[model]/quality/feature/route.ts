import { route } from "#lib/http/route.ts";
import { getFeatureQuality } from "#lib/services/quality/get-feature-quality.ts";

export const GET = route(getFeatureQuality);
