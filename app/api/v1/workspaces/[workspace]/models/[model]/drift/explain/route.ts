import { route } from "#lib/http/route.ts";
import { explainDrift } from "#lib/services/drift/explain-drift.ts";

export const GET = route(explainDrift);
