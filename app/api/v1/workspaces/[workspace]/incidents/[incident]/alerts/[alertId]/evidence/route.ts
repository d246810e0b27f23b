import { route } from "#lib/http/route.ts";
import { getEvidence } from "#lib/services/incident/get-evidence.ts";

export const GET = route(getEvidence);
