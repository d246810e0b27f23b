import { route } from "#lib/http/route.ts";
import { getInsights } from "#lib/services/insight/get-insights.ts";

export const GET = route(getInsights);
