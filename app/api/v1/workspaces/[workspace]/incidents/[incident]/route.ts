import { route } from "#lib/http/route.ts";
import { getIncident } from "#lib/services/incident/get-incident.ts";
import { updateIncident } from "#lib/services/incident/update-incident.ts";

export const GET = route(getIncident);
export const PATCH = route(updateIncident);
