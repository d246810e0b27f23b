import { route } from "#lib/http/route.ts";
import { deleteSlo } from "#lib/services/slo/delete-slo.ts";
import { getSlo } from "#lib/services/slo/get-slo.ts";
import { updateSlo } from "#lib/services/slo/update-slo.ts";

export const GET = route(getSlo);
export const PATCH = route(updateSlo);
export const DELETE = route(deleteSlo);
