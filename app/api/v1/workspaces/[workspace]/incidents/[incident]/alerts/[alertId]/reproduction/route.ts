import { route } from "#lib/http/route.ts";
import { reproduceEvidence } from "#lib/services/incident/reproduce-evidence.ts";

export const GET = route(reproduceEvidence);
