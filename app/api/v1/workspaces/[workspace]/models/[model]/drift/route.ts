import { route } from "#lib/http/route.ts";
import { getDrift } from "#lib/services/drift/get-drift.ts";

export const GET = route(getDrift);
