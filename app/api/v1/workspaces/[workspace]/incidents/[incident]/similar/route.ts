import { route } from "#lib/http/route.ts";
import { listSimilarIncidents } from "#lib/services/incident/list-similar-incidents.ts";

export const GET = route(listSimilarIncidents);
