import { route } from "#lib/http/route.ts";
import { actOnIncident } from "#lib/services/incident/act-on-incident.ts";

export const POST = route(actOnIncident);
