import { route } from "#lib/http/route.ts";
import { getRepeats } from "#lib/services/quality/get-repeats.ts";

export const GET = route(getRepeats);
