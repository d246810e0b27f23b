import { route } from "#lib/http/route.ts";
import { updateFreshnessObjective } from "#lib/services/freshness/update-freshness-objective.ts";

export const PATCH = route(updateFreshnessObjective);
