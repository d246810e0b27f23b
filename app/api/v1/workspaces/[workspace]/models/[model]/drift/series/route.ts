import { route } from "#lib/http/route.ts";
import { getDriftSeries } from "#lib/services/drift/get-drift-series.ts";

export const GET = route(getDriftSeries);
