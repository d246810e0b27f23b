import { route } from "#lib/http/route.ts";
import { createSlo } from "#lib/services/slo/create-slo.ts";
import { listSlos } from "#lib/services/slo/list-slos.ts";

export const GET = route(listSlos);
export const POST = route(createSlo);
