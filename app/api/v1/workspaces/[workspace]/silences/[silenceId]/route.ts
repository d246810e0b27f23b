import { route } from "#lib/http/route.ts";
import { expireSilence } from "#lib/services/silence/expire-silence.ts";
import { getSilence } from "#lib/services/silence/get-silence.ts";
import { updateSilence } from "#lib/services/silence/update-silence.ts";

export const GET = route(getSilence);
export const PATCH = route(updateSilence);
export const DELETE = route(expireSilence);
