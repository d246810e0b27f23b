import { route } from "#lib/http/route.ts";
import { getIncidentHistory } from "#lib/services/incident/get-incident-history.ts";

export const GET = route(getIncidentHistory);
