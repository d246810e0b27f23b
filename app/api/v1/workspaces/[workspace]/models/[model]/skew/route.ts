import { route } from "#lib/http/route.ts";
import { getSkew } from "#lib/services/skew/get-skew.ts";

export const GET = route(getSkew);
