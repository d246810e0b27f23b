import { route } from "#lib/http/route.ts";
import { getCauses } from "#lib/services/cause/get-causes.ts";

export const GET = route(getCauses);
