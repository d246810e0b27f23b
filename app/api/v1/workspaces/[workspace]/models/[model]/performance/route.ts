import { route } from "#lib/http/route.ts";
import { getPerformance } from "#lib/services/performance/get-performance.ts";

export const GET = route(getPerformance);
