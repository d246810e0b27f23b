import { route } from "#lib/http/route.ts";
import { getFleet } from "#lib/services/fleet/get-fleet.ts";

export const GET = route(getFleet);
