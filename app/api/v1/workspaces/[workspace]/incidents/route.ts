import { route } from "#lib/http/route.ts";
import { createIncident } from "#lib/services/incident/create-incident.ts";
import { listIncidents } from "#lib/services/incident/list-incidents.ts";

export const GET = route(listIncidents);
export const POST = route(createIncident);
