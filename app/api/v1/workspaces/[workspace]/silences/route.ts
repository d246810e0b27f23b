import { route } from "#lib/http/route.ts";
import { createSilence } from "#lib/services/silence/create-silence.ts";
import { listSilences } from "#lib/services/silence/list-silences.ts";

export const GET = route(listSilences);
export const POST = route(createSilence);
