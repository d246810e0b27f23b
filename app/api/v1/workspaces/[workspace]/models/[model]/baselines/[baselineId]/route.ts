import { route } from "#lib/http/route.ts";
import { deleteBaseline } from "#lib/services/baseline/delete-baseline.ts";

export const DELETE = route(deleteBaseline);
